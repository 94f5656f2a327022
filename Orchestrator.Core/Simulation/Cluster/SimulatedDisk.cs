using Orchestrator.Core.Agent;
using Orchestrator.Core.Agent.Executors;
using Orchestrator.Core.Contract.Checkpoint;
using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.Core.Simulation.Cluster;

/// <summary>
/// The checkpoints of one simulated agent: what was written before the process died is there for the next one.
/// </summary>
/// <param name="survives">Asked before each write of that many checkpoints: how many get through before the process dies; null for all and life.</param>
/// <param name="written">Told of each checkpoint that is on the disk.</param>
internal sealed class SimulatedDisk(Func<int, int?> survives, Action<AgentCheckpoint> written) : ISimulatedDisk
{
    private readonly Dictionary<string, FrameworkInfo> _frameworks = [];
    private readonly Dictionary<TaskLocation, (TaskInfo Info, List<UpdateRecord> Records)> _tasks = [];
    private readonly Dictionary<ExecutorLocation, (ExecutorInfo Info, List<UpdateRecord> Records)> _executors = [];
    private AgentInfo? _info;
    private ResourcesRecord _resources = new();

    /// <inheritdoc/>
    public bool Write(IReadOnlyList<AgentCheckpoint> checkpoints)
    {
        var died = survives(checkpoints.Count);
        for (var i = 0; i < (died ?? checkpoints.Count); i++)
        {
            Write(checkpoints[i]);
            written(checkpoints[i]);
        }

        return died is null;
    }

    /// <inheritdoc/>
    public RecoveredAgent Load() => new(
        _info?.Clone(),
        [.. _frameworks.Values.Select(framework => framework.Clone())],
        [.. _tasks.Select(task => new RecoveredAgent.RecoveredTask(task.Key, task.Value.Info.Clone(), [.. task.Value.Records.Select(record => record.Clone())]))])
    {
        Resources = _resources.Clone(),
        Executors = [.. _executors.Select(executor => new RecoveredAgent.RecoveredExecutor(executor.Key, executor.Value.Info.Clone(), [.. executor.Value.Records.Select(record => record.Clone())]))],
    };

    private void Write(AgentCheckpoint checkpoint)
    {
        if (ExecutorRecords.Of(checkpoint) is var (location, record))
        {
            _executors[location].Records.Add(record.Clone());
            return;
        }

        switch (checkpoint)
        {
            case AgentCheckpoint.AgentRegistered registered:
                _info = registered.Info.Clone();
                break;
            case AgentCheckpoint.ResourcesStored kept:
                _resources = kept.Record.Clone();
                break;
            case AgentCheckpoint.FrameworkStored stored:
                _frameworks[stored.Info.Id.Value] = stored.Info.Clone();
                break;
            case AgentCheckpoint.TaskAccepted accepted:
                _tasks.Add(accepted.Task, (accepted.Info.Clone(), []));
                break;
            case AgentCheckpoint.UpdateMade made:
                _tasks[made.Task].Records.Add(new UpdateRecord { Type = UpdateRecord.Types.Type.Update, Update = made.Status.Clone() });
                break;
            case AgentCheckpoint.UpdateAcknowledged acknowledged:
                _tasks[acknowledged.Task].Records.Add(new UpdateRecord { Type = UpdateRecord.Types.Type.Ack, Uuid = acknowledged.Uuid });
                break;
            case AgentCheckpoint.KillStarted kill:
                _tasks[kill.Task].Records.Add(new UpdateRecord { Type = UpdateRecord.Types.Type.Kill, Cause = kill.Cause });
                break;
            case AgentCheckpoint.ExecutorAccepted accepted:
                _executors.Add(accepted.Executor, (accepted.Info.Clone(), []));
                break;
            case AgentCheckpoint.ExecutorForgotten forgotten:
                _executors.Remove(forgotten.Executor);
                break;
            case AgentCheckpoint.TaskForgotten forgotten:
                _tasks.Remove(forgotten.Task);
                break;
            case AgentCheckpoint.FrameworkForgotten forgotten:
                _frameworks.Remove(forgotten.FrameworkId);
                break;
        }
    }
}
