using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon.Autoscaling;
using Orchestrator.Core.Marathon.Deployments;
using Orchestrator.Core.Marathon.Instances;
using Orchestrator.Core.Marathon.Launching;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Core.Marathon;

/// <summary>One app with what runs of it.</summary>
internal sealed class AppState(AppDefinition definition)
{
    /// <summary>Newest unused offers that are kept, one for each agent.</summary>
    public const int MaxUnusedOffers = 50;

    private IReadOnlyList<DateTimeOffset>? _versionList;
    private IReadOnlyDictionary<DateTimeOffset, AppDefinition>? _versionMap;

    public string Id { get; } = definition.Id;

    /// <summary>What was asked for last.</summary>
    public AppDefinition Definition { get; set; } = definition;

    /// <summary>What is brought about now: a step of a deployment may still be ahead of it.</summary>
    public AppDefinition Driven
    {
        get;
        set
        {
            field = value;
            Relook();
        }
    } = definition;

    /// <summary>The configuration of the last deployment that succeeded; null before the first.</summary>
    public DateTimeOffset? GoodVersion { get; set; }

    /// <summary>Which of its instances carry the traffic while it has blue-green upgrades.</summary>
    public Colour ActiveColour { get; set; }

    /// <summary>The command before a deployment as an app of its own, while it runs; null otherwise.</summary>
    public AppState? Hook { get; set; }

    /// <summary>How that command ended; null before.</summary>
    public Condition? HookOutcome { get; set; }

    /// <summary>The app whose command before a deployment this is; null for apps.</summary>
    public AppState? Owner { get; init; }

    /// <summary>Deleted; kept until its last instance has ended.</summary>
    public bool IsRemoved { get; set; }

    /// <summary>What a deployment does to it now; null when none does.</summary>
    public RunningAction? Action
    {
        get;
        set
        {
            field = value;
            Relook();
        }
    }

    /// <summary>Waits to be looked at in this turn.</summary>
    public bool IsUnsettled { get; set; }

    /// <summary>Earlier and current configurations; change them through <see cref="Keep"/> and <see cref="Drop"/>.</summary>
    public SortedDictionary<DateTimeOffset, AppDefinition> Versions { get; } = [];

    /// <summary>Oldest first.</summary>
    public List<InstanceState> Instances { get; } = [];

    /// <summary>Those that wait for an offer.</summary>
    public List<InstanceState> Waiting { get; } = [];

    /// <summary>The machines that placement rules count: of instances of the driven configuration that are there.</summary>
    public IEnumerable<IReadOnlyDictionary<string, string>> Placed =>
        Instances.Where(instance => instance.IsActive && instance.Counts && instance.Spec.LastConfigChangeAt >= Driven.LastConfigChangeAt).Select(instance => instance.Attributes);

    public Backoff Backoff { get; } = new();

    public TaskFailureView? LastFailure { get; set; }

    public HashSet<string> DeploymentIds { get; } = [];

    /// <summary>Since when something waits to be launched; null when nothing does.</summary>
    public DateTimeOffset? WaitingSince { get; set; }

    /// <summary>A launch had to wait for the end of a delay when this was last looked at.</summary>
    public bool IsDelayed { get; set; }

    public int ProcessedOffers { get; set; }

    public int UnusedOffers { get; set; }

    public DateTimeOffset? LastUnusedOfferAt { get; set; }

    public DateTimeOffset? LastUsedOfferAt { get; set; }

    /// <summary>Why the last offer of each agent was not used.</summary>
    public Dictionary<string, UnusedOfferView> Unused { get; } = [];

    /// <summary>What its autoscaler knows; null when it has none, or nothing was measured yet.</summary>
    public ScalingState? Scaling { get; set; }

    /// <summary>The view of the last snapshot; null when something changed since.</summary>
    public AppView? View { get; set; }

    /// <summary>Adds a configuration to the versions.</summary>
    public void Keep(AppDefinition version)
    {
        Versions[version.Version] = version;
        (_versionList, _versionMap) = (null, null);
    }

    /// <summary>Forgets a configuration.</summary>
    public void Drop(DateTimeOffset version)
    {
        Versions.Remove(version);
        (_versionList, _versionMap) = (null, null);
    }

    public AppView ToView() => View ??= new AppView
    {
        Id = Id,
        IsRemoved = IsRemoved,
        Definition = Definition,
        Versions = _versionList ??= [.. Versions.Keys.Reverse()],
        Definitions = _versionMap ??= Versions.ToDictionary(),
        Instances = [.. Instances.Select(instance => instance.ToView())],
        DeploymentIds = [.. DeploymentIds],
        TasksStaged = Instances.Count(instance => instance.Condition is Condition.Provisioned or Condition.Staging or Condition.Starting),
        TasksRunning = Instances.Count(instance => instance.Condition == Condition.Running),
        TasksHealthy = Instances.Count(instance => instance is { Condition: Condition.Running, Healthy: true }),
        TasksUnhealthy = Instances.Count(instance => instance is { Condition: Condition.Running, Healthy: false }),
        LastTaskFailure = LastFailure,
        Autoscaling = Scaling?.ToView(),
        Queue = WaitingSince is { } since ? QueueOf(since) : null,
    };

    /// <summary>Starts or ends the record of what waits.</summary>
    public void NoteWaiting(DateTimeOffset now)
    {
        if (Waiting.Count > 0)
        {
            WaitingSince ??= now;
        }
        else if (WaitingSince is not null)
        {
            WaitingSince = null;
            (ProcessedOffers, UnusedOffers, LastUnusedOfferAt, LastUsedOfferAt) = (0, 0, null, null);
            Unused.Clear();
        }
    }

    /// <summary>Views of all instances are out of date.</summary>
    public void Relook()
    {
        foreach (var instance in Instances)
        {
            instance.Changed();
        }
    }

    private QueueView QueueOf(DateTimeOffset since) => new()
    {
        Count = Waiting.Count,
        Since = since,
        DelayedUntil = Backoff.Until,
        ProcessedOffers = ProcessedOffers,
        UnusedOffers = UnusedOffers,
        LastUnusedOfferAt = LastUnusedOfferAt,
        LastUsedOfferAt = LastUsedOfferAt,
        LastUnusedOffers = [.. Unused.Values],
        Definition = Driven,
        Placed = Driven.Constraints.Count == 0 ? [] : [.. Placed],
    };
}
