using Orchestrator.Core.Marathon.Events;
using Orchestrator.Core.Marathon.Instances;

namespace Orchestrator.Core.Marathon.Deployments;

/// <summary>
/// Brings all instances of the driven configuration up beside the old ones, and gives them the traffic at once.
/// <code>
/// starting ─ all of the new colour healthy and ready ─► switch ─► soaking ─ soakSeconds ─► draining ─ old colour gone ─► done
/// </code>
/// The old colour stays whole until it is drained: what fails of it before the switch comes again. Which colour has the traffic is
/// durable with the app, so whoever starts again goes on, or back, from there.
/// </summary>
internal sealed class BlueGreenUpgrade(InstanceBook instances)
{
    /// <summary>Begins, or begins again after a restart; the new configuration is driven already.</summary>
    public void Begin(Turn turn, AppState app, RunningAction running)
    {
        if (running.Progress.Colour is null)
        {
            // When most of what carries the traffic is what is wanted, as after a rollback before the switch, it stays so.
            var active = app.Instances.Where(instance => instance.Counts && instance.Colour == app.ActiveColour).ToList();
            var isThere = 2 * active.Count(instance => !RollingUpgrade.IsOld(app, instance)) > active.Count;
            running.Progress.Colour = isThere == (app.ActiveColour == Colour.Blue) ? Colour.Blue : Colour.Green;
            DeploymentStorage.StoreProgress(turn, running.Deployment);
        }

        running.NewColour = running.Progress.Colour;

        // What no traffic is for and nobody wants any more; what the call named is to go in any case.
        foreach (var instance in app.Instances.Where(instance => (!IsNew(app, running, instance) && instance.Colour != app.ActiveColour && app.ActiveColour != running.NewColour) || running.Action.ToKill.Contains(instance.Id)).ToList())
        {
            instances.Decommission(turn, instance);
        }
    }

    /// <summary>Does what can be done now; true when only the new colour is left, and serves.</summary>
    public bool Progress(Turn turn, AppState app, RunningAction running)
    {
        var wanted = app.Driven.Instances;
        ResendKills(turn, app);
        var (started, serving, old) = Count(app, running);
        if (started > wanted)
        {
            foreach (var victim in VictimSelection.Choose(app.Driven, app.Instances.Where(instance => IsNew(app, running, instance)), started - wanted))
            {
                instances.Decommission(turn, victim);
            }
        }

        // What is on its way out has its place until it is seen dead: no more than the old with traffic and the new at once.
        var leaving = app.Instances.Count(instance => !instance.Counts || (!IsNew(app, running, instance) && !instance.CarriesTraffic));
        Launch(turn, app, running, wanted - started - leaving, started == serving);
        if (started != wanted || serving != wanted)
        {
            running.Phase = app.ActiveColour == running.NewColour ? running.Phase ?? "draining" : "starting";
            return false;
        }

        if (app.ActiveColour != running.NewColour)
        {
            Switch(turn, app, running);
        }

        if (running.Deployment.RollbackOf is null && running.Progress.SwitchedAt?.AddSeconds(app.Driven.UpgradeStrategy.SoakSeconds) is { } end && end > turn.Now && old > 0)
        {
            running.Phase = "soaking";
            running.DueAt = end;
            return false;
        }

        running.Phase = "draining";
        foreach (var instance in app.Instances.Where(instance => !IsNew(app, running, instance) && !instance.IsDecommissioned).ToList())
        {
            instances.Decommission(turn, instance);
        }

        return app.Instances.Count == wanted && Count(app, running).Old == 0;
    }

    private void Launch(Turn turn, AppState app, RunningAction running, int count, bool allServe)
    {
        count = app.Driven.UpgradeStrategy.IsOrdered ? Math.Min(count, allServe ? 1 : 0) : count;
        var ordinals = count > 0 ? new OrdinalSource(app, app.Driven, running.NewColour) : null;
        for (; count > 0; count--)
        {
            instances.Add(turn, app, app.Driven, ordinals!, running.NewColour);
        }
    }

    private static void Switch(Turn turn, AppState app, RunningAction running)
    {
        app.ActiveColour = running.NewColour!.Value;
        running.Progress.SwitchedAt ??= turn.Now;
        Storage.Store(turn, app);
        DeploymentStorage.StoreProgress(turn, running.Deployment);
        app.Relook();
        EventWriter.Switched(turn, app, running.Deployment.Id);
    }

    /// <summary>Of the driven configuration, and of the colour that is to carry the traffic.</summary>
    private static bool IsNew(AppState app, RunningAction running, InstanceState instance) =>
        instance.Counts && instance.Colour == running.NewColour && !RollingUpgrade.IsOld(app, instance);

    private void ResendKills(Turn turn, AppState app)
    {
        foreach (var instance in app.Instances.Where(instance => instance is { IsDecommissioned: true, IsBeingKilled: false }).ToList())
        {
            instances.Decommission(turn, instance);
        }
    }

    private static (int Started, int Serving, int Old) Count(AppState app, RunningAction running)
    {
        var (started, serving, old) = (0, 0, 0);
        foreach (var instance in app.Instances)
        {
            var isNew = IsNew(app, running, instance);
            started += isNew ? 1 : 0;
            serving += isNew && instance.Serves ? 1 : 0;
            old += isNew ? 0 : 1;
        }

        return (started, serving, old);
    }
}
