using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon.Events;
using Orchestrator.Core.Marathon.Instances;

namespace Orchestrator.Core.Marathon.Deployments;

/// <summary>
/// Runs the command that must finish well before a deployment replaces anything: once, as a task of the new configuration without
/// ports and checks. It is an instance of an app of its own that nobody else sees.
/// <code>
/// none ─► waits ─► runs ─ finished ─► done: the deployment goes on
///                    ├─ failed, late, lost ─► the deployment has failed; when it waits for that, the command runs again
///                    └─ never began (dropped) ─► none
/// </code>
/// </summary>
internal sealed class HookRunner(ServicesState state, InstanceBook instances, Killer killer)
{
    /// <summary>Whether the command has to run before this action: for a new app or another configuration, and not for a rollback.</summary>
    public static bool IsNeeded(RunningAction running, AppDefinition? target) =>
        target is { Instances: > 0, UpgradeStrategy.PreDeployment: not null }
        && !running.Progress.IsHookDone && running.Deployment.RollbackOf is null
        && (running.Action.Kind == ActionKind.RestartApplication
            || (running.Action.Kind == ActionKind.ScaleApplication && running.Deployment.Changes.First(change => change.AppId == target.Id).Before is null));

    /// <summary>The command as an app.</summary>
    public static AppState AppOf(AppState owner, AppDefinition target)
    {
        var definition = target with
        {
            Instances = 1,
            Cmd = target.UpgradeStrategy.PreDeployment!.Cmd,
            Args = target.UpgradeStrategy.PreDeployment.Args,
            HealthChecks = [],
            ReadinessChecks = [],
            PortDefinitions = [],
            RequirePorts = false,
            Container = target.Container is { } container
                ? container with { PortMappings = container.PortMappings is null ? null : [], Volumes = [.. container.Volumes.Where(volume => volume.Persistent is null)] }
                : null,
            DrainSeconds = null,
        };
        return new AppState(definition) { Owner = owner };
    }

    /// <summary>Does what can be done now; true when the command has finished well.</summary>
    public bool Progress(Turn turn, AppState app, RunningAction running, AppDefinition target)
    {
        running.Phase = "preDeployment";
        if (app.HookOutcome is { } outcome && app.Hook is null)
        {
            app.HookOutcome = null;
            if (outcome == Condition.Finished)
            {
                running.Progress.IsHookDone = true;
                DeploymentStorage.StoreProgress(turn, running.Deployment);
                EventWriter.Hook(turn, app.Id, running.Deployment.Id, "finished");
                return true;
            }

            if (outcome is not Condition.Dropped)
            {
                running.Failure = $"the command before the deployment of {app.Id} {Words(outcome, running, target)}";
                running.IsHookLate = false;
                EventWriter.Hook(turn, app.Id, running.Deployment.Id, "failed");
                return false;
            }
        }

        if (app.Hook is null)
        {
            app.HookOutcome = null;
            app.Hook = AppOf(app, target);
            instances.Add(turn, app.Hook, app.Hook.Driven, new OrdinalSource(app.Hook, app.Hook.Driven));
            EventWriter.Hook(turn, app.Id, running.Deployment.Id, "started");
        }
        else if (app.Hook.Instances.FirstOrDefault() is { IsDecommissioned: false, StagedAt: { } staged } instance)
        {
            var end = staged.AddSeconds(target.UpgradeStrategy.PreDeployment!.TimeoutSeconds);
            if (end <= turn.Now)
            {
                running.IsHookLate = true;
                killer.Kill(turn, instance, atOnce: true);
            }
            else
            {
                running.DueAt = end;
            }
        }

        return false;
    }

    /// <summary>Ends the command of a deployment that is no more.</summary>
    public void Cancel(Turn turn, AppState app)
    {
        foreach (var instance in app.Hook?.Instances.ToList() ?? [])
        {
            instances.Decommission(turn, instance, atOnce: true);
        }

        app.HookOutcome = null;
        state.Touch(app);
    }

    private static string Words(Condition outcome, RunningAction running, AppDefinition target) => outcome switch
    {
        Condition.Killed when running.IsHookLate => $"did not finish within {target.UpgradeStrategy.PreDeployment!.TimeoutSeconds} s",
        Condition.Killed => "was killed",
        Condition.Failed => "failed",
        Condition.Error => "could not be launched",
        _ => "was lost with its agent",
    };
}
