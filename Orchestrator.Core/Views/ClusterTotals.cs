using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Resources;

namespace Orchestrator.Core.Views;

/// <summary>Sums over the cluster.</summary>
public sealed record ClusterTotals
{
    /// <summary>All resources of connected agents.</summary>
    public required ResourceList Total { get; init; }

    /// <summary>What tasks and executors hold.</summary>
    public required ResourceList Used { get; init; }

    /// <summary>What is in outstanding offers.</summary>
    public required ResourceList Offered { get; init; }

    /// <summary>Measured use, summed over the agents that report.</summary>
    public required UsageView Measured { get; init; }

    /// <summary>Number of tasks now in each state that is not terminal, and ended in each that is since the start.</summary>
    public required IReadOnlyDictionary<TaskState, long> TasksByState { get; init; }

    /// <summary>Connected and active agents.</summary>
    public required int ActiveAgents { get; init; }

    /// <summary>Registered agents whose link is broken or that were deactivated.</summary>
    public required int InactiveAgents { get; init; }

    /// <summary>Subscribed frameworks.</summary>
    public required int ConnectedFrameworks { get; init; }
}
