using Google.Protobuf;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Master.Agents;
using Orchestrator.Core.Master.Frameworks;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;
using Orchestrator.Core.Views;

namespace Orchestrator.Core.Master.Tasks;

/// <summary>The tasks: added by launches and returning agents, moved by updates, freed when they end.</summary>
internal sealed class TaskTable(ClusterState state, ExecutorBook executors)
{
    /// <summary>Adds a task that uses resources of an agent, unless it has ended. They are counted as allocated already.</summary>
    public TaskRecord Add(Turn turn, FrameworkState framework, AgentState agent, TaskInfo info, string role, ResourceList resources, bool holds = true)
    {
        var task = new TaskRecord(new TaskKey(framework.Id, new TaskId(info.TaskId.Value)), info, agent, role, resources) { LaunchedAt = turn.Now, StateSince = turn.Now };
        task.Slot = state.Tasks.Add(task);
        framework.Tasks[task.Key.TaskId] = task;
        agent.Tasks.Add(task);
        Hold(framework, task, holds);
        if (turn.Effects.IsWatched)
        {
            turn.Effects.Note(new ClusterChange.TaskAdded(task.ToView()));
        }

        return task;
    }

    /// <summary>An update of a task from its agent.</summary>
    public void Update(Turn turn, AgentState agent, AgentCall.Types.Update update)
    {
        state.Count("messages_status_update");
        var status = Complete(turn, agent, update.Status);
        if (!state.FrameworksById.TryGetValue(new FrameworkId(update.FrameworkId.Value), out var framework))
        {
            // Nobody is left who could acknowledge it.
            state.Count("invalid_status_updates");
            Acknowledge(turn, agent, update.FrameworkId, status);
            return;
        }

        var task = framework.Tasks.GetValueOrDefault(new TaskId(status.TaskId.Value));
        (status, var latest) = AgentRegistry.Explain(agent, framework.IsPartitionAware, status, update.HasLatestState ? update.LatestState : status.State);
        if (task is not null && task.Agent == agent)
        {
            Move(turn, framework, task, latest, status);
            task.UpdateState = status.State;
            task.UpdateUuid = status.HasUuid ? status.Uuid : ByteString.Empty;
            state.Count("valid_status_updates");
        }

        Forward(turn, framework, status);
        if (task is not null && TaskStates.IsTerminal(status.State) && !status.HasUuid)
        {
            Complete(framework, task);
        }
    }

    /// <summary>Brings a task into a state, frees what it holds when that ends it, and notes the status.</summary>
    public void Move(Turn turn, FrameworkState framework, TaskRecord task, TaskState to, TaskStatus status)
    {
        task.Note(status);
        if (status.HasHealthy)
        {
            task.Healthy = status.Healthy;
        }

        var isNews = status.Reason is TaskStatus.Types.Reason.TaskHealthCheckStatusUpdated or TaskStatus.Types.Reason.TaskCheckStatusUpdated;
        if (!TaskStates.IsTerminal(task.State) && task.State != to)
        {
            isNews = true;
            task.State = to;
            task.StateSince = turn.Now;
            if (TaskStates.IsTerminal(to))
            {
                End(turn, framework, task, to, status);
            }
        }

        state.Touch(task);
        if (isNews)
        {
            Note(turn, framework, task, status);
        }
    }

    /// <summary>Tells of a status those who follow the cluster.</summary>
    public static void Note(Turn turn, FrameworkState framework, TaskRecord task, TaskStatus status)
    {
        if (turn.Effects.IsWatched)
        {
            turn.Effects.Note(new ClusterChange.TaskUpdated(framework.Id, status, task.State));
        }
    }

    /// <summary>Tells the framework, if it is there; otherwise the agent will say it again.</summary>
    public static void Forward(Turn turn, FrameworkState framework, TaskStatus status)
    {
        if (framework.Stream is { } stream)
        {
            turn.Effects.Send(stream, new Event { Type = Event.Types.Type.Update, Update = new Event.Types.Update { Status = status } });
        }
    }

    /// <summary>A status that the master itself makes; it carries no uuid and needs no acknowledgement.</summary>
    public static TaskStatus Make(Turn turn, FrameworkState framework, string taskId, AgentID? agent, TaskState taskState, TaskStatus.Types.Reason reason, string message)
    {
        var status = new TaskStatus
        {
            TaskId = new TaskID { Value = taskId },
            State = TaskStates.For(framework, taskState),
            Source = TaskStatus.Types.Source.Master,
            Reason = reason,
            Message = message,
            Timestamp = turn.Timestamp,
        };
        status.AgentId = agent;
        return status;
    }

    /// <summary>ACKNOWLEDGE of a framework: on to the agent, and a task whose end is acknowledged is completed.</summary>
    public void Acknowledge(Turn turn, FrameworkState framework, Call.Types.Acknowledge acknowledge)
    {
        state.Count("messages_status_update_acknowledgement");
        if (!state.AgentsById.TryGetValue(new AgentId(acknowledge.AgentId.Value), out var agent) || agent.Stream is not { } stream)
        {
            state.Count("invalid_status_update_acknowledgements");
            return;
        }

        state.Count("valid_status_update_acknowledgements");
        turn.Effects.Send(stream, new AgentEvent
        {
            Acknowledge = new AgentEvent.Types.Acknowledge { FrameworkId = new FrameworkID { Value = framework.Id.Value }, TaskId = acknowledge.TaskId, Uuid = acknowledge.Uuid },
        });
        if (framework.Tasks.TryGetValue(new TaskId(acknowledge.TaskId.Value), out var task) && TaskStates.IsTerminal(task.UpdateState) && task.UpdateUuid == acknowledge.Uuid)
        {
            Complete(framework, task);
        }
    }

    /// <summary>Moves a task to its framework's history.</summary>
    public void Complete(FrameworkState framework, TaskRecord task)
    {
        Detach(framework, task);
        Remember(framework, task);
        state.Touch(framework);
    }

    /// <summary>Takes a task off an agent that cannot be reached: its resources are free, it may come back.</summary>
    public void MakeUnreachable(Turn turn, FrameworkState framework, TaskRecord task)
    {
        Detach(framework, task);
        task.UnreachableSince = turn.Now;
        task.State = TaskStates.IsTerminal(task.State) ? task.State : TaskState.TaskUnreachable;
        task.UpdateState = TaskState.TaskUnreachable;
        task.StateSince = turn.Now;
        framework.Unreachable[task.Key.TaskId] = task;
        if (framework.Unreachable.Count > state.Options.MaxUnreachableTasks)
        {
            framework.Unreachable.Remove(framework.Unreachable.MinBy(pair => pair.Value.UnreachableSince).Key);
        }

        framework.HistoryChanged = true;
    }

    /// <summary>An agent that was unreachable is back without a task: it is gone, which its framework hears.</summary>
    public void Vanish(
        Turn turn,
        FrameworkState framework,
        TaskRecord task,
        string message,
        TaskState to = TaskState.TaskGone,
        TaskStatus.Types.Reason reason = TaskStatus.Types.Reason.Reconciliation)
    {
        var status = Make(turn, framework, task.Key.TaskId.Value, new AgentID { Value = task.Agent.Id.Value }, to, reason, message);
        framework.Unreachable.Remove(task.Key.TaskId);
        task.Note(status);
        task.State = TaskStates.IsTerminal(task.State) ? task.State : status.State;
        Note(turn, framework, task, status);
        Remember(framework, task);
        state.Touch(framework);
        Forward(turn, framework, status);
    }

    /// <summary>Puts a task that an agent brought back among the active ones. Its resources are charged by the agent.</summary>
    public void Return(FrameworkState framework, TaskRecord task, AgentState agent, bool holds)
    {
        framework.HistoryChanged |= framework.Unreachable.Remove(task.Key.TaskId);
        task.Agent = agent;
        task.UnreachableSince = null;
        task.Slot = state.Tasks.Add(task);
        framework.Tasks[task.Key.TaskId] = task;
        agent.Tasks.Add(task);
        Hold(framework, task, holds);
    }

    /// <summary>Frees what a task holds, once.</summary>
    public void Release(FrameworkState framework, TaskRecord task)
    {
        if (!task.HoldsResources)
        {
            return;
        }

        task.HoldsResources = false;
        task.Agent.Used -= task.Resources;
        framework.Used -= task.Resources;
        state.Allocator.Recover(framework.Slot, task.Role, task.Agent.Slot, task.Resources, null);
        ReleaseExecutor(framework, task);
        state.Touch(task.Agent);
        state.Touch(framework);
    }

    private void Hold(FrameworkState framework, TaskRecord task, bool holds)
    {
        task.HoldsResources = holds;
        if (holds)
        {
            task.Agent.Used += task.Resources;
            framework.Used += task.Resources;
        }

        state.Touch(task.Agent);
        state.Touch(framework);
    }

    /// <summary>The built-in executor of a group ends with its last task. Others run on: their agent says when they are gone.</summary>
    private void ReleaseExecutor(FrameworkState framework, TaskRecord task)
    {
        if (task.Info.Executor is not { HasType: true, Type: ExecutorInfo.Types.Type.Default, ExecutorId: { } id })
        {
            return;
        }

        foreach (var other in task.Agent.Tasks)
        {
            if (other.HoldsResources && other.Key.FrameworkId == framework.Id && other.Info.Executor?.ExecutorId?.Value == id.Value)
            {
                return;
            }
        }

        executors.Remove(framework, task.Agent, new ExecutorId(id.Value));
    }

    private void Remember(FrameworkState framework, TaskRecord task)
    {
        framework.Completed.Enqueue(task.ToView());
        if (framework.Completed.Count > state.Options.MaxCompletedTasks)
        {
            framework.Completed.Dequeue();
        }

        framework.HistoryChanged = true;
    }

    private void Detach(FrameworkState framework, TaskRecord task)
    {
        Release(framework, task);
        framework.Tasks.Remove(task.Key.TaskId);
        task.Agent.Tasks.Remove(task);
        state.Tasks.Remove(task.Slot);
        task.Slot = -1;
        state.Touch(task.Agent);
        state.Touch(framework);
    }

    private void End(Turn turn, FrameworkState framework, TaskRecord task, TaskState to, TaskStatus status)
    {
        state.EndedTasks[to] = state.EndedTasks.GetValueOrDefault(to) + 1;
        state.Count(TaskStates.Counter(to));
        Release(framework, task);
        if (to is not (TaskState.TaskFinished or TaskState.TaskKilled))
        {
            state.Tell(turn, "task-failed", task.Key.TaskId.Value, $"{task.Info.Name} ended as {StateName(to)}{(status.Message.Length > 0 ? $": {status.Message}" : "")}");
        }
    }

    private static string StateName(TaskState taskState) => "TASK_" + taskState.ToString()[4..].ToUpperInvariant();

    private static TaskStatus Complete(Turn turn, AgentState agent, TaskStatus status)
    {
        if (status.AgentId is not null && status.HasTimestamp && status.HasSource)
        {
            return status;
        }

        status = status.Clone();
        status.AgentId ??= new AgentID { Value = agent.Id.Value };
        status.Timestamp = status.HasTimestamp ? status.Timestamp : turn.Timestamp;
        status.Source = status.HasSource ? status.Source : TaskStatus.Types.Source.Agent;
        return status;
    }

    private static void Acknowledge(Turn turn, AgentState agent, FrameworkID framework, TaskStatus status)
    {
        if (agent.Stream is { } stream && status.HasUuid)
        {
            turn.Effects.Send(stream, new AgentEvent { Acknowledge = new AgentEvent.Types.Acknowledge { FrameworkId = framework, TaskId = status.TaskId, Uuid = status.Uuid } });
        }
    }
}
