using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Simulation.Demo;

/// <summary>The real host with <c>--simulate</c>: what a user sees of it over HTTP.</summary>
[Trait("Category", "Simulation")]
public sealed class DemoHostTests : IAsyncLifetime
{
    private const string App = """
        {"id": "/mine", "instances": 3, "cpus": 0.1, "mem": 32, "networks": [{"mode": "container/bridge"}],
         "container": {"type": "DOCKER", "docker": {"image": "busybox"}, "portMappings": [{"containerPort": 80, "hostPort": 0}]},
         "healthChecks": [{"protocol": "HTTP", "path": "/", "portIndex": 0, "gracePeriodSeconds": 5, "intervalSeconds": 1, "delaySeconds": 0}]}
        """;

    private HostFixture _host = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await HostFixture.StartAsync("--simulate=30");
        _client = new HttpClient { BaseAddress = _host.Address };
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Host_that_simulates_shows_apps_of_all_kinds_and_runs_what_a_user_deploys()
    {
        await UntilAsync("/v2/apps?embed=apps.counts", apps => apps.GetProperty("apps").EnumerateArray().Count(app => app.GetProperty("tasksHealthy").GetInt32() > 0) >= 8);
        await UntilAsync("/v2/queue", queue => queue.GetProperty("queue").EnumerateArray().Any(item => item.GetProperty("app").GetProperty("id").GetString() == "/labs/too-large"));

        using var created = await _client.PostAsync("/v2/apps", new StringContent(App, null, "application/json"));
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var mine = await UntilAsync("/v2/apps//mine", app => app.GetProperty("app").GetProperty("tasksHealthy").GetInt32() == 3);

        var victim = mine.GetProperty("app").GetProperty("tasks")[0].GetProperty("id").GetString();
        using var killed = await _client.DeleteAsync($"/v2/apps//mine/tasks/{victim}");
        Assert.Equal(HttpStatusCode.OK, killed.StatusCode);
        await UntilAsync("/v2/apps//mine", app => app.GetProperty("app").GetProperty("tasksHealthy").GetInt32() == 3
            && app.GetProperty("app").GetProperty("tasks").EnumerateArray().All(task => task.GetProperty("id").GetString() != victim));
    }

    private async Task<JsonElement> UntilAsync(string path, Func<JsonElement, bool> condition)
    {
        var last = default(JsonElement);
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(60); await Task.Delay(100))
        {
            last = await _client.GetFromJsonAsync<JsonElement>(path);
            if (condition(last))
            {
                return last;
            }
        }

        throw new TimeoutException($"{path} did not become so within a minute: {last}");
    }
}
