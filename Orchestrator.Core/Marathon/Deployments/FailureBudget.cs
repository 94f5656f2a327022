using Orchestrator.Core.Marathon.Instances;

namespace Orchestrator.Core.Marathon.Deployments;

/// <summary>Counts the failures of instances that a deployment began.</summary>
internal static class FailureBudget
{
    /// <summary>An instance failed, or is killed because it does not get to run or is not healthy.</summary>
    public static void Note(Turn turn, InstanceState instance)
    {
        var app = instance.App;
        if (app.Action is not { } running || running.IsBeforeHook || instance.CreatedAt < running.BeganAt || instance.Spec.LastConfigChangeAt != app.Driven.LastConfigChangeAt)
        {
            return;
        }

        running.Progress.Failures++;
        running.Deployment.Changed();
        DeploymentStorage.StoreProgress(turn, running.Deployment);
    }
}
