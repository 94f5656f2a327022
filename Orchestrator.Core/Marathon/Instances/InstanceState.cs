using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon.Pods;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Core.Marathon.Instances;

/// <summary>One instance of an app. A failure keeps its id and raises the incarnation.</summary>
internal sealed class InstanceState(string id, AppState app, AppDefinition spec, DateTimeOffset createdAt)
{
    private InstanceView? _view;
    private string? _taskId;

    public string Id => id;

    public AppState App => app;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    /// <summary>The configuration that it runs.</summary>
    public AppDefinition Spec { get; set; } = spec;

    /// <summary>Counts the tasks it has had; 0 before the first.</summary>
    public int Incarnation
    {
        get;
        set => (field, _taskId) = (value, null);
    }

    public Condition Condition { get; set; } = Condition.Scheduled;

    public DateTimeOffset Since { get; set; } = createdAt;

    /// <summary>To be ended and forgotten.</summary>
    public bool IsDecommissioned { get; set; }

    /// <summary>What its agent keeps for it; null before its first task, and for apps without persistent volumes.</summary>
    public Reservation? Reservation { get; set; }

    /// <summary>Not wanted now, but kept with its data: it is the first to come back when another instance is wanted.</summary>
    public bool IsStopped { get; set; }

    /// <summary>Stopped, and its task has ended.</summary>
    public bool IsParked => IsStopped && Condition == Condition.Scheduled;

    /// <summary>Its task is to end and not to be followed by another.</summary>
    public bool IsLeaving => IsDecommissioned || (IsStopped && !IsParked);

    /// <summary>Heard of since this host started: what was restored is not acted on before.</summary>
    public bool IsConfirmed { get; set; } = true;

    /// <summary>Ran before this start, and no check has answered since: whether it is healthy is not known.</summary>
    public bool AwaitsHealth { get; set; }

    public string AgentId { get; set; } = "";

    public string Host { get; set; } = "";

    /// <summary>The agent as constraints see it: attributes, region, zone.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; set; } = new Dictionary<string, string>();

    public IReadOnlyList<int> Ports { get; set; } = [];

    public IReadOnlyList<string> IpAddresses { get; set; } = [];

    public DateTimeOffset? StagedAt { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>Its number among the instances of the app: kept through relaunches, taken over by a replacement.</summary>
    public int Ordinal { get; set; }

    /// <summary>Which set it belongs to.</summary>
    public Colour Colour { get; init; }

    /// <summary>Since when it takes no traffic any more and waits to be killed; null when it does not.</summary>
    public DateTimeOffset? DrainingSince { get; set; }

    /// <summary>Was ready; asked during deployments only.</summary>
    public bool WasReady { get; set; }

    /// <summary>What it last answered when it was asked whether it is ready; null before.</summary>
    public ReadinessResultView? LastReadiness { get; set; }

    /// <summary>A kill of its task is under way or queued.</summary>
    public bool IsBeingKilled { get; set; }

    /// <summary>Results by the index of the check; null before the first.</summary>
    public HealthState?[] Health { get; set; } = new HealthState?[spec.HealthChecks.Count];

    /// <summary>Its task; of a pod the first one.</summary>
    public string TaskId => _taskId ??= Incarnation == 0 ? "" : TaskIdOf(Spec.Pod is { } pod ? pod.Containers[0].Name : "_app");

    /// <summary>The containers of a pod since its launch; none for an app.</summary>
    public IReadOnlyList<PodTask> Containers { get; private set; } = [];

    /// <summary>All its tasks: one, or of a pod one for each container; none before the first launch.</summary>
    public IEnumerable<string> TaskIds => Incarnation == 0 ? [] : Spec.Pod is { } pod ? pod.Containers.Select(container => TaskIdOf(container.Name)) : [TaskId];

    /// <summary>Those of its tasks that have not ended.</summary>
    public IEnumerable<string> LiveTaskIds => Containers.Count == 0 ? TaskIds : Containers.Where(container => !Conditions.IsTerminal(container.Condition)).Select(container => TaskIdOf(container.Name));

    /// <summary>The task of a container in the current incarnation.</summary>
    public string TaskIdOf(string container) => $"{id}.{container}.{Incarnation}";

    /// <summary>It is launched anew: nothing is known of its containers.</summary>
    public void ResetContainers(DateTimeOffset now) =>
        Containers = [.. (Spec.Pod?.Containers ?? []).Select(container => new PodTask(container.Name, now))];

    /// <summary>Puts back what the journal holds of its containers.</summary>
    public void RestoreContainers(IReadOnlyList<Contract.Store.StoredContainer> stored) => Containers = [.. stored.Select(PodTask.Of)];

    /// <summary>Whether a task of it is or may be there.</summary>
    public bool IsActive => Conditions.IsActive(Condition);

    /// <summary>Counts towards the wanted number: to be kept, and not given up as unreachable.</summary>
    public bool Counts => !IsDecommissioned && !IsStopped && Condition != Condition.UnreachableInactive;

    /// <summary>True, false, or null before there is a result.</summary>
    public bool? Healthy
    {
        get
        {
            var any = false;
            foreach (var result in Health)
            {
                if (result is { Alive: false })
                {
                    return false;
                }

                any |= result is not null;
                if (result is null && Spec.Pod is not null)
                {
                    // A pod is healthy when all its containers are.
                    return null;
                }
            }

            return any ? true : null;
        }
    }

    /// <summary>Whether traffic is for it: always, but for the colour of a blue-green upgrade that does not have it.</summary>
    public bool CarriesTraffic => !app.Driven.UpgradeStrategy.IsBlueGreen || Colour == app.ActiveColour;

    /// <summary>Counts as healthy for deployments: known to run, not being drained, and alive by every check that answered; one must have if there are any.</summary>
    public bool IsHealthy => IsConfirmed && DrainingSince is null && Condition == Condition.Running && (Spec.HealthChecks.Count == 0 || Healthy == true);

    /// <summary>Whether it said that it is ready, or is never asked.</summary>
    public bool IsReady => WasReady || Spec.ReadinessChecks.Count == 0;

    /// <summary>Whether a deployment waits for it to be ready.</summary>
    public bool AwaitsReadiness => !IsReady && Condition == Condition.Running && !IsDecommissioned && app.Action is not null && Spec.LastConfigChangeAt == app.Driven.LastConfigChangeAt;

    /// <summary>Counts as done for deployments: healthy and ready.</summary>
    public bool Serves => IsHealthy && IsReady;

    /// <summary>Whether what is said of its health can be built on.</summary>
    public bool IsKnown => IsConfirmed && !AwaitsHealth;

    /// <summary>Known not to serve; not the same as nothing being known of it.</summary>
    public bool IsKnownUnhealthy => Condition != Condition.Running || Healthy == false;

    public string State => Condition switch
    {
        Condition.Scheduled or Condition.Provisioned => "TASK_STAGING",

        // Balancers take what runs, and leave out what is being killed or not there yet.
        Condition.Running when DrainingSince is not null => "TASK_KILLING",
        Condition.Running when !CarriesTraffic => "TASK_STARTING",
        Condition.UnreachableInactive => "TASK_UNREACHABLE",
        _ => "TASK_" + Condition.ToString().ToUpperInvariant(),
    };

    /// <summary>The view of the last snapshot is out of date.</summary>
    public void Changed() => _view = null;

    public InstanceView ToView() => _view ??= new InstanceView
    {
        Id = id,
        TaskId = TaskId,
        AppId = app.Id,
        Condition = Condition.ToString(),
        State = State,
        Host = Host,
        AgentId = AgentId,
        Ports = Ports,
        IpAddresses = IpAddresses,
        StagedAt = StagedAt,
        StartedAt = StartedAt,
        Version = Spec.Version,
        LocalVolumes = Reservation?.ToViews(app.Id) ?? [],
        Healthy = Healthy,
        Containers = [.. Containers.Select(container => container.ToView(this))],
        Ordinal = Ordinal,
        DrainsUntil = DrainingSince?.AddSeconds(Spec.DrainSeconds ?? 0),
        Colour = app.Driven.UpgradeStrategy.IsBlueGreen ? Colour.ToString().ToLowerInvariant() : null,
        CarriesTraffic = CarriesTraffic && DrainingSince is null,
        AwaitsReadiness = AwaitsReadiness,
        Readiness = app.Action is null ? null : LastReadiness,
        HealthResults = [.. Health.Where(result => result is not null).Select(result => result!.ToView(id))],
    };

    /// <summary>What the network of a task says of itself.</summary>
    public static IReadOnlyList<string> AddressesOf(TaskStatus status) =>
        [.. status.ContainerStatus?.NetworkInfos.SelectMany(network => network.IpAddresses).Select(address => address.IpAddress) ?? []];
}
