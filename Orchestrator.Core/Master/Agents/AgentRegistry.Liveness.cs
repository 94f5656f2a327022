using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Contract.Store;
using Orchestrator.Core.Master.Tasks;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Views;

namespace Orchestrator.Core.Master.Agents;

/// <summary>
/// Who is still there. A sweep each second looks at a share of the agents: one that said nothing for a ping timeout, or was
/// not pinged for two, is pinged; one that said nothing for all of them is unreachable.
/// </summary>
internal sealed partial class AgentRegistry
{
    /// <summary>Ping timeouts after which also an agent that talks is pinged: it takes a link on which it hears nothing for broken.</summary>
    private const int QuietPings = 2;

    private static readonly TimeSpan s_sweepEvery = TimeSpan.FromSeconds(1);
    private readonly List<AgentState> _silent = [];
    private DateTimeOffset _nextSweep;
    private DateTimeOffset _nextRemoval;
    private int _sweep;

    /// <summary>When the next sweep is due; null without agents.</summary>
    public DateTimeOffset? NextSweep => state.AgentsById.Count + state.RecoveredAgents.Count > 0 ? _nextSweep : null;

    /// <summary>Pings, and takes out who is silent for too long.</summary>
    public void Sweep(Turn turn)
    {
        if (_nextSweep > turn.Now)
        {
            return;
        }

        _nextSweep = turn.Now + s_sweepEvery;
        var shares = Math.Max(1, (int)Math.Round(state.Options.AgentPingTimeout / s_sweepEvery));
        _sweep = (_sweep + 1) % shares;
        for (var slot = _sweep; slot < state.Agents.Slots; slot += shares)
        {
            if (state.Agents[slot] is { } agent)
            {
                Check(turn, agent);
            }
        }

        foreach (var agent in _silent)
        {
            if (MayRemove(turn))
            {
                MakeUnreachable(turn, agent);
            }
        }

        _silent.Clear();
        ExpireRecovered(turn);
    }

    private void Check(Turn turn, AgentState agent)
    {
        var silence = turn.Now - agent.LastHeard;
        if (silence >= state.Options.AgentPingTimeout * state.Options.MaxAgentPingTimeouts)
        {
            if (!agent.IsRemovalScheduled)
            {
                agent.IsRemovalScheduled = true;
                state.Count("slave_unreachable_scheduled");
            }

            _silent.Add(agent);
            return;
        }

        if (agent.IsRemovalScheduled)
        {
            agent.IsRemovalScheduled = false;
            state.Count("slave_unreachable_canceled");
        }

        if (agent.Stream is { } stream && (silence >= state.Options.AgentPingTimeout - s_sweepEvery || turn.Now - agent.LastPinged >= QuietPings * state.Options.AgentPingTimeout))
        {
            agent.LastPinged = turn.Now;
            turn.Effects.Send(stream, new AgentEvent { Ping = new AgentEvent.Types.Ping() });
        }
    }

    /// <summary>
    /// Whether another agent may become unreachable now. With a removal rate limit they do so one after the other: when a whole
    /// rack seems silent the fault may be on this side.
    /// </summary>
    private bool MayRemove(Turn turn)
    {
        if (state.Options.AgentRemovalInterval is not { } interval)
        {
            return true;
        }

        if (turn.Now < _nextRemoval)
        {
            return false;
        }

        _nextRemoval = turn.Now + interval;
        return true;
    }

    private void MakeUnreachable(Turn turn, AgentState agent)
    {
        state.Count("slave_unreachable_completed");
        state.Count("slave_removals/reason_unhealthy");
        var stored = agent.ToStored();
        stored.UnreachableNanoseconds = ClusterState.Nanoseconds(turn.Now);
        operations.Detach(turn, agent, OperationState.OperationUnreachable);
        Detach(turn, agent, task => TakeAway(turn, agent, task));
        AddUnreachable(turn, agent.Id, stored);
        state.Tell(turn, "agent-unreachable", agent.Id.Value, $"Agent {agent.Info.Hostname} does not answer");
    }

    private void TakeAway(Turn turn, AgentState agent, TaskRecord task)
    {
        if (!state.FrameworksById.TryGetValue(task.Key.FrameworkId, out var framework))
        {
            return;
        }

        // An end that is known here but was not yet told is told when the agent is back; until then the task is not forgotten.
        if (TaskStates.IsTerminal(task.UpdateState))
        {
            tasks.Complete(framework, task);
            return;
        }

        tasks.MakeUnreachable(turn, framework, task);
        var status = TaskTable.Make(turn, framework, task.Key.TaskId.Value, new AgentID { Value = agent.Id.Value }, TaskState.TaskUnreachable, TaskStatus.Types.Reason.AgentRemoved, $"Agent {agent.Info.Hostname} is unreachable");
        if (framework.IsPartitionAware)
        {
            status.UnreachableTime = new TimeInfo { Nanoseconds = ClusterState.Nanoseconds(turn.Now) };
        }

        task.Note(status);
        TaskTable.Note(turn, framework, task, status);
        TaskTable.Forward(turn, framework, status);
    }

    private void ExpireRecovered(Turn turn)
    {
        foreach (var (id, row) in state.RecoveredAgents.Where(pair => turn.Now - pair.Value.Since >= state.Options.AgentReregisterTimeout).ToArray())
        {
            state.RecoveredAgents.Remove(id);
            state.Count("recovery_slave_removals");
            var stored = row.Stored.Clone();
            stored.UnreachableNanoseconds = ClusterState.Nanoseconds(turn.Now);
            AddUnreachable(turn, id, stored);
            state.Tell(turn, "agent-unreachable", id.Value, $"Agent {stored.Info.Hostname} did not come back after the restart");
        }
    }

    private void AddUnreachable(Turn turn, AgentId id, StoredAgent stored)
    {
        state.UnreachableAgents[id] = (stored, turn.Now);
        ClusterState.StoreUnreachable(turn, id, stored);
        if (state.UnreachableAgents.Count > state.Options.MaxRemovedAgents)
        {
            var oldest = state.UnreachableAgents.MinBy(pair => pair.Value.Since).Key;
            state.UnreachableAgents.Remove(oldest);
            ClusterState.Forget(turn, oldest);
        }

        state.ListsChanged = true;
    }

    /// <summary>Takes an agent out of all tables; each of its tasks goes where the caller says.</summary>
    private void Detach(Turn turn, AgentState agent, Action<TaskRecord> take)
    {
        offers.RescindAll(turn, agent);
        foreach (var task in agent.Tasks.ToArray())
        {
            take(task);
        }

        foreach (var key in agent.Executors.Keys.ToArray())
        {
            if (state.FrameworksById.TryGetValue(key.Framework, out var framework))
            {
                executors.Remove(framework, agent, key.Executor);
            }
        }

        if (agent.Stream is { } stream)
        {
            state.AgentsByStream.Remove(stream);
            turn.Effects.Close(stream);
        }

        state.Allocator.RemoveAgent(agent.Slot);
        state.AgentsById.Remove(agent.Id);
        state.ForgetAddress(agent);
        state.Agents.Remove(agent.Slot);
        state.Total -= agent.Total;
        state.ListsChanged = true;
        turn.Effects.Note(new ClusterChange.AgentRemoved(agent.Id));
        TellFrameworks(turn, agent);
    }

    private void TellFrameworks(Turn turn, AgentState agent)
    {
        var failure = new Event { Type = Event.Types.Type.Failure, Failure = new Event.Types.Failure { AgentId = new AgentID { Value = agent.Id.Value } } };
        foreach (var framework in state.FrameworksById.Values)
        {
            if (framework.Stream is { } link)
            {
                turn.Effects.Send(link, failure);
            }
        }
    }
}
