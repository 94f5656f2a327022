using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Master.Agents;
using Orchestrator.Core.Master.Frameworks;
using Orchestrator.Core.Master.Maintenance;
using Orchestrator.Core.Master.Offers;
using Orchestrator.Core.Master.Operations;
using Orchestrator.Core.Master.Roles;
using Orchestrator.Core.Master.Tasks;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Views;
using InverseAnswer = Orchestrator.Core.Contract.AllocatorApi.InverseOfferStatus.Types.Status;

namespace Orchestrator.Core.Master;

/// <summary>
/// The master: agents bring resources, frameworks are offered them and launch tasks, agents tell what becomes of the tasks.
/// Pure: see <see cref="IEngine{TCommand,TReply,TEffects,TSnapshot}"/>. Source: Mesos v1 scheduler API.
/// </summary>
public sealed partial class MasterEngine : IEngine<MasterCommand, MasterReply, MasterEffects, ClusterSnapshot>
{
    private readonly ClusterState _state;
    private readonly OfferBook _offers;
    private readonly TaskTable _tasks;
    private readonly OperationBook _operations;
    private readonly OperationHandler _operate;
    private readonly AcceptHandler _accept;
    private readonly Reconciler _reconciler;
    private readonly FrameworkRegistry _frameworks;
    private readonly AgentRegistry _agents;
    private readonly RoleBook _roles;
    private readonly MaintenanceBook _maintenance;
    private readonly SnapshotBuilder _snapshots;

    /// <summary>A master with what the journal's area <c>master</c> holds: see <c>Restore</c>.</summary>
    public MasterEngine(MasterOptions options, IEnumerable<JournalRecord> restored, DateTimeOffset now)
    {
        _state = new ClusterState(options);
        _offers = new OfferBook(_state);
        var executors = new ExecutorBook(_state);
        _tasks = new TaskTable(_state, executors);
        _operations = new OperationBook(_state);
        _operate = new OperationHandler(_state, _offers, _operations);
        _accept = new AcceptHandler(_state, _offers, _tasks, executors, _operate);
        _reconciler = new Reconciler(_state);
        _frameworks = new FrameworkRegistry(_state, _offers, _tasks, executors, _operations);
        _roles = new RoleBook(_state, _offers);
        _maintenance = new MaintenanceBook(_state, _offers);
        _agents = new AgentRegistry(_state, _frameworks, _offers, _tasks, executors, _operations, _maintenance);
        _snapshots = new SnapshotBuilder(_state, _operations, now);
        foreach (var record in restored)
        {
            Restore(record, now);
        }
    }

    /// <inheritdoc/>
    public DateTimeOffset? NextDue =>
        Earliest(Earliest(Earliest(_agents.NextSweep, _frameworks.NextRemoval), Earliest(_offers.NextTimeout, _state.Allocator.NextExpiry)), _maintenance.NextRound);

    /// <inheritdoc/>
    public MasterReply Apply(MasterCommand command, DateTimeOffset now, MasterEffects effects)
    {
        var turn = new Turn(now, effects);
        switch (command)
        {
            case MasterCommand.CallScheduler call:
                return CallScheduler(turn, call);
            case MasterCommand.CallAgent call:
                return _agents.Call(turn, call.Stream, call.Call);
            case MasterCommand.SubscribeScheduler subscribe:
                _frameworks.Subscribe(turn, subscribe);
                return MasterReply.Ok;
            case MasterCommand.SubscribeAgent subscribe:
                return _agents.Subscribe(turn, subscribe);
            case MasterCommand.DisconnectScheduler disconnect:
                _frameworks.Disconnect(turn, disconnect.Stream);
                return MasterReply.Ok;
            case MasterCommand.DisconnectAgent disconnect:
                _agents.Disconnect(turn, disconnect.Stream);
                return MasterReply.Ok;
            case MasterCommand.KillTask kill:
                return KillTask(turn, kill.Task);
            case MasterCommand.ChangeResources change:
                return _state.AgentsById.TryGetValue(change.Agent, out var changed)
                    ? _operate.Operate(turn, changed, change.Operation, change.Principal)
                    : new MasterReply(400, $"No agent found with ID '{change.Agent}'");
            case MasterCommand.TeardownFramework teardown:
                if (!_state.FrameworksById.TryGetValue(teardown.Framework, out var framework))
                {
                    return new MasterReply(400, "No framework found with specified ID");
                }

                _frameworks.Remove(turn, framework);
                return MasterReply.Ok;
            default:
                return Operate(turn, command);
        }
    }

    /// <inheritdoc/>
    public void Advance(DateTimeOffset now, MasterEffects effects)
    {
        var turn = new Turn(now, effects);
        _agents.Sweep(turn);
        _agents.SettleDraining(turn);
        _frameworks.RemoveOverdue(turn);
        _offers.RescindTimedOut(turn);
        _offers.Allocate(turn);
        _maintenance.Ask(turn);
    }

    /// <inheritdoc/>
    public ClusterSnapshot Publish(DateTimeOffset now) => _snapshots.Publish(now);

    private MasterReply CallScheduler(Turn turn, MasterCommand.CallScheduler command)
    {
        var call = command.Call;
        if (call.FrameworkId is null || !_state.FrameworksById.TryGetValue(new FrameworkId(call.FrameworkId.Value), out var framework))
        {
            return new MasterReply(400, "Framework cannot be found");
        }

        if (command.Principal is not null && framework.Info.HasPrincipal && framework.Info.Principal != command.Principal)
        {
            return new MasterReply(400, $"Authenticated principal '{command.Principal}' does not match principal '{framework.Info.Principal}' set in `FrameworkInfo`");
        }

        if (framework.Stream is not { } stream)
        {
            return new MasterReply(403, "Framework is not subscribed");
        }

        if (string.IsNullOrEmpty(command.Stream))
        {
            return new MasterReply(400, "All non-subscribe calls should include the 'Mesos-Stream-Id' header");
        }

        if (!string.Equals(command.Stream, stream.ToString(), StringComparison.OrdinalIgnoreCase))
        {
            return new MasterReply(400, $"The stream ID '{command.Stream}' included in this request didn't match the stream ID currently associated with framework ID '{framework.Id}'");
        }

        return Dispatch(turn, framework, call);
    }

    private MasterReply Dispatch(Turn turn, FrameworkState framework, Call call)
    {
        switch (call.Type)
        {
            case Call.Types.Type.Accept:
                _accept.Accept(turn, framework, call.Accept);
                break;
            case Call.Types.Type.Acknowledge:
                _tasks.Acknowledge(turn, framework, call.Acknowledge);
                break;
            case Call.Types.Type.Decline:
                _offers.Decline(turn, framework, call.Decline);
                break;
            case Call.Types.Type.Revive:
                Revive(framework, call.Revive?.Roles ?? []);
                break;
            case Call.Types.Type.Suppress:
                Suppress(framework, call.Suppress?.Roles ?? []);
                break;
            case Call.Types.Type.Kill:
                Kill(turn, framework, call.Kill);
                break;
            case Call.Types.Type.Reconcile:
                _reconciler.Reconcile(turn, framework, call.Reconcile);
                break;
            case Call.Types.Type.Message:
                ToExecutor(turn, framework, call.Message);
                break;
            case Call.Types.Type.Shutdown:
                Shutdown(turn, framework, call.Shutdown);
                break;
            case Call.Types.Type.Teardown:
                _frameworks.Remove(turn, framework);
                break;
            case Call.Types.Type.UpdateFramework:
                return _frameworks.Update(turn, framework, call.UpdateFramework);
            case Call.Types.Type.Request:
                _state.Count("messages_resource_request");
                break;
            case Call.Types.Type.ReconcileOperations:
                _operations.Reconcile(turn, framework, call.ReconcileOperations);
                break;
            case Call.Types.Type.AcknowledgeOperationStatus:
                _operations.Acknowledge(turn, framework, call.AcknowledgeOperationStatus);
                break;
            case Call.Types.Type.AcceptInverseOffers:
                _maintenance.Answer(turn, framework, call.AcceptInverseOffers.InverseOfferIds, call.AcceptInverseOffers.Filters, InverseAnswer.Accept);
                break;
            case Call.Types.Type.DeclineInverseOffers:
                _maintenance.Answer(turn, framework, call.DeclineInverseOffers.InverseOfferIds, call.DeclineInverseOffers.Filters, InverseAnswer.Decline);
                break;
            default:
                return new MasterReply(501, "Unknown scheduler call type");
        }

        return MasterReply.Accepted;
    }

    private void Revive(FrameworkState framework, IReadOnlyCollection<string> roles)
    {
        _state.Count("messages_revive_offers");
        if (roles.All(framework.Roles.Contains))
        {
            var revived = roles.Count == 0 ? framework.Roles : roles;
            framework.SuppressedRoles.ExceptWith(revived);
            _state.Allocator.Revive(framework.Slot, revived);
            _maintenance.Revive(framework);
        }
    }

    private void Suppress(FrameworkState framework, IReadOnlyCollection<string> roles)
    {
        _state.Count("messages_suppress_offers");
        if (roles.All(framework.Roles.Contains))
        {
            var suppressed = roles.Count == 0 ? framework.Roles : roles;
            framework.SuppressedRoles.UnionWith(suppressed);
            _state.Allocator.Suppress(framework.Slot, suppressed);
        }
    }

    private void Kill(Turn turn, FrameworkState framework, Call.Types.Kill kill)
    {
        _state.Count("messages_kill_task");
        if (!framework.Tasks.TryGetValue(new TaskId(kill.TaskId.Value), out var task))
        {
            _reconciler.Answer(turn, framework, kill.TaskId.Value, kill.AgentId);
            return;
        }

        if (kill.AgentId is { Value.Length: > 0 } agent && agent.Value != task.Agent.Id.Value)
        {
            _state.Count("dropped_messages");
            return;
        }

        SendKill(turn, task, kill.KillPolicy);
    }

    private MasterReply KillTask(Turn turn, TaskKey key)
    {
        if (!_state.FrameworksById.TryGetValue(key.FrameworkId, out var framework) || !framework.Tasks.TryGetValue(key.TaskId, out var task))
        {
            return new MasterReply(404, $"There is no active task {key}.");
        }

        SendKill(turn, task, null);
        _state.Tell(turn, "task-kill", key.TaskId.Value, $"An operator killed {task.Info.Name}");
        return MasterReply.Accepted;
    }

    private static void SendKill(Turn turn, TaskRecord task, KillPolicy? policy)
    {
        if (task.Agent.Stream is not { } stream)
        {
            task.Agent.PendingKills.Add(task.Key);
            return;
        }

        var message = new AgentEvent.Types.KillTask { FrameworkId = new FrameworkID { Value = task.Key.FrameworkId.Value }, TaskId = task.Info.TaskId };
        message.KillPolicy = policy;
        turn.Effects.Send(stream, new AgentEvent { KillTask = message });
    }

    private void ToExecutor(Turn turn, FrameworkState framework, Call.Types.Message message)
    {
        _state.Count("messages_framework_to_executor");
        if (_state.AgentsById.GetValueOrDefault(new AgentId(message.AgentId.Value))?.Stream is not { } stream)
        {
            _state.Count("invalid_framework_to_executor_messages");
            return;
        }

        _state.Count("valid_framework_to_executor_messages");
        turn.Effects.Send(stream, new AgentEvent
        {
            Message = new AgentEvent.Types.FrameworkMessage { FrameworkId = new FrameworkID { Value = framework.Id.Value }, ExecutorId = message.ExecutorId, Data = message.Data },
        });
    }

    private void Shutdown(Turn turn, FrameworkState framework, Call.Types.Shutdown shutdown)
    {
        if (_state.AgentsById.GetValueOrDefault(new AgentId(shutdown.AgentId.Value))?.Stream is { } stream)
        {
            turn.Effects.Send(stream, new AgentEvent
            {
                ShutdownExecutor = new AgentEvent.Types.ShutdownExecutor { FrameworkId = new FrameworkID { Value = framework.Id.Value }, ExecutorId = shutdown.ExecutorId },
            });
        }
    }

    private static DateTimeOffset? Earliest(DateTimeOffset? a, DateTimeOffset? b) => a is null || b < a ? b : a;
}
