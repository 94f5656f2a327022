using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.QuotaApi;
using Orchestrator.Core.Primitives;

namespace Orchestrator.Core.Views;

/// <summary>
/// The whole cluster as its master saw it after one turn. Immutable; pages that did not change are shared with the
/// snapshot before. Every reader (console, REST, metrics) reads this and nothing else.
/// </summary>
public sealed record ClusterSnapshot
{
    /// <summary>Grows by at least one with every change; equal versions are equal snapshots.</summary>
    public required long Version { get; init; }

    /// <summary>The time of the turn.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The master itself.</summary>
    public required MasterView Master { get; init; }

    /// <summary>Registered agents by slot; free slots are null.</summary>
    public required PagedVector<AgentView?> Agents { get; init; }

    /// <summary>Frameworks that are known and not completed, by slot; free slots are null.</summary>
    public required PagedVector<FrameworkView?> Frameworks { get; init; }

    /// <summary>Tasks that are not completed and not unreachable, by slot; free slots are null.</summary>
    public required PagedVector<TaskView?> Tasks { get; init; }

    /// <summary>Removed frameworks, oldest first, bounded by max_completed_frameworks.</summary>
    public required IReadOnlyList<FrameworkView> CompletedFrameworks { get; init; }

    /// <summary>Agents known from before a restart that have not come back yet.</summary>
    public required IReadOnlyList<RecoveredAgentView> RecoveredAgents { get; init; }

    /// <summary>Agents that are unreachable (not answering, not yet gone).</summary>
    public required IReadOnlyList<RecoveredAgentView> UnreachableAgents { get; init; }

    /// <summary>Roles that have a framework, a weight or resources, by name.</summary>
    public required IReadOnlyList<RoleView> Roles { get; init; }

    /// <summary>Operations with an id that are not acknowledged.</summary>
    public IReadOnlyList<Operation> Operations { get; init; } = [];

    /// <summary>Quotas by role. Messages are shared, never to be changed.</summary>
    public IReadOnlyDictionary<string, QuotaConfig> Quotas { get; init; } = new Dictionary<string, QuotaConfig>();

    /// <summary>Weights that were set, by role; others are 1.</summary>
    public IReadOnlyDictionary<string, double> Weights { get; init; } = new Dictionary<string, double>();

    /// <summary>Machines that are or will be in maintenance.</summary>
    public MaintenanceView Maintenance { get; init; } = MaintenanceView.None;

    /// <summary>Sums over the cluster.</summary>
    public required ClusterTotals Totals { get; init; }

    /// <summary>Running counts since the master started, for metrics.</summary>
    public required MasterCounters Counters { get; init; }

    /// <summary>What happened lately, newest last, bounded.</summary>
    public required IReadOnlyList<ClusterEvent> RecentEvents { get; init; }
}
