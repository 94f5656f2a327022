using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.Core.Agent;

/// <summary>A task as readers of an agent see it.</summary>
public sealed record AgentTaskView
{
    /// <summary>Its ids.</summary>
    public required TaskLocation Location { get; init; }

    /// <summary>As the framework launched it.</summary>
    public required TaskInfo Info { get; init; }

    /// <summary>Absolute path of its sandbox.</summary>
    public required string SandboxDirectory { get; init; }

    /// <summary>Where its container stands.</summary>
    public required TaskPhase Phase { get; init; }

    /// <summary>The latest state told or to be told.</summary>
    public required TaskState State { get; init; }

    /// <summary>One status for each change of state, oldest first.</summary>
    public required IReadOnlyList<TaskStatus> Statuses { get; init; }

    /// <summary>Its first process on the host; null when not known.</summary>
    public int? Pid { get; init; }

    /// <summary>Updates that wait for acknowledgement.</summary>
    public required int PendingUpdates { get; init; }
}
