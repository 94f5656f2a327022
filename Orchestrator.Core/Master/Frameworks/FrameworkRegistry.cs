using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Contract.Store;
using Orchestrator.Core.Master.Agents;
using Orchestrator.Core.Master.Offers;
using Orchestrator.Core.Master.Operations;
using Orchestrator.Core.Master.Tasks;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Views;

namespace Orchestrator.Core.Master.Frameworks;

/// <summary>
/// The frameworks.
/// <code>
///             SUBSCRIBE                stream broken              failover_timeout, TEARDOWN
/// (new) ──────────────► connected ──────────────► disconnected ──────────────────────► completed
///            known from agents or a restart: recovered ─ SUBSCRIBE ─► connected
/// </code>
/// </summary>
internal sealed class FrameworkRegistry(ClusterState state, OfferBook offers, TaskTable tasks, ExecutorBook executors, OperationBook operations)
{
    /// <summary>Seconds between heartbeats, as SUBSCRIBED announces them; edges send them.</summary>
    public const double HeartbeatSeconds = 15;

    /// <summary>When the next disconnected framework is removed; null for none.</summary>
    public DateTimeOffset? NextRemoval { get; private set; }

    /// <summary>Puts back a framework from the journal: recovered until it subscribes.</summary>
    public void Restore(StoredFramework stored, DateTimeOffset now)
    {
        var framework = Add(new FrameworkId(stored.Info.Id.Value), stored.Info, ClusterState.Time(stored.RegisteredNanoseconds));
        framework.IsRecovered = true;

        // It needs at least as long to come back as agents have.
        var timeout = Timeout(stored.Info);
        framework.RemoveAt = now + (timeout > state.Options.AgentReregisterTimeout ? timeout : state.Options.AgentReregisterTimeout);
        Schedule(framework.RemoveAt);
    }

    /// <summary>A framework known only from the tasks that an agent brings.</summary>
    public FrameworkState Recover(Turn turn, FrameworkInfo info)
    {
        var framework = Add(new FrameworkId(info.Id.Value), info, turn.Now);
        framework.IsRecovered = true;
        Note(turn, framework, isNew: true);
        return framework;
    }

    /// <summary>SUBSCRIBE. Refusals go as an ERROR event on the stream, which is then closed.</summary>
    public void Subscribe(Turn turn, MasterCommand.SubscribeScheduler command)
    {
        var subscribe = command.Call.Subscribe;
        var info = subscribe.FrameworkInfo.Clone();
        var id = info.Id is { Value.Length: > 0 } ? new FrameworkId(info.Id.Value) : (FrameworkId?)null;
        var known = id is { } given ? state.FrameworksById.GetValueOrDefault(given) : null;
        state.Count(known is null ? "messages_register_framework" : "messages_reregister_framework");
        var problem = FrameworkValidation.Check(info, subscribe.SuppressedRoles, state.Options)
            ?? (id is { } named && state.CompletedFrameworkIds.Contains(named) ? "Framework has been removed" : null)
            ?? (known is { IsRecovered: false } && known.Info.Principal != info.Principal ? "Changing FrameworkInfo.principal is not allowed" : null);
        if (problem is not null)
        {
            turn.Effects.Send(command.Stream, Error(problem));
            turn.Effects.Close(command.Stream);
            return;
        }

        var isNew = known is null;
        if (known is null)
        {
            id ??= state.NextFrameworkId();
            info.Id = new FrameworkID { Value = id.Value.Value };
            known = Add(id.Value, info, turn.Now);
            state.Tell(turn, "framework-registered", id.Value.Value, $"Framework {info.Name} subscribed");
        }
        else
        {
            Reconnect(turn, known, info);
        }

        Connect(turn, known, command.Stream, subscribe.SuppressedRoles);
        Note(turn, known, isNew);
    }

    /// <summary>The stream broke: no offers until it subscribes again, and no framework after the failover timeout.</summary>
    public void Disconnect(Turn turn, StreamId stream)
    {
        if (!state.FrameworksByStream.Remove(stream, out var framework) || framework.Stream != stream)
        {
            return;
        }

        framework.Stream = null;
        offers.DropAll(framework);
        state.Allocator.SetFrameworkActive(framework.Slot, false);
        framework.RemoveAt = turn.Now + Timeout(framework.Info);
        Schedule(framework.RemoveAt);
        state.Touch(framework);
        state.Count("messages_deactivate_framework");
        state.Tell(turn, "framework-disconnected", framework.Id.Value, $"Framework {framework.Info.Name} disconnected");
    }

    /// <summary>Removes frameworks that did not come back in time.</summary>
    public void RemoveOverdue(Turn turn)
    {
        if (!(NextRemoval <= turn.Now))
        {
            return;
        }

        NextRemoval = null;
        foreach (var framework in state.FrameworksById.Values.ToArray())
        {
            if (framework.RemoveAt <= turn.Now)
            {
                Remove(turn, framework);
            }
            else
            {
                Schedule(framework.RemoveAt);
            }
        }
    }

    /// <summary>TEARDOWN, failover timeout or an operator: its tasks are killed and it is history.</summary>
    public void Remove(Turn turn, FrameworkState framework)
    {
        state.Count("messages_unregister_framework");
        offers.DropAll(framework);
        var shutdown = new AgentEvent { ShutdownFramework = new AgentEvent.Types.ShutdownFramework { FrameworkId = new FrameworkID { Value = framework.Id.Value } } };
        foreach (var agent in state.AgentsById.Values)
        {
            if (agent.Stream is { } link)
            {
                turn.Effects.Send(link, shutdown);
            }
        }

        foreach (var task in framework.Tasks.Values.Concat(framework.Unreachable.Values).ToArray())
        {
            CompleteRemoved(turn, framework, task);
        }

        foreach (var agent in state.AgentsById.Values)
        {
            RemoveExecutors(framework, agent);
        }

        operations.ForgetAll(turn, framework);
        state.Allocator.RemoveFramework(framework.Slot);
        state.FrameworksById.Remove(framework.Id);
        state.Frameworks.Remove(framework.Slot);
        state.CompletedFrameworks.Enqueue(SnapshotBuilder.ViewOf(framework) with { Active = false, Connected = false, UnregisteredAt = turn.Now });
        state.CompletedFrameworkIds.Add(framework.Id);
        if (state.CompletedFrameworks.Count > state.Options.MaxCompletedFrameworks)
        {
            state.CompletedFrameworkIds.Remove(state.CompletedFrameworks.Dequeue().Id);
        }

        if (framework.Stream is { } stream)
        {
            state.FrameworksByStream.Remove(stream);
            turn.Effects.Close(stream);
        }

        turn.Effects.Note(new ClusterChange.FrameworkRemoved(framework.Info));
        ClusterState.Forget(turn, framework.Id);
        state.Tell(turn, "framework-removed", framework.Id.Value, $"Framework {framework.Info.Name} was removed");
    }

    /// <summary>UPDATE_FRAMEWORK: 200, or 400 with what must not change.</summary>
    public MasterReply Update(Turn turn, FrameworkState framework, Call.Types.UpdateFramework update)
    {
        var info = update.FrameworkInfo;
        var problem = FrameworkValidation.Check(info, update.SuppressedRoles, state.Options)
            ?? Unchanged("user", framework.Info.User, info.User)
            ?? Unchanged("checkpoint", framework.Info.Checkpoint ? "true" : "false", info.Checkpoint ? "true" : "false")
            ?? Unchanged("principal", framework.Info.Principal, info.Principal);
        if (problem is not null)
        {
            return new MasterReply(400, $"FrameworkInfo update is not valid: {problem}");
        }

        var changed = !framework.Info.Equals(info);
        SetInfo(turn, framework, info.Clone(), update.SuppressedRoles);
        Note(turn, framework, isNew: false);
        if (changed)
        {
            var message = new AgentEvent { UpdateFramework = new AgentEvent.Types.UpdateFramework { FrameworkInfo = framework.Info } };
            foreach (var agent in state.AgentsById.Values)
            {
                if (agent.Stream is { } link)
                {
                    turn.Effects.Send(link, message);
                }
            }
        }

        return MasterReply.Ok;
    }

    private static void Note(Turn turn, FrameworkState framework, bool isNew)
    {
        if (turn.Effects.IsWatched)
        {
            var view = SnapshotBuilder.ViewOf(framework);
            turn.Effects.Note(isNew ? new ClusterChange.FrameworkAdded(view) : new ClusterChange.FrameworkUpdated(view));
        }
    }

    private static string? Unchanged(string field, string old, string asked) =>
        old == asked ? null : $"Updating 'FrameworkInfo.{field}' is unsupported; attempted to update from '{old}' to '{asked}'";

    private void Reconnect(Turn turn, FrameworkState framework, FrameworkInfo info)
    {
        if (framework.Stream is { } old)
        {
            turn.Effects.Send(old, Error("Framework failed over"));
            turn.Effects.Close(old);
            state.FrameworksByStream.Remove(old);
            offers.DropAll(framework);
        }

        // These two cannot be changed any more and keep their old values, as with the reference.
        info.User = framework.Info.User;
        info.Checkpoint = framework.Info.Checkpoint;
        framework.SetInfo(info);
        framework.ReregisteredAt = turn.Now;
    }

    private void Connect(Turn turn, FrameworkState framework, StreamId stream, IEnumerable<string> suppressed)
    {
        framework.Stream = stream;
        framework.IsRecovered = false;
        framework.RemoveAt = null;
        state.FrameworksByStream[stream] = framework;
        SetInfo(turn, framework, framework.Info, suppressed);
        turn.Effects.Send(stream, new Event
        {
            Type = Event.Types.Type.Subscribed,
            Subscribed = new Event.Types.Subscribed
            {
                FrameworkId = new FrameworkID { Value = framework.Id.Value },
                HeartbeatIntervalSeconds = HeartbeatSeconds,
                MasterInfo = MasterInfoOf(state.Options),
            },
        });
        operations.Repeat(turn, framework);
    }

    private void SetInfo(Turn turn, FrameworkState framework, FrameworkInfo info, IEnumerable<string> suppressed)
    {
        framework.SetInfo(info);
        framework.SuppressedRoles.Clear();
        framework.SuppressedRoles.UnionWith(suppressed);
        foreach (var offer in framework.Offers.Where(offer => !framework.Roles.Contains(offer.Role)).ToArray())
        {
            offers.Rescind(turn, offer);
        }

        state.Allocator.SetFramework(framework.Slot, framework.Roles, framework.SuppressedRoles, framework.Traits, framework.IsConnected);
        ClusterState.Store(turn, framework);
        state.Touch(framework);
        state.ListsChanged = true;
    }

    private FrameworkState Add(FrameworkId id, FrameworkInfo info, DateTimeOffset registered)
    {
        var framework = new FrameworkState(id) { RegisteredAt = registered };
        framework.SetInfo(info);
        framework.Slot = state.Frameworks.Add(framework);
        state.FrameworksById[id] = framework;
        state.Allocator.SetFramework(framework.Slot, framework.Roles, framework.SuppressedRoles, framework.Traits, active: false);
        state.ListsChanged = true;
        return framework;
    }

    private void CompleteRemoved(Turn turn, FrameworkState framework, TaskRecord task)
    {
        var status = TaskTable.Make(turn, framework, task.Key.TaskId.Value, new AgentID { Value = task.Agent.Id.Value }, TaskState.TaskKilled, TaskStatus.Types.Reason.FrameworkRemoved, "Framework removed");
        if (task.Slot >= 0)
        {
            tasks.Move(turn, framework, task, TaskState.TaskKilled, status);
            tasks.Complete(framework, task);
        }
        else
        {
            framework.Unreachable.Remove(task.Key.TaskId);
            framework.Completed.Enqueue(task.ToView());
            framework.HistoryChanged = true;
        }
    }

    private void RemoveExecutors(FrameworkState framework, AgentState agent)
    {
        foreach (var key in agent.Executors.Keys.Where(key => key.Framework == framework.Id).ToArray())
        {
            executors.Remove(framework, agent, key.Executor);
        }
    }

    private void Schedule(DateTimeOffset? at) => NextRemoval = at is { } time && !(NextRemoval <= time) ? time : NextRemoval;

    private static TimeSpan Timeout(FrameworkInfo info) =>
        info.FailoverTimeout <= 0 ? TimeSpan.Zero : info.FailoverTimeout >= TimeSpan.FromDays(36500).TotalSeconds ? TimeSpan.FromDays(36500) : TimeSpan.FromSeconds(info.FailoverTimeout);

    private static Event Error(string message) => new() { Type = Event.Types.Type.Error, Error = new Event.Types.Error { Message = message } };

    /// <summary>The master as SUBSCRIBED announces it.</summary>
    public static MasterInfo MasterInfoOf(MasterOptions options) => new()
    {
        Id = options.Id,
        Ip = IpNumber(options.Ip),
        Port = (uint)options.Port,
        Pid = $"master@{options.Ip}:{options.Port}",
        Hostname = options.Hostname,
        Version = "1.11.0",
        Address = new Address { Hostname = options.Hostname, Ip = options.Ip, Port = options.Port },
        Capabilities =
            {
                new MasterInfo.Types.Capability { Type = MasterInfo.Types.Capability.Types.Type.AgentUpdate },
                new MasterInfo.Types.Capability { Type = MasterInfo.Types.Capability.Types.Type.AgentDraining },
                new MasterInfo.Types.Capability { Type = MasterInfo.Types.Capability.Types.Type.QuotaV2 },
            },
    };

    /// <summary>An IPv4 address in network byte order, as the wire's <c>ip</c> has it; 0 for others.</summary>
    private static uint IpNumber(string ip) =>
        System.Net.IPAddress.TryParse(ip, out var address) && address.GetAddressBytes() is { Length: 4 } bytes ? BitConverter.ToUInt32(bytes) : 0;
}
