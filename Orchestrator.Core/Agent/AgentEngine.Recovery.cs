using Orchestrator.Core.Contract.Checkpoint;
using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.Core.Agent;

/// <content>What an earlier run of the agent left behind.</content>
public sealed partial class AgentEngine
{
    private void Recover(RecoveredAgent state, DateTimeOffset now, AgentEffects effects)
    {
        _info = state.Info;
        _lastAgentId = state.Info?.Id?.Value ?? "";
        RecoverResources(state.Resources);
        foreach (var framework in state.Frameworks)
        {
            _frameworks[framework.Id.Value] = new AgentFramework(framework);
        }

        foreach (var recovered in state.Executors)
        {
            foreach (var task in Book.Recover(recovered, FrameworkOf(recovered.Location.FrameworkId, effects), now, effects))
            {
                Add(task);
                if (task is { Phase: TaskPhase.Ended, Updates.Head: null })
                {
                    Forget(task, effects);
                }
            }
        }

        Book.RetireIdle(effects);
        foreach (var recovered in state.Tasks)
        {
            var framework = FrameworkOf(recovered.Location.FrameworkId, effects);
            var task = new AgentTask(recovered.Location, recovered.Info, framework, now);
            Add(task);
            JoinGroup(task);
            foreach (var record in recovered.Records)
            {
                Replay(task, record);
            }

            if (!IsTerminal(task.State))
            {
                task.Phase = TaskPhase.Recovering;
                effects.Do(new AgentAction.Recover(LaunchOf(task)));
                continue;
            }

            task.Phase = TaskPhase.Ended;
            effects.Do(new AgentAction.Remove(LaunchOf(task)));
            if (task.Updates.Head is null)
            {
                Forget(task, effects);
            }
        }

        RecoverGroups(now, effects);
        foreach (var idle in _frameworks.Values.Where(framework => framework is { TaskCount: 0, ExecutorCount: 0 }).ToArray())
        {
            _frameworks.Remove(idle.Id);
            effects.Checkpoint(new AgentCheckpoint.FrameworkForgotten(_lastAgentId, idle.Id));
        }
    }

    private AgentFramework FrameworkOf(string id, AgentEffects effects)
    {
        if (!_frameworks.TryGetValue(id, out var framework))
        {
            // Its info is lost; without a name and capabilities its tasks can still be followed and told about.
            framework = new AgentFramework(new FrameworkInfo { User = "", Name = "", Id = new FrameworkID { Value = id } });
            _frameworks.Add(framework.Id, framework);
            effects.Note($"The checkpoint of framework {framework.Id} is missing; its tasks go on.");
        }

        return framework;
    }

    internal static void Replay(AgentTask task, UpdateRecord record)
    {
        switch (record.Type)
        {
            case UpdateRecord.Types.Type.Update when record.Update is not null:
                task.Observe(record.Update);
                task.Updates.Add(record.Update);
                break;
            case UpdateRecord.Types.Type.Ack:
                task.Updates.Acknowledge(record.Uuid);
                break;
            case UpdateRecord.Types.Type.Kill:
                task.KillCause = record.Cause;
                break;
        }
    }

    internal static bool IsTerminal(TaskState state) => state
        is TaskState.TaskFinished or TaskState.TaskFailed or TaskState.TaskKilled or TaskState.TaskError
        or TaskState.TaskLost or TaskState.TaskDropped or TaskState.TaskGone;
}
