using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon.Daemons;
using Orchestrator.Core.Marathon.Events;
using Orchestrator.Core.Marathon.Instances;

namespace Orchestrator.Core.Marathon.Deployments;

/// <summary>
/// Brings one app to what is driven. Looks at what is there, not at what happened: every step may be done again, after a
/// restart too.
/// </summary>
internal sealed class AppDriver(ServicesState state, InstanceBook instances, Killer killer)
{
    private readonly RollingUpgrade _upgrade = new(instances);
    private readonly BlueGreenUpgrade _blueGreen = new(instances);
    private readonly HookRunner _hooks = new(state, instances, killer);
    private readonly DaemonBook _daemons = new(state, instances);

    /// <summary>Begins an action.</summary>
    public void Begin(Turn turn, AppState app, RunningAction running)
    {
        app.Action = running;
        running.Deployment.Note(running);
        var target = running.Deployment.TargetOf(app.Id);
        running.IsBeforeHook = HookRunner.IsNeeded(running, target);
        if (!running.IsBeforeHook)
        {
            BeginNow(turn, app, running, target);
        }

        app.Relook();
        state.Touch(app);
    }

    /// <summary>Does what can be done now; true when nothing of the action is left.</summary>
    public bool Progress(Turn turn, AppState app, RunningAction running)
    {
        if (running.IsBeforeHook)
        {
            // The old instances stay as they are meanwhile. A colour that was coming up is not what is to carry traffic.
            if (!app.Driven.UpgradeStrategy.IsBlueGreen)
            {
                Balance(turn, app, onlyUp: true);
            }

            var target = running.Deployment.TargetOf(app.Id)!;
            if (!_hooks.Progress(turn, app, running, target))
            {
                return false;
            }

            running.IsBeforeHook = false;
            BeginNow(turn, app, running, target);
            app.Relook();
        }

        switch (running.Action.Kind)
        {
            case ActionKind.StartApplication:
                return true;
            case ActionKind.ScaleApplication:
                running.Phase = "scaling";
                Balance(turn, app);
                return IsScaled(app, running);
            case ActionKind.RestartApplication:
                if (app.Driven.IsDaemon && _daemons.Trim(turn, app))
                {
                    running.IsReckoned = false;
                }

                return running.NewColour is null ? _upgrade.Progress(turn, app, running) : _blueGreen.Progress(turn, app, running);
            default:
                running.Phase = "stopping";
                DecommissionAll(turn, app, _ => true);
                return app.Instances.Count == 0;
        }
    }

    /// <summary>An action ends, done or not.</summary>
    public void End(Turn turn, AppState app)
    {
        app.Action = null;
        app.Relook();
        if (app.Hook is not null)
        {
            _hooks.Cancel(turn, app);
        }
    }

    /// <summary>The command of a deployment that is no more, from before a restart, is killed again.</summary>
    public void EndOldHook(Turn turn, AppState app)
    {
        if (app.Hook?.Instances.Find(instance => instance is { IsDecommissioned: true, IsBeingKilled: false }) is { } instance)
        {
            instances.Decommission(turn, instance, atOnce: true);
        }
    }

    /// <summary>As many instances as are driven: what vanished is replaced, what is too many goes.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="app">The app.</param>
    /// <param name="onlyUp">What is too many stays: a deployment decides of it later.</param>
    public void Balance(Turn turn, AppState app, bool onlyUp = false)
    {
        if (app.IsRemoved)
        {
            DecommissionAll(turn, app, _ => true);
            return;
        }

        // Kills from before a restart are sent again.
        DecommissionAll(turn, app, instance => instance is { IsLeaving: true, IsBeingKilled: false });
        if (app.Driven.IsDaemon)
        {
            _daemons.Balance(turn, app);
            return;
        }

        // What is on its way out has its place until it is seen dead, while a deployment is on.
        var count = app.Instances.Count(instance => instance.Counts);
        count = onlyUp ? Math.Max(count, app.Instances.Count - (int)Math.Floor(app.Driven.Instances * app.Driven.UpgradeStrategy.MaximumOverCapacity)) : count;
        if (app.Driven.UpgradeStrategy.IsOrdered && count < app.Driven.Instances)
        {
            // One after the other, each when those before it serve.
            BalanceInOrder(turn, app);
            return;
        }

        var ordinals = count < app.Driven.Instances ? new OrdinalSource(app, app.Driven) : null;
        for (; count < app.Driven.Instances; count++)
        {
            instances.Add(turn, app, app.Driven, ordinals!);
        }

        if (count > app.Driven.Instances && !onlyUp)
        {
            foreach (var victim in VictimSelection.Choose(app.Driven, app.Instances.Where(instance => instance.Counts), count - app.Driven.Instances))
            {
                instances.Dismiss(turn, victim);
            }
        }
    }

    private void BeginNow(Turn turn, AppState app, RunningAction running, AppDefinition? target)
    {
        switch (running.Action.Kind)
        {
            case ActionKind.StartApplication when app.Driven.LastConfigChangeAt != target!.LastConfigChangeAt:
                // The id comes again while instances of an app that was deleted are still ending.
                app.Backoff.Reset();
                Drive(turn, app, target with { Instances = 0 });
                DecommissionAll(turn, app, instance => RollingUpgrade.IsOld(app, instance));
                break;
            case ActionKind.ScaleApplication:
                BeginScale(turn, app, running, target!);
                break;
            case ActionKind.RestartApplication:
                BeginRestart(turn, app, running, target!);
                break;
            case ActionKind.StopApplication:
                app.Backoff.Reset();
                foreach (var check in app.Driven.HealthChecks.Where(check => check.IsAskedByHost))
                {
                    EventWriter.CheckRemoved(turn, app.Id, running.Deployment.Id);
                }

                break;
        }
    }

    private void BeginRestart(Turn turn, AppState app, RunningAction running, AppDefinition target)
    {
        app.Backoff.Reset();
        Drive(turn, app, target);
        if (!running.Action.IsFresh)
        {
            _upgrade.Adopt(turn, app);
        }

        if (target.UpgradeStrategy.IsBlueGreen)
        {
            _blueGreen.Begin(turn, app, running);
        }
        else
        {
            _upgrade.Begin(turn, app, running);
        }

        TellChecks(turn, target, running.Deployment.Id);
    }

    private void BeginScale(Turn turn, AppState app, RunningAction running, AppDefinition target)
    {
        var isNew = app.Driven.Instances == 0 && app.Instances.Count == 0;
        if (app.Driven.LastConfigChangeAt != target.LastConfigChangeAt)
        {
            app.Backoff.Reset();
        }

        Drive(turn, app, target);
        foreach (var id in running.Action.ToKill)
        {
            if (state.Instances.TryGetValue(id, out var instance) && instance.App == app)
            {
                instances.Dismiss(turn, instance);
            }
        }

        running.IsShrinking = running.Action.ToKill.Count > 0 || app.Instances.Count(instance => instance.Counts) > target.Instances;
        if (isNew && target.Instances > 0)
        {
            TellChecks(turn, target, running.Deployment.Id);
        }
    }

    private void BalanceInOrder(Turn turn, AppState app)
    {
        if (app.Instances.TrueForAll(instance => !instance.Counts || instance.IsHealthy))
        {
            instances.Add(turn, app, app.Driven, new OrdinalSource(app, app.Driven));
        }
    }

    private static bool IsScaled(AppState app, RunningAction running)
    {
        var (counting, healthy, leaving) = (0, 0, false);
        foreach (var instance in app.Instances)
        {
            counting += instance.Counts ? 1 : 0;
            healthy += instance is { Counts: true, Serves: true } ? 1 : 0;
            leaving |= instance.IsLeaving;
        }

        return !leaving && counting == app.Driven.Instances && (running.IsShrinking || app.Driven.IsDaemon || healthy == counting);
    }

    private void DecommissionAll(Turn turn, AppState app, Func<InstanceState, bool> which)
    {
        foreach (var instance in app.Instances.Where(which).ToList())
        {
            instances.Dismiss(turn, instance);
        }
    }

    private static void Drive(Turn turn, AppState app, AppDefinition target)
    {
        app.Driven = target;
        Storage.Store(turn, app);
    }

    private static void TellChecks(Turn turn, AppDefinition target, string deploymentId)
    {
        foreach (var check in target.HealthChecks.Where(check => check.IsAskedByHost))
        {
            EventWriter.CheckAdded(turn, target, check, deploymentId);
        }
    }
}
