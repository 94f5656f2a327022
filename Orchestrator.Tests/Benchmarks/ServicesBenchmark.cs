using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Benchmarks;

/// <summary>
/// A large tree of apps on one host over real HTTP with simulated agents: how long changes, reads, a very large app and a
/// restart of the host take, and how much memory the host has then.
/// </summary>
/// <param name="agents">Number of agents.</param>
/// <param name="apps">Number of apps, in groups of a hundred.</param>
/// <param name="perApp">Instances of each app.</param>
/// <param name="big">Instances of the one large app.</param>
/// <param name="rounds">How often each call is measured.</param>
public sealed class ServicesBenchmark(int agents, int apps, int perApp, int big, int rounds)
{
    private const int AppsPerCall = 500;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    /// <summary>Pages that clients and the console read.</summary>
    private static readonly string[] s_reads =
    [
        "/v2/apps/g00/app-0", "/v2/apps?limit=100", "/v2/apps?limit=100&offset=5000", "/v2/apps?limit=100&fields=id,instances,cpus", "/v2/apps?id=app-42",
        "/v2/deployments", "/v2/queue", "/v2/groups/g00", "/v2/groups", "/v2/apps", "/v2/tasks",
    ];

    private readonly List<Figure> _figures = [];

    /// <summary>Runs it once.</summary>
    public async Task<IReadOnlyList<Figure>> RunAsync()
    {
        var host = await ServiceProcess.StartHostAsync(null, null, "--max_running_deployments", "1000");
        try
        {
            using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = int.MaxValue, PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5), UseProxy = false };
            using var http = new HttpClient(handler) { BaseAddress = host.Url, Timeout = s_patience };
            await using var fleet = new WireFleet(http, agents, cpus: 1000, memMiB: 1_000_000);
            await fleet.ConnectAsync();
            var client = new ServicesClient(http);
            await DeployAsync(client, fleet);
            await ChangeAsync(client);
            Note($"memory of the host, {apps:N0} apps, {apps * perApp:N0} instances, {agents:N0} agents", $"{host.ResidentMiB:N0} MiB");
            await ReadAsync(client);
            await GrowAsync(client, fleet);
            Note($"memory of the host, {big:N0} instances more", $"{host.ResidentMiB:N0} MiB");
            host = await RestartAsync(host, client, fleet);
            return _figures;
        }
        catch (Exception error) when (error is TimeoutException or HttpRequestException or InvalidOperationException or IOException)
        {
            throw new InvalidOperationException($"{error.Message}\nThe host said:\n{host.Output}", error);
        }
        finally
        {
            await host.DisposeAsync();
            Directory.Delete(host.Data, recursive: true);
        }
    }

    private async Task DeployAsync(ServicesClient client, WireFleet fleet)
    {
        var started = Stopwatch.GetTimestamp();
        var calls = new List<double>();
        foreach (var chunk in Enumerable.Range(0, apps).Chunk(AppsPerCall))
        {
            calls.Add((await client.SendAsync(HttpMethod.Put, "/v2/apps", $"[{string.Join(',', chunk.Select(Definition))}]")).Milliseconds);
        }

        await client.UntilSettledAsync(s_patience);
        Note($"{apps:N0} apps with {apps * perApp:N0} instances, from the first call to the end of all deployments", $"{Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
        Note($"PUT of {Math.Min(apps, AppsPerCall)} apps in one call p50 / max", $"{Latency.Percentile(calls, 0.5):N0} / {calls.Max():N0} ms");
        Expect(fleet.Kills == 0 && fleet.Running == apps * perApp, $"{fleet.Running} tasks run and {fleet.Kills} were killed while {apps * perApp} were started");
    }

    /// <summary>Changes one after the other: apps scaled up by one instance, and apps with another configuration.</summary>
    private async Task ChangeAsync(ServicesClient client)
    {
        var (scalings, updates) = (new List<double>(), new List<double>());
        for (var i = 0; i < rounds; i++)
        {
            var app = i * (apps / rounds) % apps;
            scalings.Add((await client.SendAsync(HttpMethod.Put, $"/v2/apps{Id(app)}?force=true", $$"""{"instances":{{perApp + 1}}}""")).Milliseconds);
        }

        await client.UntilSettledAsync(s_patience);
        for (var i = 0; i < rounds; i++)
        {
            var app = i * (apps / rounds) % apps;
            updates.Add((await client.SendAsync(HttpMethod.Put, $"/v2/apps{Id(app)}?force=true", """{"env":{"V":"2"}}""")).Milliseconds);
        }

        await client.UntilSettledAsync(s_patience);
        Note("PUT that scales an app p50 / p99", Both(scalings), "p99 < 200 ms");
        Note("PUT that changes an app p50 / p99", Both(updates), "p99 < 200 ms");
    }

    private async Task ReadAsync(ServicesClient client)
    {
        foreach (var path in s_reads)
        {
            var (times, bytes) = await client.ReadAsync(path, Math.Min(rounds, 50));
            Note($"GET {path} p50 / p99, {bytes / 1024.0:N0} KiB", Both(times), path.Contains("limit", StringComparison.Ordinal) || bytes < 100_000 ? "< 100 ms" : "");
        }

        // Nothing that was written before helps: a change comes between the readings.
        foreach (var path in new[] { "/v2/apps?limit=100", "/v2/apps", "/v2/groups" })
        {
            var times = new List<double>();
            for (var i = 0; i < Math.Min(rounds, 10); i++)
            {
                await client.SendAsync(HttpMethod.Put, $"/v2/apps{Id(i)}?force=true", $$$"""{"labels":{"round":"{{{path.Length}}}-{{{i}}}"}}""");
                times.Add((await client.SendAsync(HttpMethod.Get, path)).Milliseconds);
            }

            Note($"GET {path} after a change p50 / p99", Both(times), path.Contains("limit", StringComparison.Ordinal) ? "< 100 ms" : "");
        }

        await client.UntilSettledAsync(s_patience);
    }

    private async Task GrowAsync(ServicesClient client, WireFleet fleet)
    {
        await client.SendAsync(HttpMethod.Post, "/v2/apps", $$"""{"id":"/big","cmd":"sleep 1000","cpus":0.01,"mem":1,"instances":1}""");
        await client.UntilSettledAsync(s_patience);
        var (kills, running) = (fleet.Kills, fleet.Running);
        var started = Stopwatch.GetTimestamp();
        var put = (await client.SendAsync(HttpMethod.Put, "/v2/apps/big", $$"""{"instances":{{big}}}""")).Milliseconds;
        var meanwhile = new List<double>();
        await ServicesClient.UntilAsync("the large app runs", s_patience, async () =>
        {
            meanwhile.Add((await client.SendAsync(HttpMethod.Get, "/v2/apps/g00/app-0")).Milliseconds);
            return (await client.GetAsync("/v2/deployments")).GetArrayLength() == 0;
        });
        Note($"one app from 1 to {big:N0} instances, all running", $"{Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s", "30 s");
        Note("the call that asked for it", $"{put:N0} ms");
        Note("GET of another app meanwhile p50 / p99", Both(meanwhile));
        Expect(fleet.Kills == kills && fleet.Running == running + big - 1, $"{fleet.Kills - kills} tasks were killed and {fleet.Running - running} came while {big - 1} were asked for");
        Note("tasks killed by mistake meanwhile", $"{fleet.Kills - kills}", "0");
    }

    private async Task<ServiceProcess> RestartAsync(ServiceProcess host, ServicesClient client, WireFleet fleet)
    {
        var (kills, running) = (fleet.Kills, fleet.Running);
        await host.KillAsync();
        await fleet.LoseAsync();
        var started = Stopwatch.GetTimestamp();
        var next = await ServiceProcess.StartHostAsync(host.Data, host.Port);
        var (known, instances) = await CountAsync(client);
        Note($"host killed and started again, until it answers with {known:N0} apps and {instances:N0} instances", $"{Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s", "10 s");
        Expect(known == apps + 1 && instances == running, $"{known} apps and {instances} instances came back, not {apps + 1} and {running}");
        await fleet.ConnectAsync();
        Note("until all agents are back with their tasks", $"{Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
        await client.SendAsync(HttpMethod.Put, $"/v2/apps{Id(0)}?force=true", $$"""{"instances":{{perApp + 2}}}""");
        await client.UntilSettledAsync(s_patience);
        Note("until an app was scaled after that", $"{Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
        Note("tasks killed by mistake meanwhile", $"{fleet.Kills - kills}", "0");
        Expect(fleet.Kills == kills, $"{fleet.Kills - kills} tasks were killed by a restart");
        Note("memory of the host after it", $"{next.ResidentMiB:N0} MiB");
        return next;
    }

    private static async Task<(int Apps, int Instances)> CountAsync(ServicesClient client)
    {
        var list = (await client.GetAsync("/v2/apps")).GetProperty("apps");
        return (list.GetArrayLength(), list.EnumerateArray().Sum(app => app.GetProperty("tasksRunning").GetInt32()));
    }

    private string Definition(int number) => JsonSerializer.Serialize(new
    {
        id = Id(number),
        cmd = "exec sleep 1000",
        cpus = 0.01,
        mem = 1,
        instances = perApp,
        labels = new { team = $"team-{number % 7}", tier = "bench" },
        env = new { V = "1", ADDRESS = "http://example.test/" },
    });

    private static string Id(int number) => $"/g{number / 100:00}/app-{number}";

    private static string Both(List<double> times) => string.Create(CultureInfo.InvariantCulture, $"{Latency.Percentile(times, 0.5):0.0} / {Latency.Percentile(times, 0.99):0.0} ms");

    private void Note(FormattableString what, FormattableString value, string floor = "") => Note(what.ToString(CultureInfo.InvariantCulture), value.ToString(CultureInfo.InvariantCulture), floor);

    private void Note(string what, string value, string floor = "")
    {
        _figures.Add(new Figure(what, value, floor));
        Console.Error.WriteLine($"{what}: {value}");
    }

    private static void Expect(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException(otherwise);
        }
    }
}
