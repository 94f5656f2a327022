using Orchestrator.Core.Contract.ExecutorApi;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;
using Reasons = Orchestrator.Core.Contract.Mesos.TaskStatus.Types.Reason;

namespace Orchestrator.Core.Agent.Executors;

/// <content>What executors say.</content>
internal sealed partial class ExecutorBook
{
    /// <summary>SUBSCRIBE: a first one, or one that takes the place of a broken or older stream.</summary>
    internal ExecutorRefusal? Subscribe(StreamId stream, Call call, DateTimeOffset now, AgentEffects effects)
    {
        if (!_live.TryGetValue((call.FrameworkId.Value, call.ExecutorId.Value), out var executor))
        {
            return new ExecutorRefusal(400, Unknown(call.FrameworkId.Value, call.ExecutorId.Value));
        }

        if (!executor.Step(ExecutorPhases.Input.Subscribe))
        {
            return new ExecutorRefusal(400, $"Executor '{executor.Id}' of framework {executor.Framework.Id} was not started by this agent, or is over");
        }

        Detach(executor, effects);
        executor.Stream = stream;
        _byStream.Add(stream, executor);
        Send(executor, Subscribed(executor), effects);
        if (executor.Phase == ExecutorPhase.Terminating)
        {
            TakeUpdates(executor, call.Subscribe, now, effects);
            SendShutdown(executor, effects);
            return null;
        }

        executor.Deadline = null;
        TakeUpdates(executor, call.Subscribe, now, effects);
        DropUndelivered(executor, call.Subscribe, now, effects);
        foreach (var task in executor.Tasks.Values)
        {
            if (task.Phase == TaskPhase.Terminating)
            {
                SendKill(executor, task, effects);
            }
        }

        foreach (var task in executor.Waiting)
        {
            Give(executor, task, effects);
        }

        executor.Waiting.Clear();
        _resized.Add(executor);
        if (!executor.WasGivenTask)
        {
            effects.Note($"Executor {executor.Id} of framework {executor.Framework.Id} has subscribed, but there is no task for it any more.");
            Shutdown(executor, now, effects);
        }

        return null;
    }

    /// <summary>UPDATE or MESSAGE.</summary>
    internal void Call(Call call, DateTimeOffset now, AgentEffects effects)
    {
        if (!_live.TryGetValue((call.FrameworkId.Value, call.ExecutorId.Value), out var executor))
        {
            effects.Note(Unknown(call.FrameworkId.Value, call.ExecutorId.Value) + "; its call was dropped.");
        }
        else if (call.Type == Contract.ExecutorApi.Call.Types.Type.Update)
        {
            TakeUpdate(executor, call.Update.Status, now, effects);
        }
        else if (call.Type == Contract.ExecutorApi.Call.Types.Type.Message)
        {
            effects.Send(new AgentCall
            {
                Message = new AgentCall.Types.ExecutorMessage { FrameworkId = executor.Framework.Info.Id, ExecutorId = executor.Info.ExecutorId, Data = call.Message.Data },
            });
        }
    }

    /// <summary>A stream broke.</summary>
    internal void Disconnect(StreamId stream)
    {
        if (_byStream.Remove(stream, out var executor))
        {
            executor.Stream = null;
        }
    }

    /// <summary>The sentence for an executor that is not here.</summary>
    internal static string Unknown(string frameworkId, string executorId) => $"Executor '{executorId}' of framework {frameworkId} cannot be found";

    private void Detach(AgentExecutor executor, AgentEffects effects)
    {
        if (executor.Stream is { } old)
        {
            _byStream.Remove(old);
            executor.Stream = null;
            effects.Do(new AgentAction.CloseExecutor(old));
        }
    }

    private Event Subscribed(AgentExecutor executor) => new()
    {
        Type = Event.Types.Type.Subscribed,
        Subscribed = new Event.Types.Subscribed
        {
            ExecutorInfo = executor.Info,
            FrameworkInfo = executor.Framework.Info,
            AgentInfo = host.Info,
            ContainerId = new ContainerID { Value = executor.ContainerId },
        },
    };

    private void TakeUpdates(AgentExecutor executor, Call.Types.Subscribe subscribe, DateTimeOffset now, AgentEffects effects)
    {
        foreach (var task in executor.Tasks.Values)
        {
            // It is back, and with it the tasks that it was given before the agent restarted.
            if (task.Phase == TaskPhase.Recovering)
            {
                AgentEngine.Step(task, TaskPhases.Input.Launched);
                if (task.KillCause is not null)
                {
                    AgentEngine.Step(task, TaskPhases.Input.Kill);
                }
            }
        }

        foreach (var update in subscribe.UnacknowledgedUpdates)
        {
            TakeUpdate(executor, update.Status, now, effects);
        }
    }

    /// <summary>
    /// Tasks that were sent on an earlier stream, of which nothing was told and of which the executor does not know: they
    /// were lost on the way.
    /// </summary>
    private void DropUndelivered(AgentExecutor executor, Call.Types.Subscribe subscribe, DateTimeOffset now, AgentEffects effects)
    {
        HashSet<string>? known = null;
        foreach (var task in executor.Tasks.Values.Where(task => task is { State: TaskState.TaskStaging, Phase: TaskPhase.Running or TaskPhase.Terminating }).ToArray())
        {
            known ??= [.. subscribe.UnacknowledgedTasks.Select(held => held.TaskId.Value)];
            if (!known.Contains(task.Location.TaskId))
            {
                EndTask(task, host.MakeByAgent(task, Dropped(executor), Reasons.AgentRestarted, "The task was lost on its way to its executor, which subscribed again without it", now), now, effects);
            }
        }
    }

    private void TakeUpdate(AgentExecutor executor, TaskStatus given, DateTimeOffset now, AgentEffects effects)
    {
        if (!executor.Tasks.TryGetValue(given.TaskId.Value, out var task))
        {
            if (!executor.Forgotten.Contains(given.TaskId.Value))
            {
                effects.Note($"Executor {executor.Id} of framework {executor.Framework.Id} tells of task {given.TaskId.Value}, which it was not given; that goes no further.");
            }
        }
        else if (task.Phase == TaskPhase.Queued || AgentEngine.IsTerminal(task.State))
        {
            effects.Note($"Executor {executor.Id} of framework {executor.Framework.Id} tells that task {task.Location.TaskId} is {given.State}, but it is {task.State}; that goes no further.");
        }
        else if (!task.Taken.Contains(given.Uuid))
        {
            Record(task, given, now, effects);
        }

        // What was taken, was taken before, or will never be taken, need not be repeated.
        Send(
            executor,
            new Event { Type = Event.Types.Type.Acknowledged, Acknowledged = new Event.Types.Acknowledged { TaskId = given.TaskId, Uuid = given.Uuid } },
            effects);
    }

    private void Record(AgentTask task, TaskStatus given, DateTimeOffset now, AgentEffects effects)
    {
        task.Taken.Add(given.Uuid);
        var status = given.Clone();
        host.Complete(task, status, now);
        if (AgentEngine.IsTerminal(status.State))
        {
            EndTask(task, status, now, effects);
        }
        else if (!task.Updates.IsFull)
        {
            host.Update(task, status, now, effects);
        }
        else
        {
            effects.Note($"Task {task.Key} has {task.Updates.Count} updates that its framework has not acknowledged; one more was left out.");
        }
    }

    private void EndTask(AgentTask task, TaskStatus status, DateTimeOffset now, AgentEffects effects)
    {
        task.Executor!.Vacate(task.Info);
        _resized.Add(task.Executor);
        host.End(task, status, now, effects);
    }

    private static TaskState Dropped(AgentExecutor executor) =>
        executor.Framework.Has(FrameworkInfo.Types.Capability.Types.Type.PartitionAware) ? TaskState.TaskDropped : TaskState.TaskLost;
}
