using System.Text;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Marathon.Autoscaling;
using Orchestrator.Core.Marathon.Daemons;
using Orchestrator.Core.Marathon.Deployments;
using Orchestrator.Core.Marathon.Events;
using Orchestrator.Core.Marathon.Groups;
using Orchestrator.Core.Marathon.Health;
using Orchestrator.Core.Marathon.Instances;
using Orchestrator.Core.Marathon.Launching;
using Orchestrator.Core.Marathon.Pods;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Core.Marathon;

/// <summary>
/// The services engine: keeps as many instances of each app running as are wanted. Its edge subscribes at the master and hands
/// it every event as <see cref="MarathonCommand.SchedulerEvent"/>. Pure: see
/// <see cref="IEngine{TCommand,TReply,TEffects,TSnapshot}"/>. Source: Marathon.
/// </summary>
public sealed class MarathonEngine : IEngine<MarathonCommand, MarathonReply, MarathonEffects, ServicesSnapshot>
{
    private static readonly MarathonReply s_ok = new(200, ReadOnlyMemory<byte>.Empty);
    private readonly ServicesState _state;
    private readonly Killer _killer;
    private readonly InstanceBook _instances;
    private readonly HealthBook _health;
    private readonly ReadinessBook _readiness;
    private readonly StatusHandler _statuses;
    private readonly Reconciler _reconciler;
    private readonly OfferDemand _demand;
    private readonly Launcher _launcher;
    private readonly DeploymentBoard _deployments;
    private readonly AppBook _apps;
    private readonly GroupBook _groups;
    private readonly KillHandler _kills;
    private readonly PodBook _pods;
    private readonly Autoscaler _autoscaler;
    private readonly SnapshotBuilder _snapshots;
    private bool _isResumed;

    /// <summary>The services with what the journal's area <c>marathon</c> holds; <see cref="Storage"/> names the keys.</summary>
    /// <exception cref="FormatException">A record cannot be read.</exception>
    public MarathonEngine(MarathonOptions options, IEnumerable<JournalRecord> restored, DateTimeOffset now)
    {
        _state = new ServicesState(options, now);
        _killer = new Killer(_state);
        _instances = new InstanceBook(_state, _killer);
        _health = new HealthBook(_state, _instances, _killer);
        _readiness = new ReadinessBook(_state, _instances);
        _statuses = new StatusHandler(_state, _instances, _health, _killer);
        _reconciler = new Reconciler(_state, _killer);
        _demand = new OfferDemand(_state);
        _launcher = new Launcher(_state, _instances);
        _deployments = new DeploymentBoard(_state, new AppDriver(_state, _instances, _killer), now);
        var starter = new ChangeStarter(_state, _deployments);
        _apps = new AppBook(_state, _deployments, starter);
        _groups = new GroupBook(_state, starter);
        _kills = new KillHandler(_state, _instances, _killer, _apps);
        _pods = new PodBook(_state, starter, _instances, _killer);
        _autoscaler = new Autoscaler(_state, _apps);
        _snapshots = new SnapshotBuilder(_state);
        new Restorer(_state, _instances, _deployments).Restore(restored);
    }

    /// <inheritdoc/>
    public DateTimeOffset? NextDue => !_isResumed || _launcher.HasOffers
        ? DateTimeOffset.MinValue
        : Earliest(Earliest(Earliest(_killer.NextDue, _deployments.NextDue), _reconciler.NextDue), Earliest(_demand.NextDue, _statuses.NextUnreachable));

    /// <inheritdoc/>
    public MarathonReply Apply(MarathonCommand command, DateTimeOffset now, MarathonEffects effects)
    {
        var turn = new Turn(now, effects);
        if (OfPod(command) is { } pod)
        {
            return Replies.NoApp(pod);
        }

        switch (command)
        {
            case MarathonCommand.CreatePod create:
                return _pods.Create(turn, create);
            case MarathonCommand.UpdatePod update:
                return _pods.Update(turn, update);
            case MarathonCommand.DeletePod delete:
                return _pods.Delete(turn, delete);
            case MarathonCommand.KillPodInstances kill:
                return _pods.Kill(turn, kill);
            case MarathonCommand.CreateApp create:
                return _apps.Create(turn, create);
            case MarathonCommand.UpdateApps update:
                return _apps.Update(turn, update);
            case MarathonCommand.DeleteApp delete:
                return _apps.Delete(turn, delete);
            case MarathonCommand.RestartApp restart:
                return _apps.Restart(turn, restart);
            case MarathonCommand.CreateGroup create:
                return _groups.Create(turn, create);
            case MarathonCommand.UpdateGroup update:
                return _groups.Update(turn, update);
            case MarathonCommand.PatchGroup patch:
                return _groups.Patch(turn, patch);
            case MarathonCommand.DeleteGroup delete:
                return _groups.Delete(turn, delete);
            case MarathonCommand.KillTasks kill:
                return _kills.Kill(turn, kill);
            case MarathonCommand.CancelDeployment cancel:
                return _apps.Cancel(turn, cancel);
            case MarathonCommand.ResetDelay reset:
                return ResetDelay(reset.AppId);
            case MarathonCommand.UsageMeasured measured:
                _autoscaler.Measured(turn, measured.Uses);
                return s_ok;
            case MarathonCommand.AgentsChanged changed:
                DaemonBook.Follow(_state, changed.Agents);
                return s_ok;
            case MarathonCommand.SchedulerEvent happened:
                Receive(turn, happened.Event);
                return s_ok;
            case MarathonCommand.Disconnected:
                Disconnect(turn);
                return s_ok;
            case MarathonCommand.HealthChecked result:
                _health.Checked(turn, result);
                return s_ok;
            case MarathonCommand.ReadinessChecked answer:
                _readiness.Checked(turn, answer);
                return s_ok;
            default:
                return Replies.Message(501, $"{command.GetType().Name} is not known here.");
        }
    }

    /// <inheritdoc/>
    public void Advance(DateTimeOffset now, MarathonEffects effects)
    {
        var turn = new Turn(now, effects);
        if (!_isResumed)
        {
            _isResumed = true;
            _deployments.Resume(turn);
        }

        _statuses.SweepUnreachable(turn);
        _reconciler.Advance(turn);
        _deployments.Sweep(turn);
        _deployments.Settle(turn);
        _launcher.Advance(turn);
        _deployments.Settle(turn);
        _killer.Advance(turn);
        _demand.Advance(turn);
    }

    /// <inheritdoc/>
    public ServicesSnapshot Publish(DateTimeOffset now) => _snapshots.Publish(now);

    private void Receive(Turn turn, Event happened)
    {
        switch (happened.Type)
        {
            case Event.Types.Type.Subscribed:
                Subscribed(turn, happened.Subscribed);
                break;
            case Event.Types.Type.Offers:
                _launcher.Receive(turn, happened.Offers.Offers_);
                break;
            case Event.Types.Type.Rescind:
                _launcher.Rescind(happened.Rescind.OfferId.Value);
                break;
            case Event.Types.Type.Update:
                _statuses.Update(turn, happened.Update.Status);
                break;
            case Event.Types.Type.Message:
                EventWriter.FrameworkMessage(turn, happened.Message.ExecutorId.Value, happened.Message.AgentId.Value, happened.Message.Data.Span);
                break;
            case Event.Types.Type.Error:
                Refused(turn, happened.Error.Message);
                break;
            default:
                // HEARTBEAT and FAILURE change nothing: lost tasks are told one by one.
                break;
        }
    }

    private void Subscribed(Turn turn, Event.Types.Subscribed subscribed)
    {
        var id = subscribed.FrameworkId.Value;
        var isNew = _state.FrameworkId != id;
        if (isNew)
        {
            _state.FrameworkId = id;
            turn.Effects.Store(Storage.FrameworkKey, Encoding.UTF8.GetBytes(id));
        }

        _state.Connected = true;
        _state.ListsChanged = true;
        var master = subscribed.MasterInfo is { } info ? $"{(info.HasHostname ? info.Hostname : info.Address?.Ip)}:{info.Port}" : "";
        EventWriter.Registered(turn, isNew ? id : null, master);
        _launcher.Disconnected();
        _demand.Subscribed();
        _reconciler.Subscribed(turn);
        _killer.SendAgain(turn);
    }

    private void Disconnect(Turn turn)
    {
        if (_state.Connected)
        {
            _state.Connected = false;
            _state.ListsChanged = true;
            _launcher.Disconnected();
            EventWriter.Disconnected(turn);
        }
    }

    /// <summary>
    /// The master refuses the framework. One that was removed has lost all its tasks: its id is forgotten and its instances start anew
    /// under the next one.
    /// </summary>
    private void Refused(Turn turn, string message)
    {
        Disconnect(turn);
        if (_state.FrameworkId is null || !message.Contains("removed", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        _state.FrameworkId = null;
        _state.ListsChanged = true;
        turn.Effects.Store(Storage.FrameworkKey, null);
        foreach (var instance in _state.Tasks.Values.Distinct().ToList())
        {
            _instances.Ended(turn, instance, Condition.Killed);
        }
    }

    private MarathonReply ResetDelay(string appId)
    {
        var id = PathId.Absolute(appId);
        if (_state.Find(id) is not { } app || app.Waiting.Count == 0)
        {
            return Replies.Message(404, $"Application {id} not found in tasks queue.");
        }

        app.Backoff.Reset();
        _demand.DelayEnded();
        _state.Show(app);
        return new MarathonReply(204, ReadOnlyMemory<byte>.Empty);
    }

    /// <summary>The id of a pod that a call for apps names; null when it names none.</summary>
    private string? OfPod(MarathonCommand command)
    {
        var id = command switch
        {
            MarathonCommand.UpdateApps update when !update.MayCreate => update.AppId,
            MarathonCommand.DeleteApp delete => delete.AppId,
            MarathonCommand.RestartApp restart => restart.AppId,
            MarathonCommand.KillTasks kill => kill.AppId,
            _ => null,
        };
        return id is not null && _state.Find(PathId.Absolute(id)) is { Definition.Pod: not null } pod ? pod.Id : null;
    }

    private static DateTimeOffset? Earliest(DateTimeOffset? a, DateTimeOffset? b) => a is null || b < a ? b : a;
}
