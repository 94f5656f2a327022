using Google.Protobuf;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.Store;
using Orchestrator.Core.Master.Tasks;
using Orchestrator.Core.Primitives;

namespace Orchestrator.Core.Master.Agents;

/// <summary>What operators want of agents: out of use, emptied, gone. The states are drawn at the top of the type.</summary>
internal sealed partial class AgentRegistry
{
    /// <summary>Time that a task has to end when neither it nor the drain says anything, as executors have it.</summary>
    private static readonly TimeSpan s_usualGrace = TimeSpan.FromSeconds(3);

    private readonly HashSet<AgentState> _draining = [];

    /// <summary>DRAIN_AGENT. Asked again it takes over the new grace period and whether to mark gone.</summary>
    public MasterReply Drain(Turn turn, MasterCommand.DrainAgent command)
    {
        var config = new DrainConfig { MarkGone = command.MarkGone };
        if (command.MaxGracePeriod is { } grace)
        {
            config.MaxGracePeriod = new DurationInfo { Nanoseconds = grace.Ticks * 100 };
        }

        var info = new DrainInfo { State = DrainState.Draining, Config = config };
        if (state.AgentsById.TryGetValue(command.Agent, out var agent))
        {
            if (maintenance.IsScheduled(agent.Info.Hostname, agent.Ip))
            {
                return new MasterReply(400, $"The machine of agent {agent.Id} is in the maintenance schedule; take it out before draining the agent");
            }

            Deactivate(turn, agent);
            agent.DrainStartedAt = agent.IsDraining ? agent.DrainStartedAt : turn.Now;
            agent.Drain = info;
            _draining.Add(agent);
            KillDraining(turn, agent);
            ClusterState.StoreAgent(turn, agent);
            state.Touch(agent);
            state.Tell(turn, "agent-draining", agent.Id.Value, $"Agent {agent.Info.Hostname} drains{(command.MarkGone ? " and will be gone" : "")}");
            return MasterReply.Ok;
        }

        return ChangeAway(turn, command.Agent, stored =>
        {
            stored.Deactivated = true;
            stored.Drain = info;
            stored.DrainStartedNanoseconds = ClusterState.Nanoseconds(turn.Now);
            return null;
        });
    }

    /// <summary>DEACTIVATE_AGENT.</summary>
    public MasterReply Deactivate(Turn turn, AgentId id)
    {
        if (!state.AgentsById.TryGetValue(id, out var agent))
        {
            return ChangeAway(turn, id, stored =>
            {
                stored.Deactivated = true;
                return null;
            });
        }

        if (!agent.IsDeactivated)
        {
            Deactivate(turn, agent);
            ClusterState.StoreAgent(turn, agent);
            state.Tell(turn, "agent-deactivated", agent.Id.Value, $"Agent {agent.Info.Hostname} was deactivated");
        }

        return MasterReply.Ok;
    }

    /// <summary>REACTIVATE_AGENT.</summary>
    public MasterReply Reactivate(Turn turn, AgentId id)
    {
        if (!state.AgentsById.TryGetValue(id, out var agent))
        {
            return ChangeAway(turn, id, stored =>
            {
                var refused = RefuseReactivation(id, stored.Deactivated, stored.Drain);
                stored.ClearDeactivated();
                stored.Drain = null;
                stored.ClearDrainStartedNanoseconds();
                return refused;
            });
        }

        if (RefuseReactivation(id, agent.IsDeactivated, agent.Drain) is { } problem)
        {
            return new MasterReply(400, problem);
        }

        agent.IsDeactivated = false;
        agent.Drain = null;
        agent.DrainStartedAt = null;
        state.Allocator.SetAgentActive(agent.Slot, agent.IsActive);
        ClusterState.StoreAgent(turn, agent);
        state.Touch(agent);
        state.ListsChanged = true;
        state.Tell(turn, "agent-reactivated", agent.Id.Value, $"Agent {agent.Info.Hostname} is in use again");
        return MasterReply.Ok;
    }

    /// <summary>MARK_AGENT_GONE.</summary>
    public MasterReply MarkGone(Turn turn, AgentId id)
    {
        if (state.GoneAgents.Contains(id))
        {
            return MasterReply.Ok;
        }

        if (state.AgentsById.TryGetValue(id, out var agent))
        {
            MakeGone(turn, agent);
            return MasterReply.Ok;
        }

        if (!state.RecoveredAgents.Remove(id, out var row) && !state.UnreachableAgents.Remove(id, out row))
        {
            return new MasterReply(404, $"Agent '{id}' is not known");
        }

        VanishUnreachable(turn, id, TaskState.TaskGoneByOperator, TaskStatus.Types.Reason.AgentRemovedByOperator, "An operator marked the agent gone");
        ForgetForGood(turn, id);
        RememberGone(turn, id);
        state.Tell(turn, "agent-gone", id.Value, $"Agent {row.Stored.Info.Hostname} was marked gone");
        return MasterReply.Ok;
    }

    /// <summary>The agent's machine is down: it is told to stop, and removed. It may join again when the machine is up.</summary>
    public void TakeDown(Turn turn, AgentState agent)
    {
        if (agent.Stream is { } open)
        {
            turn.Effects.Send(open, new AgentEvent { Shutdown = new AgentEvent.Types.Shutdown { Message = "This machine is down for maintenance." } });
        }

        Remove(turn, agent, TaskState.TaskLost, TaskStatus.Types.Reason.AgentRemoved, "The machine is down for maintenance", mayReturn: true);
    }

    /// <summary>Puts back from the journal that an agent is gone.</summary>
    public void RestoreGone(AgentId id)
    {
        state.GoneAgents.Enqueue(id);
        state.RemovedAgents.Add(id);
    }

    /// <summary>Agents on which nothing runs any more are drained, or gone if they shall be.</summary>
    public void SettleDraining(Turn turn)
    {
        if (_draining.Count == 0)
        {
            return;
        }

        foreach (var agent in _draining.ToArray())
        {
            if (!agent.IsDraining || state.AgentsById.GetValueOrDefault(agent.Id) != agent)
            {
                _draining.Remove(agent);
            }
            else if (agent.IsConnected && agent.Tasks.Count == 0 && !operations.HasPending(agent))
            {
                _draining.Remove(agent);
                Settle(turn, agent);
            }
        }
    }

    /// <summary>A status of a task that was ended because its agent drains says so.</summary>
    public static (TaskStatus Status, TaskState Latest) Explain(AgentState agent, bool isPartitionAware, TaskStatus status, TaskState latest)
    {
        if (!agent.IsDraining || status.State is not (TaskState.TaskKilling or TaskState.TaskKilled))
        {
            return (status, latest);
        }

        var gone = agent.Drain!.Config.MarkGone && isPartitionAware;
        status = status.Clone();
        status.Reason = TaskStatus.Types.Reason.AgentDraining;
        status.State = gone && status.State == TaskState.TaskKilled ? TaskState.TaskGoneByOperator : status.State;
        return (status, gone && latest == TaskState.TaskKilled ? TaskState.TaskGoneByOperator : latest);
    }

    private static string? RefuseReactivation(AgentId id, bool isDeactivated, DrainInfo? drain) =>
        drain is { State: DrainState.Draining } ? $"Agent {id} is still in the DRAINING state; wait until it is drained"
        : isDeactivated ? null
        : $"Agent {id} is not deactivated";

    private void Settle(Turn turn, AgentState agent)
    {
        if (agent.Drain!.Config.MarkGone)
        {
            MakeGone(turn, agent);
            return;
        }

        agent.Drain = new DrainInfo { State = DrainState.Drained, Config = agent.Drain.Config };
        ClusterState.StoreAgent(turn, agent);
        state.Touch(agent);
        state.Tell(turn, "agent-drained", agent.Id.Value, $"Agent {agent.Info.Hostname} is drained");
    }

    private void Deactivate(Turn turn, AgentState agent)
    {
        agent.IsDeactivated = true;
        offers.RescindAll(turn, agent);
        state.Allocator.SetAgentActive(agent.Slot, false);
        state.Touch(agent);
    }

    /// <summary>Kills what runs on an agent that drains: when that begins, and what it brings when it is back.</summary>
    private void KillDraining(Turn turn, AgentState agent)
    {
        if (!agent.IsDraining || agent.Stream is not { } stream)
        {
            return;
        }

        _draining.Add(agent);
        foreach (var task in agent.Tasks)
        {
            if (TaskStates.IsTerminal(task.State))
            {
                continue;
            }

            turn.Effects.Send(stream, new AgentEvent
            {
                KillTask = new AgentEvent.Types.KillTask
                {
                    FrameworkId = new FrameworkID { Value = task.Key.FrameworkId.Value },
                    TaskId = task.Info.TaskId,
                    KillPolicy = GraceOf(agent.Drain!.Config, task.Info.KillPolicy),
                },
            });
        }
    }

    /// <summary>The task's own grace period unless the drain allows less.</summary>
    private static KillPolicy? GraceOf(DrainConfig config, KillPolicy? own)
    {
        if (config.MaxGracePeriod is not { } most)
        {
            return null;
        }

        var asked = own?.GracePeriod?.Nanoseconds ?? s_usualGrace.Ticks * 100;
        return asked <= most.Nanoseconds ? null : new KillPolicy { GracePeriod = most };
    }

    private void MakeGone(Turn turn, AgentState agent)
    {
        var stream = agent.Stream;
        if (stream is { } open)
        {
            turn.Effects.Send(open, new AgentEvent { Shutdown = new AgentEvent.Types.Shutdown { Message = "An operator marked this agent gone; it may join again with an empty work_dir." } });
        }

        Remove(turn, agent, TaskState.TaskGoneByOperator, TaskStatus.Types.Reason.AgentRemovedByOperator, "An operator marked the agent gone");
        RememberGone(turn, agent.Id);
    }

    private void RememberGone(Turn turn, AgentId id)
    {
        state.RemovedAgents.Add(id);
        state.GoneAgents.Enqueue(id);
        turn.Effects.Store("gone/" + id.Value, []);
        if (state.GoneAgents.Count > state.Options.MaxRemovedAgents)
        {
            var oldest = state.GoneAgents.Dequeue();
            state.RemovedAgents.Remove(oldest);
            turn.Effects.Store("gone/" + oldest.Value, null);
        }
    }

    private void VanishUnreachable(Turn turn, AgentId id, TaskState to, TaskStatus.Types.Reason reason, string message)
    {
        foreach (var framework in state.FrameworksById.Values)
        {
            foreach (var task in framework.Unreachable.Values.Where(task => task.Agent.Id == id).ToArray())
            {
                tasks.Vanish(turn, framework, task, message, to, reason);
            }
        }
    }

    /// <summary>Changes an agent that is away: it is so when it comes back. The change may refuse with a text.</summary>
    private MasterReply ChangeAway(Turn turn, AgentId id, Func<StoredAgent, string?> change)
    {
        var table = state.RecoveredAgents.ContainsKey(id) ? state.RecoveredAgents : state.UnreachableAgents;
        if (!table.TryGetValue(id, out var row))
        {
            return new MasterReply(400, $"Agent '{id}' is not known");
        }

        var stored = row.Stored.Clone();
        if (change(stored) is { } refused)
        {
            return new MasterReply(400, refused);
        }

        table[id] = (stored, row.Since);
        turn.Effects.Store("agent/" + id.Value, stored.ToByteArray());
        state.ListsChanged = true;
        return MasterReply.Ok;
    }
}
