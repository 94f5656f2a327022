using Orchestrator.Core.Contract.Checkpoint;
using RecordType = Orchestrator.Core.Contract.Checkpoint.UpdateRecord.Types.Type;

namespace Orchestrator.Core.Agent.Executors;

/// <summary>What an executor and its tasks leave in the executor's log, so that a turn costs one write however many of its tasks change.</summary>
public static class ExecutorRecords
{
    /// <summary>The record of a change, and the executor in whose log it belongs; null for a change that has its place elsewhere.</summary>
    public static (ExecutorLocation Executor, UpdateRecord Record)? Of(AgentCheckpoint checkpoint) => checkpoint switch
    {
        AgentCheckpoint.TaskAccepted { Task.InExecutor: true } accepted => In(accepted.Task, new UpdateRecord { Type = RecordType.Task, Task = accepted.Info }),
        AgentCheckpoint.UpdateMade { Task.InExecutor: true } made => In(made.Task, new UpdateRecord { Type = RecordType.Update, Update = made.Status }),
        AgentCheckpoint.UpdateAcknowledged { Task.InExecutor: true } acknowledged => In(acknowledged.Task, new UpdateRecord { Type = RecordType.Ack, Uuid = acknowledged.Uuid }),
        AgentCheckpoint.KillStarted { Task.InExecutor: true } kill => In(kill.Task, new UpdateRecord { Type = RecordType.Kill, Cause = kill.Cause }),
        AgentCheckpoint.TaskForgotten { Task.InExecutor: true } forgotten => In(forgotten.Task, new UpdateRecord { Type = RecordType.Forgotten }),
        AgentCheckpoint.ExecutorEnded ended => (ended.Executor, new UpdateRecord { Type = RecordType.Gone }),
        _ => null,
    };

    private static (ExecutorLocation Executor, UpdateRecord Record) In(TaskLocation task, UpdateRecord record)
    {
        record.TaskId = task.TaskId;
        return (new ExecutorLocation(task.AgentId, task.FrameworkId, task.ExecutorId, task.ContainerId), record);
    }
}
