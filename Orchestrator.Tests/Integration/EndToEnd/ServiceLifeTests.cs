using System.Net.Http.Json;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Integration.EndToEnd;

/// <summary>What the services engine, the prober and the agent do together, on real processes.</summary>
[Trait("Category", "Integration")]
public sealed class ServiceLifeTests : IClassFixture<BusyboxFixture>
{
    [Fact]
    public async Task App_whose_health_check_begins_to_fail_is_killed_and_replaced()
    {
        await using var cluster = await Cluster.StartAsync();
        await cluster.CreateAppAsync(Web("/sick", 1, "/"));
        var first = Assert.Single(await cluster.UntilRunningAsync("/sick", 1));
        await cluster.UntilAsync("it is healthy", async () => (await cluster.GetAsync("/v2/apps//sick")).GetProperty("app").GetProperty("tasksHealthy").GetInt32() == 1);

        await Shell.RunAsync($"docker exec {Assert.Single(await cluster.ContainersAsync(first))} /bin/busybox rm /www/index.html");

        await cluster.UntilAsync("another is healthy in its place", async () =>
            (await cluster.GetAsync("/v2/apps//sick")).GetProperty("app") is var app
            && app.GetProperty("tasksHealthy").GetInt32() == 1
            && app.GetProperty("tasks").EnumerateArray().All(task => task.GetProperty("id").GetString() != first));
        Assert.Single(await cluster.ContainersAsync());
    }

    [Fact]
    public async Task App_that_is_restarted_is_replaced_without_falling_below_its_minimum()
    {
        await using var cluster = await Cluster.StartAsync();
        await cluster.CreateAppAsync(Web("/rolling", 2, "/"));
        var before = await cluster.UntilRunningAsync("/rolling", 2);
        await cluster.UntilAsync("the deployment ends", async () => (await cluster.GetAsync("/v2/deployments")).GetArrayLength() == 0);
        using (var restarted = await cluster.Client.PostAsync("/v2/apps//rolling/restart", null))
        {
            Assert.True(restarted.IsSuccessStatusCode, await restarted.Content.ReadAsStringAsync());
        }

        var least = int.MaxValue;
        await cluster.UntilAsync("the restart ends", async () =>
        {
            least = Math.Min(least, (await cluster.RunningAsync("/rolling")).Count);
            return (await cluster.GetAsync("/v2/deployments")).GetArrayLength() == 0;
        });
        Assert.True(least >= 2, $"only {least} of 2 ran during the restart");
        Assert.Empty((await cluster.UntilRunningAsync("/rolling", 2)).Intersect(before));
    }

    [Fact]
    public async Task App_deleted_while_its_agent_is_down_ends_when_the_agent_is_back()
    {
        await using var cluster = await Cluster.StartAsync();
        await cluster.CreateAppAsync(Web("/gone", 2, "/"));
        await cluster.UntilRunningAsync("/gone", 2);
        await cluster.KillAndRestartAgentAsync(meanwhile: async () =>
        {
            using var deleted = await cluster.Client.DeleteAsync("/v2/apps//gone");
            Assert.True(deleted.IsSuccessStatusCode);
            Assert.Equal(2, (await cluster.ContainersAsync()).Count);
        });
        await cluster.UntilAsync("no container is left", async () => (await cluster.ContainersAsync()).Count == 0);
        await cluster.UntilAsync("the app is gone", async () => (await cluster.GetAsync("/v2/apps")).GetProperty("apps").GetArrayLength() == 0);
    }

    [Fact]
    public async Task App_scaled_in_the_moment_in_which_the_host_is_killed_has_the_old_number_or_the_new_one()
    {
        await using var cluster = await Cluster.StartAsync();
        await cluster.CreateAppAsync(Web("/moment", 1, "/"));
        var first = Assert.Single(await cluster.UntilRunningAsync("/moment", 1));
        var scaling = cluster.Client.PutAsJsonAsync("/v2/apps//moment?force=true", new { instances = 3 });
        await cluster.KillAndRestartHostAsync();
        try
        {
            using var answer = await scaling;
        }
        catch (HttpRequestException)
        {
            // The host was gone before it could answer.
        }

        var wanted = (await cluster.GetAsync("/v2/apps//moment")).GetProperty("app").GetProperty("instances").GetInt32();
        Assert.Contains(wanted, new[] { 1, 3 });
        Assert.Contains(first, await cluster.UntilRunningAsync("/moment", wanted));
        await cluster.UntilAsync("there are as many containers", async () => (await cluster.ContainersAsync()).Count == wanted);
    }

    private static string Web(string id, int instances, string path) => $$"""
        {
          "id": "{{id}}", "cmd": "exec httpd -f -p 8080 -h /www", "cpus": 0.1, "mem": 32, "instances": {{instances}}, "backoffSeconds": 0,
          "container": { "type": "DOCKER", "docker": { "image": "{{BusyboxFixture.Image}}" }, "portMappings": [{ "containerPort": 8080, "hostPort": 0 }] },
          "networks": [{ "mode": "container/bridge" }],
          "healthChecks": [{ "protocol": "HTTP", "path": "{{path}}", "portIndex": 0, "gracePeriodSeconds": 10, "intervalSeconds": 1, "timeoutSeconds": 5, "maxConsecutiveFailures": 2 }]
        }
        """;
}
