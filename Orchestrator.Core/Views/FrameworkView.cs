using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;

namespace Orchestrator.Core.Views;

/// <summary>One framework, subscribed, disconnected, recovered or completed.</summary>
public sealed record FrameworkView
{
    /// <summary>Its id.</summary>
    public required FrameworkId Id { get; init; }

    /// <summary>What it subscribed with; shared, never to be changed.</summary>
    public required FrameworkInfo Info { get; init; }

    /// <summary>Its roles; <c>*</c> when it named none.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>Whether it gets offers.</summary>
    public required bool Active { get; init; }

    /// <summary>Whether its stream is open.</summary>
    public required bool Connected { get; init; }

    /// <summary>Known only from agents or from before a restart.</summary>
    public required bool Recovered { get; init; }

    /// <summary>First subscription.</summary>
    public required DateTimeOffset RegisteredAt { get; init; }

    /// <summary>Latest subscription after the first.</summary>
    public DateTimeOffset? ReregisteredAt { get; init; }

    /// <summary>When it was removed; null while it lives.</summary>
    public DateTimeOffset? UnregisteredAt { get; init; }

    /// <summary>What its tasks and executors hold.</summary>
    public required ResourceList Used { get; init; }

    /// <summary>What it is being offered.</summary>
    public required ResourceList Offered { get; init; }

    /// <summary>Its outstanding offers.</summary>
    public required IReadOnlyCollection<OfferView> Offers { get; init; }

    /// <summary>Its ended tasks, oldest first, bounded by max_completed_tasks_per_framework.</summary>
    public required IReadOnlyList<TaskView> CompletedTasks { get; init; }

    /// <summary>Its tasks on unreachable agents, bounded by max_unreachable_tasks_per_framework.</summary>
    public required IReadOnlyList<TaskView> UnreachableTasks { get; init; }

    /// <summary>Its custom and default executors, by agent.</summary>
    public required IReadOnlyList<ExecutorView> Executors { get; init; }

    /// <summary>Number of its tasks that are not terminal.</summary>
    public required int ActiveTasks { get; init; }
}
