using Orchestrator.Core.Contract.Checkpoint;

namespace Orchestrator.Core.Agent.Executors;

/// <content>What an earlier run of the agent left behind.</content>
internal sealed partial class ExecutorBook
{
    /// <summary>An executor of an earlier run: its container is looked for, and it has a while to subscribe again.</summary>
    /// <returns>Its tasks that were not forgotten, replayed.</returns>
    internal IReadOnlyCollection<AgentTask> Recover(RecoveredAgent.RecoveredExecutor recovered, AgentFramework framework, DateTimeOffset now, AgentEffects effects)
    {
        var executor = new AgentExecutor(recovered.Location, recovered.Info, framework) { Phase = ExecutorPhase.Recovering };
        foreach (var record in recovered.Records)
        {
            Replay(executor, record, now);
        }

        _byContainer.Add(executor.ContainerId, executor);
        framework.ExecutorCount++;
        if (executor.IsGone)
        {
            effects.Do(new AgentAction.Remove(LaunchOf(executor)));
        }
        else
        {
            _live.Add((framework.Id, executor.Id), executor);
            executor.Deadline = now + options.ExecutorReregistrationTimeout;
            effects.Do(new AgentAction.Recover(LaunchOf(executor)));
        }

        return [.. executor.Tasks.Values];
    }

    /// <summary>After a recovery: what is over and has nothing to tell is forgotten.</summary>
    internal void RetireIdle(AgentEffects effects)
    {
        foreach (var executor in _byContainer.Values.ToArray())
        {
            Retire(executor, effects);
        }
    }

    private static void Replay(AgentExecutor executor, UpdateRecord record, DateTimeOffset now)
    {
        if (record is { Type: UpdateRecord.Types.Type.Task, Task: { } info })
        {
            var task = new AgentTask(executor.Location.TaskAt(info.TaskId.Value), info, executor.Framework, now) { Executor = executor, Phase = TaskPhase.Recovering };
            executor.Tasks[info.TaskId.Value] = task;
            executor.WasGivenTask = true;
            executor.Occupy(info);
            return;
        }

        if (record.Type == UpdateRecord.Types.Type.Gone)
        {
            executor.Phase = ExecutorPhase.Ended;
            executor.IsGone = true;
            return;
        }

        if (record.Type == UpdateRecord.Types.Type.Forgotten)
        {
            executor.WasGivenTask = true;
            executor.Tasks.Remove(record.TaskId);
            executor.Forgotten.Add(record.TaskId);
            return;
        }

        if (!executor.Tasks.TryGetValue(record.TaskId, out var known))
        {
            return;
        }

        AgentEngine.Replay(known, record);
        if (record.Type == UpdateRecord.Types.Type.Update)
        {
            known.Taken.Add(record.Update.Uuid);
            if (AgentEngine.IsTerminal(known.State) && known.Phase != TaskPhase.Ended)
            {
                known.Phase = TaskPhase.Ended;
                executor.Vacate(known.Info);
            }
        }
    }
}
