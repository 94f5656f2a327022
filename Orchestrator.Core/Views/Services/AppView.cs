using Orchestrator.Core.Contract.Apps;

namespace Orchestrator.Core.Views.Services;

/// <summary>One app with what runs of it.</summary>
public sealed record AppView
{
    /// <summary>Deleted; some of its instances still end. Only of pods, which are shown until then.</summary>
    public bool IsRemoved { get; init; }

    /// <summary>Absolute path, for example <c>/shop/web</c>.</summary>
    public required string Id { get; init; }

    /// <summary>What was asked for, normalised.</summary>
    public required AppDefinition Definition { get; init; }

    /// <summary>Earlier and current configurations by version, newest first, bounded by zk_max_versions (50).</summary>
    public required IReadOnlyList<DateTimeOffset> Versions { get; init; }

    /// <summary>The configuration of each version.</summary>
    public required IReadOnlyDictionary<DateTimeOffset, AppDefinition> Definitions { get; init; }

    /// <summary>Its instances, oldest first.</summary>
    public required IReadOnlyList<InstanceView> Instances { get; init; }

    /// <summary>Ids of running deployments that touch it.</summary>
    public required IReadOnlyList<string> DeploymentIds { get; init; }

    /// <summary>Staged, not yet running.</summary>
    public required int TasksStaged { get; init; }

    /// <summary>Running.</summary>
    public required int TasksRunning { get; init; }

    /// <summary>Running with all health results alive.</summary>
    public required int TasksHealthy { get; init; }

    /// <summary>Running with at least one health result not alive.</summary>
    public required int TasksUnhealthy { get; init; }

    /// <summary>The last task of it that failed; null when none did.</summary>
    public TaskFailureView? LastTaskFailure { get; init; }

    /// <summary>How its number of instances followed its load; null without autoscaling, or before anything was measured.</summary>
    public AutoscalingView? Autoscaling { get; init; }

    /// <summary>What waits to be launched, and why; null when nothing waits.</summary>
    public QueueView? Queue { get; init; }
}
