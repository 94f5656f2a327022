using System.Globalization;

namespace Orchestrator.Core.Simulation.Demo;

/// <summary>The frameworks of a demo cluster.</summary>
internal static class DemoLoads
{
    /// <summary>Task launches per second that all frameworks together settle at, whatever the size of the cluster.</summary>
    private const double LaunchesPerSecond = 20;

    /// <summary>Four frameworks whose tasks sum up to about the wanted number.</summary>
    public static IReadOnlyList<DemoLoad> For(DemoOptions options)
    {
        var tasks = options.Agents * options.TasksPerAgent;
        return [Platform((int)(tasks * 0.4)), Batch(tasks * 0.4), Spark(tasks * 0.2), Training(options.Agents)];
    }

    private static DemoLoad Platform(int tasks) => new(
        "platform",
        "services",
        [
            new DemoTaskKind("gateway", "services", "cpus:0.5;mem:512", "registry.demo/platform/gateway:4.2", "gateway --config /etc/gateway.yaml", "start=500ms-2secs"),
            new DemoTaskKind("search", "services", "cpus:1;mem:2048", "registry.demo/platform/search:9.1", "search serve", "start=1secs-5secs run=2hrs-48hrs exit=1"),
            new DemoTaskKind("recommender", "services", "cpus:0.7;mem:1536", "registry.demo/platform/recommender:2.0", "recommender", "start=1secs-3secs run=4hrs-96hrs exit=1"),
            new DemoTaskKind("thumbnails", "services", "cpus:0.3;mem:256", "registry.demo/platform/thumbnails:1.7", "thumbnails --workers 2", "start=300ms-1secs"),
        ],
        _ => tasks);

    private static DemoLoad Batch(double tasks)
    {
        // Short jobs in a small cluster, longer ones in a large one: the rate of launches stays.
        var least = Math.Max(15, tasks / LaunchesPerSecond / 2);
        var run = string.Create(CultureInfo.InvariantCulture, $"run={least:0}secs-{least * 3:0}secs");
        return new(
            "nightly-batch",
            "batch",
            [
                new DemoTaskKind("extract", "batch", "cpus:0.5;mem:1024", "registry.demo/batch/etl:3.11", "etl extract", $"start=500ms-3secs {run} fail=2%"),
                new DemoTaskKind("transform", "batch", "cpus:1;mem:2048", "registry.demo/batch/etl:3.11", "etl transform", $"start=500ms-3secs {run} fail=4%"),
                new DemoTaskKind("report", "batch", "cpus:0.2;mem:256", "registry.demo/batch/report:1.2", "report --format pdf", $"start=200ms-1secs {run} fail=1%"),
            ],
            elapsed => (int)(tasks * (0.9 + (0.1 * Math.Sin(elapsed.TotalMinutes / 7 * Math.Tau)))));
    }

    private static DemoLoad Spark(double tasks)
    {
        var least = Math.Max(30, tasks / LaunchesPerSecond);
        return new(
            "spark-recommendations",
            "analytics",
            [
                new DemoTaskKind("executor", "analytics", "cpus:2;mem:4096", "registry.demo/spark:3.5", "bin/spark-class org.apache.spark.executor.CoarseGrainedExecutorBackend", string.Create(CultureInfo.InvariantCulture, $"start=1secs-4secs run={least:0}secs-{least * 2:0}secs fail=1%")),
            ],
            elapsed => SparkWave(elapsed, tasks));
    }

    /// <summary>A job every five minutes, each with other executors: up for three and a half minutes, then a pause.</summary>
    private static int SparkWave(TimeSpan elapsed, double tasks)
    {
        var job = (long)(elapsed.TotalMinutes / 5);
        var size = 0.5 + (0.5 * (job * 0.618 % 1));
        return elapsed.TotalMinutes % 5 < 3.5 ? (int)Math.Ceiling(tasks * size) : (int)(tasks * 0.1);
    }

    private static DemoLoad Training(int agents) => new(
        "model-training",
        "research",
        [new DemoTaskKind("trainer", "research", "cpus:4;mem:16384;gpus:1", "registry.demo/research/trainer:0.9", "train --epochs 40", "start=5secs-20secs run=10mins-60mins fail=5%")],
        _ => Math.Max(1, agents / 20),
        WantsGpus: true);
}
