using System.Diagnostics;
using System.Globalization;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Benchmarks;

/// <summary>
/// Tasks from ACCEPT to TASK_RUNNING over real HTTP: one host process, simulated agents on the real agent link, one
/// framework on the real scheduler API, all on this machine, load generator included.
/// </summary>
/// <param name="agents">Number of agents.</param>
/// <param name="tasks">Number of tasks.</param>
/// <param name="oneByOne">One task an ACCEPT, the rest of the offer wanted back at once; otherwise a whole agent's tasks.</param>
/// <param name="offerRounds">How often the latency of an offer is measured; 0 for not at all.</param>
public sealed class LaunchBenchmark(int agents, int tasks, bool oneByOne, int offerRounds)
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
        var figures = new List<Figure>();
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
        var withAgents = host.ResidentMiB;

        var scheduler = new WireScheduler(client, tasks, oneByOne ? 1 : perAgent, keepsRest: oneByOne);
        var cpu = host.CpuSeconds;
        var launching = Stopwatch.GetTimestamp();
        var subscription = Quietly(scheduler.RunAsync(stop.Token));
        await Task.WhenAny(scheduler.AllRunning.Task, subscription).WaitAsync(TimeSpan.FromMinutes(5));
        await scheduler.AllRunning.Task.WaitAsync(TimeSpan.FromSeconds(1));
        var launched = Stopwatch.GetElapsedTime(launching);
        await scheduler.DrainAsync(stop.Token).WaitAsync(TimeSpan.FromMinutes(1));
        var acknowledged = Stopwatch.GetElapsedTime(launching);
        cpu = host.CpuSeconds - cpu;

        var how = oneByOne ? "one task an ACCEPT" : $"{perAgent} tasks an ACCEPT";
        figures.Add(Line($"task launches to TASK_RUNNING, {agents:N0} agents, {tasks:N0} tasks, {how}", $"{tasks / launched.TotalSeconds:N0}/s", "3,000/s"));
        figures.Add(Line("the same until every update is acknowledged by a call of its own", $"{tasks / acknowledged.TotalSeconds:N0}/s"));
        figures.Add(Line("ACCEPT to TASK_RUNNING p50 / p99 in that run", $"{Latency.Percentile(scheduler.LaunchMilliseconds, 0.5):N0} / {Latency.Percentile(scheduler.LaunchMilliseconds, 0.99):N0} ms"));
        figures.Add(Line("host CPU-seconds per 1,000 tasks, acknowledgements included", $"{cpu * 1000 / tasks:0.00}"));
        if (offerRounds > 0)
        {
            var offers = await OffersAsync(scheduler, stop.Token);
            figures.Add(Line("offer latency p50 / p99 (REVIVE to OFFERS)", $"{Latency.Percentile(offers, 0.5):0.0} / {Latency.Percentile(offers, 0.99):0.0} ms", "p99 < 100 ms"));
            figures.Add(Line($"{agents:N0} agents registered", $"{registered.TotalSeconds:0.00} s"));
            figures.Add(Line("memory, idle host", $"{idle:N0} MiB", "200 MB"));
            figures.Add(Line($"memory, {agents:N0} agents", $"{withAgents:N0} MiB"));
            figures.Add(Line($"memory, {agents:N0} agents, {tasks:N0} tasks", $"{host.ResidentMiB:N0} MiB"));
        }

        await stop.CancelAsync();
        await Task.WhenAll([.. links, subscription]);
        return figures;
    }

    private async Task<List<double>> OffersAsync(WireScheduler scheduler, CancellationToken cancellationToken)
    {
        var offers = new List<double>();
        for (var i = 0; i < offerRounds; i++)
        {
            offers.Add(await scheduler.MeasureOfferAsync(cancellationToken));

            // What it declines must have arrived before it asks again, or its refusal would meet the new offers.
            await Task.Delay(20, cancellationToken);
            await scheduler.DrainAsync(cancellationToken);
        }

        return offers;
    }

    private static Figure Line(string what, FormattableString value, string floor = "") => new(what, value.ToString(CultureInfo.InvariantCulture), floor);

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
