using Orchestrator.Core.Views.Services;

namespace Orchestrator.Core.Marathon.Explaining;

/// <summary>What the services engine itself waits for: delays after failures, deployments, apps that must run first.</summary>
internal static class HoldFinder
{
    private const int AppsNamed = 5;

    public static void Add(List<WaitObstacle> obstacles, AppView app, ServicesSnapshot services, int waiting, int held, DateTimeOffset now)
    {
        if (waiting > 0 && app.Queue!.DelayedUntil is { } until && until > now)
        {
            AddBackoff(obstacles, app, until, now);
        }

        var deployment = services.Deployments.FirstOrDefault(deployment => app.DeploymentIds.Contains(deployment.Id));
        if (deployment is null)
        {
            return;
        }

        if (held > 0 && FirstStepOf(deployment, app.Id) > deployment.CurrentStep)
        {
            AddLaterStep(obstacles, app, services, deployment);
        }
        else if (held > 0)
        {
            obstacles.Add(Lock(deployment, "the next instance of the upgrade", UpgradeText(app), $"Deployment {deployment.Id} starts {Amounts.Count(held, "further instance")} one after another: {UpgradeText(app)}.", waiting == 0));
        }
        else
        {
            obstacles.Add(Lock(deployment, "no deployment of the app", $"deployment {deployment.Id}", $"Deployment {deployment.Id} holds the app until its instances run; changes need force=true.", blocks: false));
        }
    }

    private static void AddBackoff(List<WaitObstacle> obstacles, AppView app, DateTimeOffset until, DateTimeOffset now)
    {
        var seconds = (long)Math.Ceiling((until - now).TotalSeconds);
        var failure = app.LastTaskFailure is { Message.Length: > 0 } last ? $": {last.Message}" : "";
        obstacles.Add(new WaitObstacle(
            WaitReason.Backoff, "no delay", $"{seconds} s to go",
            $"Its tasks failed; the next launch waits {seconds} s{failure}.",
            $"wait {seconds} s: backoff; or launch now with DELETE /v2/queue{app.Id}/delay", Blocks: true)
        {
            Until = until,
        });
    }

    /// <summary>The deployment has not come to the app: either apps that it depends on do not run yet, or others are before it.</summary>
    private static void AddLaterStep(List<WaitObstacle> obstacles, AppView app, ServicesSnapshot services, DeploymentView deployment)
    {
        var any = false;
        foreach (var name in app.Definition.Dependencies)
        {
            foreach (var dependency in services.Apps.Where(other => other.Id == name || other.Id.StartsWith(name + "/", StringComparison.Ordinal)))
            {
                var ready = ReadyOf(dependency);
                if (ready < dependency.Definition.Instances)
                {
                    any = true;
                    obstacles.Add(new WaitObstacle(
                        WaitReason.Dependency, $"{Amounts.Count(dependency.Definition.Instances, "healthy instance")} of {dependency.Id}", $"{ready}",
                        $"{app.Id} depends on {dependency.Id}, of which {ready} of {dependency.Definition.Instances} are healthy.",
                        $"see why {dependency.Id} is not ready: GET /v2/apps{dependency.Id}/explain", Blocks: true)
                    {
                        DeploymentId = deployment.Id,
                    });
                }
            }
        }

        if (any)
        {
            return;
        }

        var before = deployment.CurrentStep == 0 ? "" : string.Join(", ", deployment.Steps[deployment.CurrentStep - 1].Select(action => action.App).Distinct().Take(AppsNamed));
        obstacles.Add(Lock(deployment, $"step {FirstStepOf(deployment, app.Id)} of the deployment", $"step {deployment.CurrentStep} of {deployment.Steps.Count}", $"Deployment {deployment.Id} is at step {deployment.CurrentStep} of {deployment.Steps.Count}{(before.Length == 0 ? "" : $" ({before})")} and comes to {app.Id} later.", blocks: true));
    }

    private static WaitObstacle Lock(DeploymentView deployment, string needed, string offered, string text, bool blocks) => new(
        WaitReason.Deployment, needed, offered, text,
        $"deployment {deployment.Id} holds the app: wait, repeat the change with force=true, or roll back with DELETE /v2/deployments/{deployment.Id}", blocks)
    {
        DeploymentId = deployment.Id,
    };

    /// <summary>The first step from the current one on that touches the app, counted from 1; 0 when none does.</summary>
    private static int FirstStepOf(DeploymentView deployment, string appId)
    {
        for (var step = Math.Max(0, deployment.CurrentStep - 1); step < deployment.Steps.Count; step++)
        {
            if (deployment.Steps[step].Any(action => action.App == appId))
            {
                return step + 1;
            }
        }

        return 0;
    }

    private static string UpgradeText(AppView app)
    {
        var unready = app.Instances.Count(instance => instance.Version == app.Definition.Version && instance.Condition != "Scheduled" && !IsReady(app, instance));
        return unready > 0
            ? $"{Amounts.Count(unready, "new instance")} {(unready == 1 ? "is" : "are")} not healthy yet"
            : "old instances have to end first";
    }

    private static int ReadyOf(AppView app) => app.Instances.Count(instance => IsReady(app, instance));

    private static bool IsReady(AppView app, InstanceView instance) => instance.Condition == "Running" && (app.Definition.HealthChecks.Count == 0 ? instance.Healthy != false : instance.Healthy == true);
}
