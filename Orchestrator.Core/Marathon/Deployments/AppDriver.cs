using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Marathon.Events;
using Orchestrator.Core.Marathon.Instances;

namespace Orchestrator.Core.Marathon.Deployments;

/// <summary>
/// Brings one app to what is driven. Looks at what is there, not at what happened: every step may be done again, after a
/// restart too.
/// </summary>
internal sealed class AppDriver(ServicesState state, InstanceBook instances)
{
    /// <summary>Begins an action.</summary>
    public void Begin(Turn turn, AppState app, RunningAction running)
    {
        app.Action = running;
        var target = running.Deployment.TargetOf(app.Id);
        switch (running.Action.Kind)
        {
            case ActionKind.StartApplication when app.Driven.LastConfigChangeAt != target!.LastConfigChangeAt:
                // The id comes again while instances of an app that was deleted are still ending.
                app.Backoff.Reset();
                Drive(turn, app, target with { Instances = 0 });
                DecommissionAll(turn, app, instance => IsOld(app, instance));
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
                    EventWriter.CheckRemoved(turn, app.Id);
                }

                break;
        }

        state.Touch(app);
    }

    /// <summary>Does what can be done now; true when nothing of the action is left.</summary>
    public bool Progress(Turn turn, AppState app, RunningAction running)
    {
        switch (running.Action.Kind)
        {
            case ActionKind.StartApplication:
                return true;
            case ActionKind.ScaleApplication:
                Balance(turn, app);
                return IsScaled(app, running);
            case ActionKind.RestartApplication:
                return ProgressRestart(turn, app, running);
            default:
                DecommissionAll(turn, app, _ => true);
                return app.Instances.Count == 0;
        }
    }

    /// <summary>As many instances as are driven: what vanished is replaced, what is too many goes.</summary>
    public void Balance(Turn turn, AppState app)
    {
        if (app.IsRemoved)
        {
            DecommissionAll(turn, app, _ => true);
            return;
        }

        // Kills from before a restart are sent again.
        DecommissionAll(turn, app, instance => instance is { IsDecommissioned: true, IsBeingKilled: false });
        var count = app.Instances.Count(instance => instance.Counts);
        for (; count < app.Driven.Instances; count++)
        {
            instances.Add(turn, app, app.Driven);
        }

        if (count > app.Driven.Instances)
        {
            foreach (var victim in VictimSelection.Choose(app.Driven, app.Instances.Where(instance => instance.Counts), count - app.Driven.Instances))
            {
                instances.Decommission(turn, victim);
            }
        }
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
                instances.Decommission(turn, instance);
            }
        }

        running.IsShrinking = running.Action.ToKill.Count > 0 || app.Instances.Count(instance => instance.Counts) > target.Instances;
        if (isNew && target.Instances > 0)
        {
            TellChecks(turn, target);
        }
    }

    private static bool IsScaled(AppState app, RunningAction running)
    {
        var (counting, healthy, leaving) = (0, 0, false);
        foreach (var instance in app.Instances)
        {
            counting += instance.Counts ? 1 : 0;
            healthy += instance.Counts && instance.IsHealthy ? 1 : 0;
            leaving |= instance.IsDecommissioned;
        }

        return !leaving && counting == app.Driven.Instances && (running.IsShrinking || healthy == counting);
    }

    private void BeginRestart(Turn turn, AppState app, RunningAction running, AppDefinition target)
    {
        app.Backoff.Reset();
        Drive(turn, app, target);
        if (!running.Action.IsFresh)
        {
            Adopt(turn, app, target);
        }

        // What waits of the old configuration has not begun to run.
        DecommissionAll(turn, app, instance => IsOld(app, instance) && instance.Condition == Condition.Scheduled);
        var (current, healthy) = (0, 0);
        foreach (var instance in app.Instances.Where(instance => instance.Counts))
        {
            current++;
            healthy += instance.IsHealthy ? 1 : 0;
            if (!IsOld(app, instance) && instance.IsHealthy)
            {
                running.Arrived.Add(instance);
            }
        }

        running.Numbers = UpgradeNumbers.Of(target.Instances, target.UpgradeStrategy.MinimumHealthCapacity, target.UpgradeStrategy.MaximumOverCapacity, current, healthy);
        running.Kills = running.Numbers.KillNow;
        TellChecks(turn, target);
    }

    /// <summary>Instances that already run what is wanted stay: only their version becomes the new one.</summary>
    private void Adopt(Turn turn, AppState app, AppDefinition target)
    {
        var content = AppJson.ContentOf(target);
        var known = new Dictionary<AppDefinition, bool>(ReferenceEqualityComparer.Instance);
        foreach (var instance in app.Instances.Where(instance => IsOld(app, instance) && !instance.IsDecommissioned).ToList())
        {
            if (!known.TryGetValue(instance.Spec, out var isEqual))
            {
                known[instance.Spec] = isEqual = AppJson.ContentOf(instance.Spec) == content;
            }

            if (isEqual)
            {
                instances.Adopt(turn, instance, target);
            }
        }
    }

    private bool ProgressRestart(Turn turn, AppState app, RunningAction running)
    {
        var (started, oldLeft, healthy, healthyNew) = (0, 0, 0, 0);
        foreach (var instance in app.Instances)
        {
            var isOld = IsOld(app, instance);
            oldLeft += isOld || instance.IsDecommissioned ? 1 : 0;
            started += !isOld && instance.Counts ? 1 : 0;
            healthy += instance.Counts && instance.IsHealthy ? 1 : 0;
            healthyNew += !isOld && instance.Counts && instance.IsHealthy ? 1 : 0;
            if (!isOld && instance.IsHealthy && running.Arrived.Add(instance))
            {
                running.Kills++;
            }
        }

        // All new ones serve: whatever is old may go.
        running.Kills = healthyNew >= running.Numbers.Target ? int.MaxValue : running.Kills;
        EndOld(turn, app, running, healthy);
        var extra = started - running.Numbers.Target;
        if (extra > 0)
        {
            foreach (var victim in VictimSelection.Choose(app.Driven, app.Instances.Where(instance => instance.Counts && !IsOld(app, instance)), extra))
            {
                instances.Decommission(turn, victim);
            }
        }

        for (var launch = running.Numbers.LaunchNow(oldLeft, started); launch > 0; launch--)
        {
            instances.Add(turn, app, app.Driven);
        }

        return oldLeft == 0 && started == running.Numbers.Target && healthyNew == started;
    }

    /// <summary>Ends old instances, unhealthy ones first, but never so many that too few stay healthy.</summary>
    private void EndOld(Turn turn, AppState app, RunningAction running, int healthy)
    {
        DecommissionAll(turn, app, instance => instance is { IsDecommissioned: true, IsBeingKilled: false });
        if (running.Kills <= 0)
        {
            return;
        }

        var old = app.Instances.Where(instance => IsOld(app, instance) && instance.Counts).OrderByDescending(instance => instance.IsKnownUnhealthy).ToList();
        foreach (var instance in old)
        {
            var isHealthy = instance.IsHealthy;
            var left = healthy - (isHealthy ? 1 : 0);
            if (running.Kills <= 0 || (!instance.IsKnownUnhealthy && left < running.Numbers.MinHealthy))
            {
                return;
            }

            running.Kills--;
            healthy = left;
            instances.Decommission(turn, instance);
        }
    }

    private void DecommissionAll(Turn turn, AppState app, Func<InstanceState, bool> which)
    {
        foreach (var instance in app.Instances.Where(which).ToList())
        {
            instances.Decommission(turn, instance);
        }
    }

    private static void Drive(Turn turn, AppState app, AppDefinition target)
    {
        app.Driven = target;
        Storage.Store(turn, app);
    }

    private static void TellChecks(Turn turn, AppDefinition target)
    {
        foreach (var check in target.HealthChecks.Where(check => check.IsAskedByHost))
        {
            EventWriter.CheckAdded(turn, target, check);
        }
    }

    private static bool IsOld(AppState app, InstanceState instance) => instance.Spec.LastConfigChangeAt != app.Driven.LastConfigChangeAt;
}
