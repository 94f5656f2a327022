namespace Orchestrator.Core.Views.Services;

/// <summary>One instance of an app. Its id survives relaunches; its task ids carry the incarnation.</summary>
public sealed record InstanceView
{
    /// <summary>The containers of a pod; none for an app.</summary>
    public IReadOnlyList<PodTaskView> Containers { get; init; } = [];

    /// <summary>For example <c>shop_web.instance-0b4e….</c></summary>
    public required string Id { get; init; }

    /// <summary>For example <c>shop_web.instance-0b4e….​_app.1</c>; empty while it was never launched.</summary>
    public required string TaskId { get; init; }

    /// <summary>The app.</summary>
    public required string AppId { get; init; }

    /// <summary>Scheduled, Provisioned, Staging, Starting, Running, Killing, Unreachable, … as in <c>instance_changed_event</c>.</summary>
    public required string Condition { get; init; }

    /// <summary>The Mesos state, for example TASK_RUNNING; TASK_STAGING while scheduled or provisioned.</summary>
    public required string State { get; init; }

    /// <summary>Host name of its agent; empty while it waits.</summary>
    public required string Host { get; init; }

    /// <summary>Agent id; empty while it waits.</summary>
    public required string AgentId { get; init; }

    /// <summary>Host ports.</summary>
    public required IReadOnlyList<int> Ports { get; init; }

    /// <summary>Addresses of the task.</summary>
    public required IReadOnlyList<string> IpAddresses { get; init; }

    /// <summary>When it was launched; null while it waits.</summary>
    public DateTimeOffset? StagedAt { get; init; }

    /// <summary>When it ran; null before.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>The version of the configuration that it runs.</summary>
    public required DateTimeOffset Version { get; init; }

    /// <summary>Its persistent volumes.</summary>
    public IReadOnlyList<LocalVolumeView> LocalVolumes { get; init; } = [];

    /// <summary>Its number among the instances of the app, from 0.</summary>
    public int Ordinal { get; init; }

    /// <summary>It takes no traffic any more and is killed then; null when it is not being drained.</summary>
    public DateTimeOffset? DrainsUntil { get; init; }

    /// <summary><c>blue</c> or <c>green</c>, of apps with blue-green upgrades; null for others.</summary>
    public string? Colour { get; init; }

    /// <summary>Whether balancers may send it traffic once it runs and is healthy.</summary>
    public bool CarriesTraffic { get; init; } = true;

    /// <summary>A deployment waits for it to be ready: it is to be asked.</summary>
    public bool AwaitsReadiness { get; init; }

    /// <summary>What it last answered, during a deployment; null otherwise.</summary>
    public ReadinessResultView? Readiness { get; init; }

    /// <summary>All results alive: true; one not: false; no check or no result yet: null.</summary>
    public bool? Healthy { get; init; }

    /// <summary>One result for each health check that answered.</summary>
    public required IReadOnlyList<HealthResultView> HealthResults { get; init; }
}
