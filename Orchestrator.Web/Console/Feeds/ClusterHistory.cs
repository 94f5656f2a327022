using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.Web.Console.Feeds;

/// <summary>The charts' memory: one sample every <see cref="Interval"/>, the last <see cref="MaxSamples"/> of them.</summary>
public sealed class ClusterHistory(LiveFeed feed, TimeProvider time) : BackgroundService
{
    /// <summary>Samples kept: an hour.</summary>
    public const int MaxSamples = 720;

    /// <summary>Time between samples.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Queue<ClusterSample> _samples = new(MaxSamples);

    /// <summary>The samples, oldest first.</summary>
    public ClusterSample[] Samples
    {
        get
        {
            lock (_gate)
            {
                return [.. _samples];
            }
        }
    }

    /// <summary>A sample was taken. Handlers must only hand over.</summary>
    public event Action<ClusterSample>? Sampled;

    /// <summary>Takes one sample of the newest state.</summary>
    public void Sample()
    {
        var totals = feed.Current.Cluster.Totals;
        var sample = new ClusterSample(
            time.GetUtcNow().ToUnixTimeMilliseconds() / 1000d,
            totals.Total.Scalar("cpus").ToDouble(),
            totals.Used.Scalar("cpus").ToDouble(),
            totals.Measured.Cpus,
            totals.Total.Scalar("mem").ToDouble(),
            totals.Used.Scalar("mem").ToDouble(),
            totals.Measured.MemMiB,
            totals.TasksByState.GetValueOrDefault(TaskState.TaskRunning),
            totals.TasksByState.GetValueOrDefault(TaskState.TaskStaging) + totals.TasksByState.GetValueOrDefault(TaskState.TaskStarting));
        lock (_gate)
        {
            if (_samples.Count >= MaxSamples)
            {
                _samples.Dequeue();
            }

            _samples.Enqueue(sample);
        }

        Sampled?.Invoke(sample);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                Sample();
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }
}
