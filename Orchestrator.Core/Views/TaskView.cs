using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;

namespace Orchestrator.Core.Views;

/// <summary>One task, active, unreachable or completed.</summary>
public sealed record TaskView
{
    /// <summary>Its framework and id.</summary>
    public required TaskKey Key { get; init; }

    /// <summary>Where it runs.</summary>
    public required AgentId AgentId { get; init; }

    /// <summary>What was launched; shared, never to be changed.</summary>
    public required TaskInfo Info { get; init; }

    /// <summary>The role whose allocation it uses.</summary>
    public required string Role { get; init; }

    /// <summary>The latest state that the master knows.</summary>
    public required TaskState State { get; init; }

    /// <summary>History of states, oldest first; consecutive updates of the same state keep only the latest.</summary>
    public required IReadOnlyList<TaskStatus> Statuses { get; init; }

    /// <summary>What it was given.</summary>
    public required ResourceList Resources { get; init; }

    /// <summary>When the master accepted it, or heard of it first.</summary>
    public required DateTimeOffset LaunchedAt { get; init; }

    /// <summary>When <see cref="State"/> last changed.</summary>
    public required DateTimeOffset StateSince { get; init; }

    /// <summary>The result of its health check; null without a check or before the first result.</summary>
    public bool? Healthy { get; init; }

    /// <summary>Measured use, as last reported; null before the first report.</summary>
    public UsageView? Usage { get; init; }

    /// <summary>Command tasks have no executor of their own.</summary>
    public string ExecutorId => Info.Executor?.ExecutorId?.Value ?? "";
}
