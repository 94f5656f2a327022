using System.Diagnostics;
using System.Globalization;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Benchmarks;

/// <summary>
/// Tasks from ACCEPT to TASK_RUNNING over real HTTP: one host process, simulated agents on the real agent link, one
/// framework on the real scheduler API, all on this machine, load generator included.
/// </summary>
public sealed class LaunchBenchmark(int agents, int tasks, int offerRounds)
{
    /// <summary>Runs it once.</summary>
    public async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await using var host = await ServiceProcess.StartHostAsync();
        try
        {
            return await RunAsync(host);
        }
        catch (Exception error) when (error is TimeoutException or HttpRequestException or InvalidOperationException or IOException)
        {
            throw new InvalidOperationException($"{error.Message}\nThe host said:\n{host.Output}", error);
        }
    }

    private async Task<IReadOnlyList<Figure>> RunAsync(ServiceProcess host)
    {
        await Task.Delay(1000);
        var idle = host.ResidentMiB;
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = int.MaxValue, PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5) };
        using var client = new HttpClient(handler) { BaseAddress = host.Url, Timeout = Timeout.InfiniteTimeSpan };
        using var stop = new CancellationTokenSource();
        var perAgent = Math.Max(1, (tasks + agents - 1) / agents);
        var fleet = Enumerable.Range(0, agents).Select(i => new WireAgent(client, i, Math.Max(4, perAgent * 0.1 + 1), Math.Max(4096, perAgent * 32 + 64))).ToList();
        var registering = Stopwatch.GetTimestamp();
        var links = fleet.ConvertAll(agent => Quietly(agent.RunAsync(stop.Token)));
        await Task.WhenAny(Task.WhenAll(fleet.Select(agent => agent.Registered.Task)), Task.WhenAll(links)).WaitAsync(TimeSpan.FromMinutes(1));
        var registered = Stopwatch.GetElapsedTime(registering);

        var scheduler = new WireScheduler(client, tasks, perAgent);
        var cpu = host.CpuSeconds;
        var launching = Stopwatch.GetTimestamp();
        var subscription = Quietly(scheduler.RunAsync(stop.Token));
        await Task.WhenAny(scheduler.AllRunning.Task, subscription).WaitAsync(TimeSpan.FromMinutes(5));
        await scheduler.AllRunning.Task.WaitAsync(TimeSpan.FromSeconds(1));
        var launched = Stopwatch.GetElapsedTime(launching);
        cpu = host.CpuSeconds - cpu;

        var offers = new List<double>();
        for (var i = 0; i < offerRounds; i++)
        {
            offers.Add(await scheduler.MeasureOfferAsync(stop.Token));
            await Task.Delay(20);
        }

        var resident = host.ResidentMiB;
        await stop.CancelAsync();
        await Task.WhenAll([.. links, subscription]);
        return
        [
            new Figure($"{agents:N0} agents registered", string.Create(CultureInfo.InvariantCulture, $"{registered.TotalSeconds:0.00} s")),
            new Figure($"task launches to TASK_RUNNING, {agents:N0} agents, {tasks:N0} tasks", string.Create(CultureInfo.InvariantCulture, $"{tasks / launched.TotalSeconds:N0}/s"), "3,000/s"),
            new Figure("launch latency p50 / p99 (all offered at once)", string.Create(CultureInfo.InvariantCulture, $"{Latency.Percentile(scheduler.LaunchMilliseconds, 0.5):N0} / {Latency.Percentile(scheduler.LaunchMilliseconds, 0.99):N0} ms")),
            new Figure("offer latency p50 / p99 (REVIVE to OFFERS)", string.Create(CultureInfo.InvariantCulture, $"{Latency.Percentile(offers, 0.5):0.0} / {Latency.Percentile(offers, 0.99):0.0} ms"), "p99 < 100 ms"),
            new Figure("host CPU-seconds per 1,000 tasks", string.Create(CultureInfo.InvariantCulture, $"{cpu * 1000 / tasks:0.00}")),
            new Figure("memory, idle host", string.Create(CultureInfo.InvariantCulture, $"{idle:N0} MiB"), "200 MB"),
            new Figure($"memory, {agents:N0} agents, {tasks:N0} tasks", string.Create(CultureInfo.InvariantCulture, $"{resident:N0} MiB")),
        ];
    }

    private static async Task Quietly(Task task)
    {
        try
        {
            await task;
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }
}
