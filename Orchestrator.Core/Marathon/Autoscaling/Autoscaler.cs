using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Marathon.Instances;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Core.Marathon.Autoscaling;

/// <summary>
/// Scales apps that carry the field <c>autoscaling</c>, each time figures come, as a user would: by a deployment, and never
/// while another one holds the app. Without figures nothing happens at all.
/// </summary>
internal sealed class Autoscaler(ServicesState state, AppBook apps)
{
    /// <summary>Figures came: looks at every app that scales itself.</summary>
    public void Measured(Turn turn, IReadOnlyDictionary<string, InstanceUse> uses)
    {
        foreach (var app in state.Autoscaled.ToList())
        {
            if (app.IsRemoved || app.Definition.Autoscaling is null)
            {
                Forget(turn, app);
            }
            else
            {
                Judge(turn, app, uses);
            }
        }
    }

    private void Judge(Turn turn, AppState app, IReadOnlyDictionary<string, InstanceUse> uses)
    {
        var scaling = app.Scaling ??= new ScalingState();
        var rule = app.Definition.Autoscaling!;
        var current = app.Definition.Instances;
        var bounds = ScalingBounds.At(rule, turn.Now);
        var figures = FiguresOf(app, uses, turn.Now);
        var verdict = app.DeploymentIds.Count > 0
            ? new ScalingVerdict(ScalingAction.Locked, current, $"Deployment {app.DeploymentIds.First()} is under way.")
            : scaling.Tracking.Judge(rule, bounds, figures, current, turn.Now);
        string? deployment = null;
        if (verdict.Action is ScalingAction.ScaleUp or ScalingAction.ScaleDown)
        {
            var reply = apps.ScaleTo(turn, app, verdict.Wanted);
            deployment = reply.DeploymentId;
            if (reply.IsSuccess)
            {
                scaling.Tracking.ScaledAt = turn.Now;
            }
            else
            {
                verdict = verdict with { Action = ScalingAction.Refused, Reason = $"{verdict.Reason} The scaling was refused: too many deployments run." };
            }
        }

        scaling.Latest = new ScalingVerdictView
        {
            At = turn.Now,
            Action = verdict.Action.ToString(),
            Reason = verdict.Reason,
            Instances = current,
            Wanted = verdict.Wanted,
            Min = bounds.Min,
            Max = bounds.Max,
            Schedule = bounds.Cron,
            Utilization = figures.Utilization,
            Measured = figures.Measured,
            Missing = figures.Missing,
            Warming = figures.Warming,
        };
        Note(turn, app, scaling, verdict, figures, deployment);
        state.Show(app);
    }

    /// <summary>Changes are kept for good, and what stood in the way of one when that is another thing than before.</summary>
    private static void Note(Turn turn, AppState app, ScalingState scaling, ScalingVerdict verdict, ScalingFigures figures, string? deployment)
    {
        var isObstacle = verdict.Action is ScalingAction.AtMaximum or ScalingAction.NoFigures or ScalingAction.Refused && scaling.Decisions.LastOrDefault()?.Action != verdict.Action.ToString();
        if (deployment is not null || isObstacle)
        {
            scaling.Note(new ScalingDecisionView(turn.Now, verdict.Action.ToString(), scaling.Latest!.Instances, verdict.Wanted, verdict.Reason, figures.Utilization, deployment));
            Storage.Store(turn, app.Id, scaling);
        }
    }

    private void Forget(Turn turn, AppState app)
    {
        state.Autoscaled.Remove(app);
        if (app.Scaling is not null)
        {
            app.Scaling = null;
            Storage.ForgetScaling(turn, app.Id);
            state.Show(app);
        }
    }

    private static ScalingFigures FiguresOf(AppState app, IReadOnlyDictionary<string, InstanceUse> uses, DateTimeOffset now)
    {
        var rule = app.Definition.Autoscaling!;
        var (load, measured, missing) = (0.0, 0, 0);
        foreach (var instance in app.Instances)
        {
            if (!instance.Counts || IsWarming(instance, now.AddSeconds(-rule.WarmUpSeconds)))
            {
                continue;
            }

            var asked = rule.Metric == "cpu" ? instance.Spec.Cpus : instance.Spec.Mem;
            if (instance.Condition == Condition.Running && asked > 0 && uses.TryGetValue(instance.TaskId, out var use))
            {
                load += (rule.Metric == "cpu" ? use.Cpus : use.MemMiB) / asked;
                measured++;
            }
            else
            {
                missing++;
            }
        }

        return new ScalingFigures(load, measured, missing, Math.Max(0, app.Definition.Instances - measured - missing));
    }

    /// <summary>It waits, starts, or has started only now. One that cannot be reached is not warming up: nothing is known of it.</summary>
    private static bool IsWarming(InstanceState instance, DateTimeOffset warmSince) =>
        instance.Condition is not (Condition.Running or Condition.Unreachable) || (instance.Condition == Condition.Running && !(instance.StartedAt <= warmSince));
}
