using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.Core.Agent.Executors;

/// <summary>An executor as readers of an agent see it.</summary>
public sealed record AgentExecutorView
{
    /// <summary>Its ids.</summary>
    public required ExecutorLocation Location { get; init; }

    /// <summary>As the framework launched it.</summary>
    public required ExecutorInfo Info { get; init; }

    /// <summary>Absolute path of its sandbox.</summary>
    public required string SandboxDirectory { get; init; }

    /// <summary>Where it stands.</summary>
    public required ExecutorPhase Phase { get; init; }

    /// <summary>Whether it holds a subscription now.</summary>
    public required bool IsSubscribed { get; init; }

    /// <summary>Its first process on the host; null when not known.</summary>
    public int? Pid { get; init; }

    /// <summary>Its ended and acknowledged tasks, oldest first.</summary>
    public required IReadOnlyList<AgentTaskView> Completed { get; init; }
}
