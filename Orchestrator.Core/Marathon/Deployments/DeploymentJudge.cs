using System.Globalization;
using Orchestrator.Core.Contract.Apps;

namespace Orchestrator.Core.Marathon.Deployments;

/// <summary>Whether an action of a deployment is late, costs too many failures or cannot succeed, and what then follows.</summary>
internal sealed class DeploymentJudge(MarathonOptions options, DateTimeOffset startedAt)
{
    /// <summary>After a restart of the host a deadline that passed meanwhile is put off by this: nobody could have worked on it.</summary>
    public static readonly TimeSpan GraceAfterRestart = TimeSpan.FromSeconds(30);

    /// <summary>When the action has to be done; null for never.</summary>
    public DateTimeOffset? DeadlineOf(RunningAction running, AppDefinition? target)
    {
        if (target is null || SecondsOf(target) is not { } seconds)
        {
            return null;
        }

        var deadline = running.BeganAt.AddSeconds(seconds);
        var earliest = startedAt + (seconds < GraceAfterRestart.TotalSeconds ? TimeSpan.FromSeconds(seconds) : GraceAfterRestart);
        return running.BeganAt < startedAt && deadline < earliest ? earliest : deadline;
    }

    /// <summary>Why the action has failed; null while it has not.</summary>
    public string? ReasonOf(Turn turn, AppState app, RunningAction running)
    {
        if (running.Failure is { } failure)
        {
            return failure;
        }

        if (running.Deployment.TargetOf(app.Id) is not { } target || running.Deployment.Late is not null)
        {
            return null;
        }

        if ((target.UpgradeStrategy.MaxFailures ?? options.DeploymentMaxFailures) is { } allowed && running.Progress.Failures > allowed)
        {
            var last = app.LastFailure is { } task ? $"; the last: {task.State} {task.Message}" : "";
            return string.Create(CultureInfo.InvariantCulture, $"{running.Progress.Failures} instances of {app.Id} failed, more than maxFailures={allowed}{last}");
        }

        return running.Deadline <= turn.Now
            ? string.Create(CultureInfo.InvariantCulture, $"{app.Id} is late: not done within deadlineSeconds={SecondsOf(target)}, {app.Instances.Count(instance => instance is { Counts: true, Serves: true } && instance.Spec.LastConfigChangeAt == target.LastConfigChangeAt)} of {target.Instances} instances serve")
            : null;
    }

    /// <summary>What follows. A rollback to what last was good is never given up: there would be nothing to go back to.</summary>
    public FailureReaction ReactionOf(DeploymentState deployment, AppState app)
    {
        var target = deployment.TargetOf(app.Id);
        return deployment.RollbackOf is not null && target is not null && Rollback.IsGood(app, target) ? FailureReaction.Wait : target?.UpgradeStrategy.OnFailure ?? options.DeploymentOnFailure;
    }

    private double? SecondsOf(AppDefinition target) => target.UpgradeStrategy.DeadlineSeconds ?? options.DeploymentDeadline?.TotalSeconds;
}
