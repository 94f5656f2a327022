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

/// <summary>One role.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Weight">Its weight, 1 by default.</param>
/// <param name="Frameworks">Frameworks subscribed to it.</param>
/// <param name="Allocated">What its tasks hold.</param>
/// <param name="Offered">What is offered under it.</param>
/// <param name="Reserved">What is reserved to it.</param>
public sealed record RoleView(string Name, double Weight, IReadOnlyList<string> Frameworks, ResourceList Allocated, ResourceList Offered, ResourceList Reserved);

/// <summary>One thing that happened in the cluster, for people.</summary>
/// <param name="Sequence">Grows by one.</param>
/// <param name="At">When.</param>
/// <param name="Kind">A short stable word, for example <c>agent-registered</c>, <c>task-failed</c>.</param>
/// <param name="Subject">The id of what it happened to.</param>
/// <param name="Text">One sentence.</param>
public sealed record ClusterEvent(long Sequence, DateTimeOffset At, string Kind, string Subject, string Text);
