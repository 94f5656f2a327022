using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Contract.Store;
using Orchestrator.Core.Master.Frameworks;
using Orchestrator.Core.Master.Maintenance;
using Orchestrator.Core.Master.Offers;
using Orchestrator.Core.Master.Operations;
using Orchestrator.Core.Master.Tasks;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;
using Orchestrator.Core.Views;

namespace Orchestrator.Core.Master.Agents;

/// <summary>
/// The agents.
/// <code>
///           SUBSCRIBE              link broken             silent too long
/// (new) ─────────────► connected ─────────────► disconnected ─────────────► unreachable ──► (SUBSCRIBE: connected)
///  known before a restart: recovered ─ SUBSCRIBE ─► connected      recovered ─ agent_reregister_timeout ─► unreachable
///                          connected ─ UNREGISTER, replaced, machine down ─► removed
///                          any ─ MARK_AGENT_GONE, drained with mark_gone ─► gone
/// </code>
/// Beside that, what operators want of it; it survives links, restarts and being unreachable:
/// <code>
/// in use ─ DEACTIVATE ─► deactivated ─ DRAIN ─► DRAINING ─ nothing runs any more ─► DRAINED (or gone)
///    ▲ └──────────────── DRAIN ─────────────────────▲                                  │
///    └───────────────── REACTIVATE ◄── deactivated ◄─────────────────────────────────────┘
/// </code>
/// </summary>
internal sealed partial class AgentRegistry(ClusterState state, FrameworkRegistry frameworks, OfferBook offers, TaskTable tasks, ExecutorBook executors, OperationBook operations, MaintenanceBook maintenance)
{
    /// <summary>Puts back an agent from the journal.</summary>
    public void Restore(StoredAgent stored, DateTimeOffset now)
    {
        var id = new AgentId(stored.Info.Id.Value);
        if (stored.HasUnreachableNanoseconds)
        {
            state.UnreachableAgents[id] = (stored, ClusterState.Time(stored.UnreachableNanoseconds));
        }
        else
        {
            state.RecoveredAgents[id] = (stored, now);
        }
    }

    /// <summary>The first call of a link. 200, or 400 with what is wrong with the agent's own words.</summary>
    public MasterReply Subscribe(Turn turn, MasterCommand.SubscribeAgent command)
    {
        var info = command.Subscribe.AgentInfo.Clone();
        ResourceList total;
        try
        {
            total = ResourceConversion.Total(ResourceList.FromProto(info.Resources), ResourceList.FromProto(command.Subscribe.CheckpointedResources));
        }
        catch (ResourceException error)
        {
            return new MasterReply(400, $"agent_info.resources: {error.Message}");
        }

        if (string.IsNullOrEmpty(info.Hostname))
        {
            return new MasterReply(400, "agent_info.hostname is empty; start the agent with --hostname.");
        }

        var id = info.Id is { Value.Length: > 0 } ? new AgentId(info.Id.Value) : (AgentId?)null;
        state.Count(id is null ? "messages_register_slave" : "messages_reregister_slave");
        if (id is { } removed && state.RemovedAgents.Contains(removed))
        {
            Refuse(turn, command.Stream, "This agent was removed from the cluster; it may join again with an empty work_dir.");
            return MasterReply.Ok;
        }

        if (maintenance.IsDown(info.Hostname, command.RemoteAddress))
        {
            Refuse(turn, command.Stream, "This machine is down for maintenance; it may join again when an operator has brought it up.");
            return MasterReply.Ok;
        }

        var agent = id is { } known ? state.AgentsById.GetValueOrDefault(known) : AtSameAddress(turn, info, command.RemoteAddress);
        var isNew = agent is null;
        if (agent is null)
        {
            id ??= state.NextAgentId();
            agent = Admit(turn, id.Value, info, total);
        }
        else
        {
            Reconnect(turn, agent, info, total);
        }

        Connect(turn, agent, command);
        if (isNew && turn.Effects.IsWatched)
        {
            turn.Effects.Note(new ClusterChange.AgentAdded(SnapshotBuilder.ViewOf(agent)));
        }

        TakeOver(turn, agent, command.Subscribe);
        KillDraining(turn, agent);
        return MasterReply.Ok;
    }

    /// <summary>The link broke: its resources are not offered until it is back.</summary>
    public void Disconnect(Turn turn, StreamId stream)
    {
        if (!state.AgentsByStream.Remove(stream, out var agent) || agent.Stream != stream)
        {
            return;
        }

        agent.Stream = null;
        offers.RescindAll(turn, agent);
        state.Allocator.SetAgentActive(agent.Slot, false);
        state.Touch(agent);
        state.Tell(turn, "agent-disconnected", agent.Id.Value, $"The link to agent {agent.Info.Hostname} broke");
    }

    /// <summary>Any further call of a linked agent.</summary>
    public MasterReply Call(Turn turn, StreamId stream, AgentCall call)
    {
        if (!state.AgentsByStream.TryGetValue(stream, out var agent))
        {
            return new MasterReply(403, "This stream is not the agent's current link: subscribe again.");
        }

        agent.LastHeard = turn.Now;
        switch (call.CallCase)
        {
            case AgentCall.CallOneofCase.Update:
                tasks.Update(turn, agent, call.Update);
                break;
            case AgentCall.CallOneofCase.Usage:
                Measure(turn, agent, call.Usage);
                break;
            case AgentCall.CallOneofCase.Message:
                FromExecutor(turn, agent, call.Message);
                break;
            case AgentCall.CallOneofCase.ExecutorExited:
                ExecutorExited(turn, agent, call.ExecutorExited);
                break;
            case AgentCall.CallOneofCase.Unregister:
                state.Count("messages_unregister_slave");
                Remove(turn, agent, TaskState.TaskLost, TaskStatus.Types.Reason.AgentRemoved, "The agent unregistered");
                state.Count("slave_removals/reason_unregistered");
                break;
            case AgentCall.CallOneofCase.UpdateOperation:
                operations.Update(turn, agent, call.UpdateOperation);
                break;
            case AgentCall.CallOneofCase.Pong:
                break;
            default:
                return new MasterReply(400, "An agent call must have one of: pong, update, message, executor_exited, usage, update_operation, unregister.");
        }

        return MasterReply.Accepted;
    }

    /// <summary>Takes an agent and its tasks out for good, or until it registers again under its id.</summary>
    public void Remove(Turn turn, AgentState agent, TaskState taskState, TaskStatus.Types.Reason reason, string message, bool mayReturn = false)
    {
        operations.Detach(turn, agent, OperationState.OperationGoneByOperator);
        Detach(turn, agent, task => EndTask(turn, agent, task, taskState, reason, message));
        ForgetForGood(turn, agent.Id, mayReturn);
        state.Tell(turn, "agent-removed", agent.Id.Value, $"Agent {agent.Info.Hostname} was removed: {message}");
    }

    private static void Refuse(Turn turn, StreamId stream, string message)
    {
        turn.Effects.Send(stream, new AgentEvent { Shutdown = new AgentEvent.Types.Shutdown { Message = message } });
        turn.Effects.Close(stream);
    }

    private void ForgetForGood(Turn turn, AgentId id, bool mayReturn = false)
    {
        ClusterState.Forget(turn, id);
        if (!mayReturn && state.RemovedAgents.Count < state.Options.MaxRemovedAgents)
        {
            state.RemovedAgents.Add(id);
        }

        state.Count("slave_removals");
        state.ListsChanged = true;
    }

    private AgentState Admit(Turn turn, AgentId id, AgentInfo info, ResourceList total)
    {
        var returning = state.RecoveredAgents.Remove(id, out var row) || state.UnreachableAgents.Remove(id, out row);
        info.Id = new AgentID { Value = id.Value };
        var agent = new AgentState(id, info)
        {
            Total = total,
            RegisteredAt = returning ? ClusterState.Time(row.Stored.RegisteredNanoseconds) : turn.Now,
            ReregisteredAt = returning ? turn.Now : null,
        };
        if (returning)
        {
            agent.TakeOver(row.Stored);
        }

        agent.Slot = state.Agents.Add(agent);
        state.AgentsById[id] = agent;
        state.AgentsByAddress[(info.Hostname, info.Port)] = agent;
        state.Total += total;
        state.ListsChanged = true;
        state.Allocator.AddAgent(agent.Slot, total, info.Domain?.FaultDomain?.Region?.Name);
        state.Count(returning ? "slave_reregistrations" : "slave_registrations");
        state.Tell(turn, returning ? "agent-returned" : "agent-registered", id.Value, $"Agent {info.Hostname} {(returning ? "is back" : "registered")}");
        return agent;
    }

    private void Reconnect(Turn turn, AgentState agent, AgentInfo info, ResourceList total)
    {
        if (agent.Stream is { } old)
        {
            state.AgentsByStream.Remove(old);
            turn.Effects.Close(old);
        }

        state.Count("slave_reregistrations");
        state.ForgetAddress(agent);
        agent.Info = info;
        state.AgentsByAddress[(info.Hostname, info.Port)] = agent;
        agent.ReregisteredAt = turn.Now;
        if (agent.Total.Contains(total) && total.Contains(agent.Total))
        {
            return;
        }

        // Other resources than before: what is held stays held, the rest is offered anew.
        offers.RescindAll(turn, agent);
        state.Total = state.Total - agent.Total + total;
        agent.Total = total;
        state.ListsChanged = true;
        state.Allocator.RemoveAgent(agent.Slot);
        state.Allocator.AddAgent(agent.Slot, total, info.Domain?.FaultDomain?.Region?.Name);
        foreach (var task in agent.Tasks)
        {
            if (task.HoldsResources)
            {
                state.Allocator.Occupy(agent.Slot, task.Resources);
            }
        }

        foreach (var executor in agent.Executors.Values)
        {
            state.Allocator.Occupy(agent.Slot, executor.Resources);
        }
    }

    private void Connect(Turn turn, AgentState agent, MasterCommand.SubscribeAgent command)
    {
        agent.Stream = command.Stream;
        agent.Ip = command.RemoteAddress;
        agent.Version = command.Subscribe.Version;
        agent.Capabilities = [.. command.Subscribe.Capabilities.Select(capability => Naming.Of(capability.Type))];
        agent.LastHeard = turn.Now;
        agent.LastPinged = turn.Now;
        state.AgentsByStream[command.Stream] = agent;
        maintenance.Note(agent);
        state.Allocator.SetAgentActive(agent.Slot, agent.IsActive);
        ClusterState.StoreAgent(turn, agent);
        state.Touch(agent);
        turn.Effects.Send(command.Stream, new AgentEvent
        {
            Subscribed = new AgentEvent.Types.Subscribed
            {
                AgentId = new AgentID { Value = agent.Id.Value },
                SilenceTimeoutSeconds = (state.Options.AgentPingTimeout * state.Options.MaxAgentPingTimeouts).TotalSeconds,
                MasterInfo = FrameworkRegistry.MasterInfoOf(state.Options),
            },
        });
    }

    /// <summary>
    /// An agent without an id where a known one is: while that one's link stands, the answer to its first registration was
    /// lost and it is the same agent; otherwise it starts anew and has replaced the known one.
    /// </summary>
    private AgentState? AtSameAddress(Turn turn, AgentInfo info, string remoteAddress)
    {
        RemoveReplaced(turn, info);
        if (!state.AgentsByAddress.TryGetValue((info.Hostname, info.Port), out var known) || known.Ip != remoteAddress)
        {
            return null;
        }

        if (known.IsConnected)
        {
            info.Id = known.Info.Id;
            return known;
        }

        state.Count("slave_removals/reason_registered");
        Remove(turn, known, TaskState.TaskLost, TaskStatus.Types.Reason.AgentRemoved, "A new agent registered in its place");
        return null;
    }

    private void Measure(Turn turn, AgentState agent, AgentCall.Types.Usage usage)
    {
        agent.Usage = new UsageView(usage.CpusUsed, usage.MemUsedMib, usage.DiskUsedMib) { At = turn.Now };
        state.Touch(agent);
        foreach (var measured in usage.Tasks)
        {
            if (state.FrameworksById.TryGetValue(new FrameworkId(measured.FrameworkId.Value), out var framework)
                && framework.Tasks.TryGetValue(new TaskId(measured.TaskId.Value), out var task))
            {
                task.Usage = new UsageView(measured.CpusUsed, measured.MemUsedMib, 0) { At = turn.Now, IsComplete = measured.HasCpusUsed && measured.HasMemUsedMib };
                state.Touch(task);
            }
        }
    }

    private void FromExecutor(Turn turn, AgentState agent, AgentCall.Types.ExecutorMessage message)
    {
        state.Count("messages_executor_to_framework");
        if (state.FrameworksById.GetValueOrDefault(new FrameworkId(message.FrameworkId.Value))?.Stream is not { } stream)
        {
            state.Count("invalid_executor_to_framework_messages");
            return;
        }

        state.Count("valid_executor_to_framework_messages");
        turn.Effects.Send(stream, new Event
        {
            Type = Event.Types.Type.Message,
            Message = new Event.Types.Message { AgentId = new AgentID { Value = agent.Id.Value }, ExecutorId = message.ExecutorId, Data = message.Data },
        });
    }

    private void ExecutorExited(Turn turn, AgentState agent, AgentCall.Types.ExecutorExited exited)
    {
        state.Count("messages_exited_executor");
        ExecutorGone(turn, agent, new FrameworkId(exited.FrameworkId.Value), new ExecutorId(exited.ExecutorId.Value), exited.Status);
    }

    /// <summary>What an executor held is free, and its framework hears of it.</summary>
    private void ExecutorGone(Turn turn, AgentState agent, FrameworkId frameworkId, ExecutorId id, int waitStatus)
    {
        if (!state.FrameworksById.TryGetValue(frameworkId, out var framework))
        {
            return;
        }

        executors.Remove(framework, agent, id);
        if (framework.Stream is { } stream)
        {
            turn.Effects.Send(stream, new Event
            {
                Type = Event.Types.Type.Failure,
                Failure = new Event.Types.Failure { AgentId = new AgentID { Value = agent.Id.Value }, ExecutorId = new ExecutorID { Value = id.Value }, Status = waitStatus },
            });
        }
    }
}
