using Google.Protobuf;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Master.Frameworks;
using Orchestrator.Core.Master.Tasks;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;

namespace Orchestrator.Core.Master.Agents;

/// <summary>What an agent brings when it subscribes: its tasks are taken over, and what it has lost is said.</summary>
internal sealed partial class AgentRegistry
{
    private void TakeOver(Turn turn, AgentState agent, AgentCall.Types.Subscribe subscribe)
    {
        var infos = subscribe.Frameworks.ToDictionary(info => info.Id.Value);
        var held = new HashSet<TaskKey>();
        foreach (var executor in subscribe.Executors)
        {
            TakeExecutor(turn, agent, executor, infos);
        }

        ReleaseMissing(turn, agent, subscribe);
        foreach (var task in subscribe.Tasks)
        {
            held.Add(new TaskKey(new FrameworkId(task.FrameworkId.Value), new TaskId(task.TaskInfo.TaskId.Value)));
            TakeTask(turn, agent, task, infos);
        }

        foreach (var task in agent.Tasks.Where(task => !held.Contains(task.Key)).ToArray())
        {
            Missing(turn, agent, task);
        }

        foreach (var framework in state.FrameworksById.Values)
        {
            foreach (var task in framework.Unreachable.Values.Where(task => task.Agent.Id == agent.Id && !held.Contains(task.Key)).ToArray())
            {
                tasks.Vanish(turn, framework, task, "Reconciliation: The agent is back without the task");
            }
        }

        operations.TakeOver(turn, agent, subscribe.Operations);
        foreach (var key in agent.PendingKills)
        {
            turn.Effects.Send(agent.Stream!.Value, new AgentEvent
            {
                KillTask = new AgentEvent.Types.KillTask { FrameworkId = new FrameworkID { Value = key.FrameworkId.Value }, TaskId = new TaskID { Value = key.TaskId.Value } },
            });
        }

        agent.PendingKills.Clear();
    }

    /// <summary>Executors that ended while the agent could not tell. The built-in one of a group goes with its last task.</summary>
    private void ReleaseMissing(Turn turn, AgentState agent, AgentCall.Types.Subscribe subscribe)
    {
        var running = subscribe.Executors.Select(held => (new FrameworkId(held.FrameworkId.Value), new ExecutorId(held.ExecutorInfo.ExecutorId.Value))).ToHashSet();
        foreach (var (key, executor) in agent.Executors.ToArray())
        {
            if (!running.Contains(key) && executor.Info is not { HasType: true, Type: ExecutorInfo.Types.Type.Default })
            {
                ExecutorGone(turn, agent, key.Framework, key.Executor, -1);
            }
        }
    }

    private void TakeTask(Turn turn, AgentState agent, AgentCall.Types.HeldTask held, Dictionary<string, FrameworkInfo> infos)
    {
        if (FrameworkOf(turn, agent, held.FrameworkId, infos) is not { } framework)
        {
            return;
        }

        var id = new TaskId(held.TaskInfo.TaskId.Value);
        var task = framework.Tasks.GetValueOrDefault(id);
        var isNew = task is null;
        if (task is null)
        {
            var unreachable = framework.Unreachable.GetValueOrDefault(id);
            task = unreachable is null ? AddHeld(turn, framework, agent, held) : ReturnHeld(framework, agent, unreachable, held);
        }

        var pending = held.Unacknowledged ?? held.Latest;
        task.UpdateState = pending.State;
        task.UpdateUuid = pending.HasUuid ? pending.Uuid : ByteString.Empty;
        if (isNew && !TaskStates.IsTerminal(task.State))
        {
            task.State = TaskState.TaskStaging;
        }

        var before = task.State;
        tasks.Move(turn, framework, task, held.Latest.State, held.Latest);
        if (isNew && !TaskStates.IsTerminal(held.Latest.State) && before != held.Latest.State)
        {
            Announce(turn, framework, agent, task);
        }

        if (TaskStates.IsTerminal(task.State) && held.Unacknowledged is null)
        {
            tasks.Complete(framework, task);
        }
    }

    private TaskRecord AddHeld(Turn turn, FrameworkState framework, AgentState agent, AgentCall.Types.HeldTask held)
    {
        var resources = ResourceList.FromProto(held.TaskInfo.Resources);
        var role = held.TaskInfo.Resources.FirstOrDefault(resource => resource.AllocationInfo is { HasRole: true })?.AllocationInfo.Role ?? framework.Roles[0];
        var holds = Charge(framework, role, agent, resources, held);
        return tasks.Add(turn, framework, agent, held.TaskInfo, role, resources, holds);
    }

    private TaskRecord ReturnHeld(FrameworkState framework, AgentState agent, TaskRecord task, AgentCall.Types.HeldTask held)
    {
        tasks.Return(framework, task, agent, Charge(framework, task.Role, agent, task.Resources, held));
        return task;
    }

    /// <summary>
    /// Counts what a task uses, unless it has ended and only waits for its last acknowledgement: what it used may have gone
    /// to another task since.
    /// </summary>
    private bool Charge(FrameworkState framework, string role, AgentState agent, ResourceList resources, AgentCall.Types.HeldTask held)
    {
        if (TaskStates.IsTerminal(held.Latest.State))
        {
            return false;
        }

        state.Allocator.Charge(framework.Slot, role, agent.Slot, resources);
        return true;
    }

    /// <summary>Agents that are away and at whose address one starts anew do not come back, nor do their tasks.</summary>
    private void RemoveReplaced(Turn turn, AgentInfo info)
    {
        foreach (var (id, row) in state.RecoveredAgents.Concat(state.UnreachableAgents).Where(pair => pair.Value.Stored.Info.Hostname == info.Hostname && pair.Value.Stored.Info.Port == info.Port).ToArray())
        {
            state.RecoveredAgents.Remove(id);
            state.UnreachableAgents.Remove(id);
            foreach (var framework in state.FrameworksById.Values)
            {
                foreach (var task in framework.Unreachable.Values.Where(task => task.Agent.Id == id).ToArray())
                {
                    tasks.Vanish(turn, framework, task, "A new agent registered in the place of the task's agent");
                }
            }

            ForgetForGood(turn, id);
            state.Count("slave_removals/reason_registered");
            state.Tell(turn, "agent-removed", id.Value, $"Agent {row.Stored.Info.Hostname} was removed: a new agent registered in its place");
        }
    }

    /// <summary>A task that is back after its agent was unreachable, or after this master restarted, is told of.</summary>
    private static void Announce(Turn turn, FrameworkState framework, AgentState agent, TaskRecord task) => TaskTable.Forward(turn, framework, TaskTable.Make(
        turn, framework, task.Key.TaskId.Value, new AgentID { Value = agent.Id.Value }, task.State, TaskStatus.Types.Reason.AgentReregistered, "The agent of the task is registered again"));

    private void TakeExecutor(Turn turn, AgentState agent, AgentCall.Types.HeldExecutor held, Dictionary<string, FrameworkInfo> infos)
    {
        var key = (new FrameworkId(held.FrameworkId.Value), new ExecutorId(held.ExecutorInfo.ExecutorId.Value));
        if (agent.Executors.ContainsKey(key) || FrameworkOf(turn, agent, held.FrameworkId, infos) is not { } framework)
        {
            return;
        }

        var resources = ResourceList.FromProto(held.ExecutorInfo.Resources);
        var role = held.ExecutorInfo.Resources.FirstOrDefault(resource => resource.AllocationInfo is { HasRole: true })?.AllocationInfo.Role ?? framework.Roles[0];
        state.Allocator.Charge(framework.Slot, role, agent.Slot, resources);
        executors.Add(framework, agent, new ExecutorRecord(held.ExecutorInfo, role, resources));
    }

    /// <summary>The framework of something that an agent holds; null when it was removed, which the agent is told.</summary>
    private FrameworkState? FrameworkOf(Turn turn, AgentState agent, FrameworkID id, Dictionary<string, FrameworkInfo> infos)
    {
        var framework = new FrameworkId(id.Value);
        if (state.FrameworksById.TryGetValue(framework, out var known))
        {
            return known;
        }

        if (!state.CompletedFrameworkIds.Contains(framework) && infos.TryGetValue(id.Value, out var info))
        {
            return frameworks.Recover(turn, info);
        }

        turn.Effects.Send(agent.Stream!.Value, new AgentEvent { ShutdownFramework = new AgentEvent.Types.ShutdownFramework { FrameworkId = id } });
        return null;
    }

    /// <summary>The agent does not know a task that was sent to it: it was lost on the way, or with the agent's disk.</summary>
    private void Missing(Turn turn, AgentState agent, TaskRecord task) => EndTask(
        turn, agent, task, task.State == TaskState.TaskStaging ? TaskState.TaskDropped : TaskState.TaskGone, TaskStatus.Types.Reason.Reconciliation, "Reconciliation: Task is unknown to the agent");

    private void EndTask(Turn turn, AgentState agent, TaskRecord task, TaskState to, TaskStatus.Types.Reason reason, string message)
    {
        if (!state.FrameworksById.TryGetValue(task.Key.FrameworkId, out var framework))
        {
            return;
        }

        if (!TaskStates.IsTerminal(task.State))
        {
            var status = TaskTable.Make(turn, framework, task.Key.TaskId.Value, new AgentID { Value = agent.Id.Value }, to, reason, message);
            tasks.Move(turn, framework, task, status.State, status);
            TaskTable.Forward(turn, framework, status);
        }

        tasks.Complete(framework, task);
    }
}
