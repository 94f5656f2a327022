using Orchestrator.Core.Agent.Executors;
using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.Core.Agent;

/// <summary>A framework as readers of an agent see it.</summary>
/// <param name="Info">What it is.</param>
/// <param name="Tasks">Tasks that are not forgotten, those of executors included, in the order in which they came.</param>
/// <param name="Completed">Ended and acknowledged tasks without an executor, oldest first.</param>
public sealed record AgentFrameworkView(FrameworkInfo Info, IReadOnlyList<AgentTaskView> Tasks, IReadOnlyList<AgentTaskView> Completed)
{
    /// <summary>Executors that are not forgotten, in the order in which they came.</summary>
    public IReadOnlyList<AgentExecutorView> Executors { get; init; } = [];

    /// <summary>Executors that are over, oldest first.</summary>
    public IReadOnlyList<AgentExecutorView> CompletedExecutors { get; init; } = [];
}
