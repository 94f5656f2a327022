using Orchestrator.Core.Agent.Executors;
using Orchestrator.Core.Contract.Checkpoint;
using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.Core.Agent;

/// <summary>What the checkpoints of an earlier run say.</summary>
/// <param name="Info">The agent with its id; null on a first start.</param>
/// <param name="Frameworks">Frameworks with tasks.</param>
/// <param name="Tasks">Tasks without an executor of their framework that were not forgotten.</param>
public sealed record RecoveredAgent(AgentInfo? Info, IReadOnlyList<FrameworkInfo> Frameworks, IReadOnlyList<RecoveredAgent.RecoveredTask> Tasks)
{
    /// <summary>Its reservations, volumes and unacknowledged outcomes of operations.</summary>
    public ResourcesRecord Resources { get; init; } = new();

    /// <summary>A first start.</summary>
    public static RecoveredAgent Nothing { get; } = new(null, [], []);

    /// <summary>Executors that were not forgotten; their tasks are not among <see cref="Tasks"/>.</summary>
    public IReadOnlyList<RecoveredExecutor> Executors { get; init; } = [];

    /// <summary>One executor and what was written of its tasks.</summary>
    /// <param name="Location">Where it lies.</param>
    /// <param name="Info">The executor.</param>
    /// <param name="Records">Tasks that came and went, their updates, acknowledgements and kills, in order.</param>
    public sealed record RecoveredExecutor(ExecutorLocation Location, ExecutorInfo Info, IReadOnlyList<UpdateRecord> Records);

    /// <summary>One task and what was written of it.</summary>
    /// <param name="Location">Where it lies.</param>
    /// <param name="Info">The task.</param>
    /// <param name="Records">Its updates, acknowledgements and kills, in order.</param>
    public sealed record RecoveredTask(TaskLocation Location, TaskInfo Info, IReadOnlyList<UpdateRecord> Records);
}
