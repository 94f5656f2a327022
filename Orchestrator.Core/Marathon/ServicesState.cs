using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Marathon.Daemons;
using Orchestrator.Core.Marathon.Deployments;
using Orchestrator.Core.Marathon.Groups;
using Orchestrator.Core.Marathon.Instances;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Core.Marathon;

/// <summary>The tables of the services engine and what all its parts share: indexes, ids, versions, what changed this turn.</summary>
internal sealed class ServicesState(MarathonOptions options, DateTimeOffset startedAt)
{
    /// <summary>Reservations that are waited for; those beyond are found by whatever offer shows them.</summary>
    public const int MaxReleased = 10_000;

    private readonly Dictionary<int, int> _servicePorts = [];
    private DateTimeOffset _lastVersion;
    private int _lowestFree;

    public MarathonOptions Options => options;

    /// <summary>Another seed at each start: ids from before a restart do not come again.</summary>
    public SeededRandom Random { get; } = new(options.Seed ^ (ulong)startedAt.UtcTicks);

    /// <summary>The agents that apps with an instance on every agent follow.</summary>
    public DaemonAgents Daemons { get; } = new();

    public string? FrameworkId { get; set; }

    public bool Connected { get; set; }

    public Dictionary<string, AppState> Apps { get; } = new(StringComparer.Ordinal);

    /// <summary>Ids of all apps in the order of readers; also finds what stands below a path.</summary>
    public SortedSet<string> AppIds { get; } = new(StringComparer.Ordinal);

    /// <summary>The groups that the apps are in.</summary>
    public GroupTree Tree { get; } = new();

    /// <summary>How the tree came to be what it is.</summary>
    public TreeHistory TreeHistory { get; } = new(options.MaxVersions);

    public Dictionary<string, InstanceState> Instances { get; } = new(StringComparer.Ordinal);

    /// <summary>By the id of the task that an instance has now; earlier incarnations are not known any more.</summary>
    public Dictionary<string, InstanceState> Tasks { get; } = new(StringComparer.Ordinal);

    /// <summary>Deployments that ended, newest first.</summary>
    public IReadOnlyList<DeploymentOutcomeView> History { get; set; } = [];

    /// <summary>Running deployments, oldest first.</summary>
    public List<DeploymentState> Deployments { get; } = [];

    /// <summary>Launched and not yet running: looked at for tasks that are overdue.</summary>
    public HashSet<InstanceState> Launching { get; } = [];

    /// <summary>Cannot be reached: looked at for those that are to be replaced or forgotten.</summary>
    public HashSet<InstanceState> Unreachable { get; } = [];

    /// <summary>Not heard of since this start or since their launch.</summary>
    public HashSet<InstanceState> Unconfirmed { get; } = [];

    /// <summary>Apps of which an instance waits for an offer.</summary>
    public HashSet<AppState> Waiting { get; } = [];

    /// <summary>Apps whose number of instances follows their load, or did until a moment ago.</summary>
    public HashSet<AppState> Autoscaled { get; } = [];

    /// <summary>
    /// Forgotten instances whose reservations were not seen in an offer yet, with the agents that have them. After a restart they are
    /// found by the offers that come with the subscription.
    /// </summary>
    public Dictionary<string, string> Released { get; } = new(StringComparer.Ordinal);

    /// <summary>Something may be placed that could not be before: offers are wanted.</summary>
    public bool WantsOffers { get; set; }

    /// <summary>Apps whose views are out of date.</summary>
    public HashSet<AppState> Changed { get; } = [];

    /// <summary>Apps that may need something done, in the order in which that was found.</summary>
    public Queue<AppState> Unsettled { get; } = new();

    /// <summary>Ids of apps that came or went since the last snapshot, in the order of readers.</summary>
    public SortedSet<string> CameOrWent { get; } = new(StringComparer.Ordinal);

    /// <summary>Groups came, went or changed since the last snapshot.</summary>
    public bool GroupsChanged { get; set; } = true;

    /// <summary>Deployments or the connection changed since the last snapshot.</summary>
    public bool ListsChanged { get; set; } = true;

    /// <summary>The app with this id unless it is deleted.</summary>
    public AppState? Find(string id) => Apps.TryGetValue(id, out var app) && !app.IsRemoved ? app : null;

    /// <summary>Ids of the apps below a group, but those that are deleted.</summary>
    public IEnumerable<string> IdsBelow(string group) =>
        (group == "/" ? AppIds : AppIds.GetViewBetween(group + "/", group + "/\uffff")).Where(id => Find(id) is not null);

    /// <summary>Its view is out of date.</summary>
    public void Show(AppState app)
    {
        app = app.Owner ?? app;
        app.View = null;
        Changed.Add(app);
    }

    /// <summary>What an agent keeps for an instance is not needed any more.</summary>
    public void Release(string instanceId, string agentId)
    {
        if (Released.Count < MaxReleased)
        {
            Released[instanceId] = agentId;
        }

        WantsOffers = true;
    }

    /// <summary>Its view is out of date, and something may have to be done about it.</summary>
    public void Touch(AppState app)
    {
        app = app.Owner ?? app;
        Show(app);
        if (app.Definition.Autoscaling is not null || app.Scaling is not null)
        {
            Autoscaled.Add(app);
        }

        if (!app.IsUnsettled)
        {
            app.IsUnsettled = true;
            Unsettled.Enqueue(app);
        }
    }

    /// <summary>A version that no other has: the time in milliseconds, or a little later.</summary>
    public DateTimeOffset NextVersion(DateTimeOffset now)
    {
        var version = Timestamps.Cut(now);
        return _lastVersion = version > _lastVersion ? version : _lastVersion.AddMilliseconds(1);
    }

    /// <summary>Versions from before a restart do not come again.</summary>
    public void NoteVersion(DateTimeOffset version) => _lastVersion = version > _lastVersion ? version : _lastVersion;

    /// <summary>Whether an app uses the service port.</summary>
    public bool IsServicePortTaken(int port) => _servicePorts.ContainsKey(port);

    /// <summary>The lowest service port that no app uses: found by going on from the last one found.</summary>
    public int LowestFreeServicePort()
    {
        _lowestFree = Math.Max(_lowestFree, options.LocalPortMin);
        while (_servicePorts.ContainsKey(_lowestFree))
        {
            _lowestFree++;
        }

        return _lowestFree;
    }

    /// <summary>Keeps the service ports in step with what is asked for.</summary>
    public void CountServicePorts(AppDefinition? before, AppDefinition? after)
    {
        foreach (var port in before?.Ports ?? [])
        {
            if (_servicePorts.TryGetValue(port.Service, out var count) && count > 1)
            {
                _servicePorts[port.Service] = count - 1;
            }
            else
            {
                _servicePorts.Remove(port.Service);
                _lowestFree = Math.Min(_lowestFree, port.Service);
            }
        }

        foreach (var port in after?.Ports ?? [])
        {
            _servicePorts[port.Service] = _servicePorts.GetValueOrDefault(port.Service) + 1;
        }
    }

    /// <summary>Adds an app to the tables.</summary>
    public void Add(AppState app)
    {
        Apps.Add(app.Id, app);
        AppIds.Add(app.Id);
        CameOrWent.Add(app.Id);
    }
}
