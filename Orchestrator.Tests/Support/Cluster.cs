using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace Orchestrator.Tests.Support;

/// <summary>A host and one agent as separate processes, and what a user would ask of them over HTTP.</summary>
public sealed class Cluster : IAsyncDisposable
{
    private static readonly string[] s_agentArguments = ["--containerizers", "docker,mesos", "--resources", "cpus:8;mem:8192;disk:10000;ports:[31000-32000]"];
    private readonly string[] _hostArguments;
    private HttpClient _client;

    private Cluster(ServiceProcess host, ServiceProcess agent, string[] hostArguments)
    {
        _hostArguments = hostArguments;
        Host = host;
        Agent = agent;
        _client = new HttpClient { BaseAddress = host.Url };
    }

    /// <summary>The host now.</summary>
    public ServiceProcess Host { get; private set; }

    /// <summary>The agent now.</summary>
    public ServiceProcess Agent { get; private set; }

    /// <summary>A client of the host.</summary>
    public HttpClient Client => _client;

    /// <summary>Starts both and waits until the agent is registered and apps can be deployed.</summary>
    public static async Task<Cluster> StartAsync(params string[] hostArguments)
    {
        var host = await ServiceProcess.StartHostAsync(null, null, hostArguments);
        var cluster = new Cluster(host, await ServiceProcess.StartAgentAsync(host.Url, null, null, s_agentArguments), hostArguments);
        await cluster.UntilAsync("the agent is registered", async () =>
            (await cluster.GetAsync("/slaves")).GetProperty("slaves").EnumerateArray().Any(slave => slave.GetProperty("active").GetBoolean()));
        await cluster.UntilAsync("the services engine is subscribed", async () =>
            (await cluster.GetAsync("/v2/info")).TryGetProperty("frameworkId", out var id) && id.ValueKind == JsonValueKind.String);
        return cluster;
    }

    /// <summary>Kills the host with SIGKILL and starts it again on the same data and port.</summary>
    public async Task KillAndRestartHostAsync()
    {
        await Host.KillAsync();
        Host = await ServiceProcess.StartHostAsync(Host.Data, Host.Port, _hostArguments);
        _client.Dispose();
        _client = new HttpClient { BaseAddress = Host.Url };
    }

    /// <summary>Kills the agent with SIGKILL; <paramref name="meanwhile"/> happens before it is started again.</summary>
    public async Task KillAndRestartAgentAsync(Func<Task>? meanwhile = null)
    {
        await Agent.KillAsync();
        if (meanwhile is not null)
        {
            await meanwhile();
        }

        Agent = await ServiceProcess.StartAgentAsync(Host.Url, Agent.Data, Agent.Port, s_agentArguments);
    }

    /// <summary>GET as JSON.</summary>
    public async Task<JsonElement> GetAsync(string path) => await _client.GetFromJsonAsync<JsonElement>(path);

    /// <summary>POST of a new app; it must be accepted.</summary>
    public async Task CreateAppAsync(string json)
    {
        using var answer = await _client.PostAsync("/v2/apps", new StringContent(json, null, "application/json"));
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
    }

    /// <summary>The tasks of an app: id to state.</summary>
    public async Task<List<JsonElement>> TasksAsync(string app) =>
        [.. (await GetAsync($"/v2/apps/{app}/tasks")).GetProperty("tasks").EnumerateArray()];

    /// <summary>The ids of the running tasks of an app.</summary>
    public async Task<List<string>> RunningAsync(string app) =>
        [.. (await TasksAsync(app)).Where(task => task.GetProperty("state").GetString() == "TASK_RUNNING").Select(task => task.GetProperty("id").GetString()!).Order(StringComparer.Ordinal)];

    /// <summary>The ids of the running containers of the agent; with <paramref name="task"/> only that of a task.</summary>
    public async Task<List<string>> ContainersAsync(string? task = null) =>
        [.. (await Shell.RunAsync($"docker ps -q --no-trunc --filter label=orchestrator.work_dir={Agent.Data}{(task is null ? "" : $" --filter label=MESOS_TASK_ID={task}")}")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];

    /// <summary>Waits until an app has this many running tasks, and returns their ids.</summary>
    public async Task<List<string>> UntilRunningAsync(string app, int count)
    {
        List<string> running = [];
        await UntilAsync($"{app} has {count} running tasks", async () => (running = await RunningAsync(app)).Count == count, async () => (await GetAsync($"/v2/apps/{app}")).ToString());
        return running;
    }

    /// <summary>Asks again and again, a minute at most, until the answer is yes.</summary>
    public async Task UntilAsync(string what, Func<Task<bool>> condition, Func<Task<string>>? report = null)
    {
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(60);)
        {
            try
            {
                if (await condition())
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // A host that is just starting.
            }

            await Task.Delay(50);
        }

        Assert.Fail($"Not within a minute: {what}. {(report is null ? "" : await report())}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Host.DisposeAsync();
        // On SIGTERM with --shutdown_tasks_on_exit it would end its tasks; here the tasks are ended by their sandboxes' mark.
        await Agent.DisposeAsync();
        await Leftovers.RemoveContainersAsync(Agent.Data);
        await Leftovers.RemoveAsync(Agent.Data);
        Directory.Delete(Host.Data, recursive: true);
    }
}
