using System.Net.Http.Json;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Integration.EndToEnd;

/// <summary>What the README promises, on real processes and a real Docker daemon.</summary>
[Trait("Category", "Integration")]
public sealed class WebappTests : IClassFixture<BusyboxFixture>
{
    private const string Definition = $$"""
        {
          "id": "/webapp",
          "cmd": "exec httpd -f -p 8080 -h /www",
          "cpus": 0.1, "mem": 32, "instances": 3, "backoffSeconds": 0,
          "container": {
            "type": "DOCKER",
            "docker": { "image": "{{BusyboxFixture.Image}}", "network": "BRIDGE", "portMappings": [{ "containerPort": 8080, "hostPort": 0 }] }
          },
          "healthChecks": [{ "protocol": "HTTP", "path": "/", "portIndex": 0, "gracePeriodSeconds": 5, "intervalSeconds": 1, "timeoutSeconds": 2 }]
        }
        """;

    [Fact]
    public async Task Webapp_created_scaled_and_struck_serves_from_healthy_containers()
    {
        await using var cluster = await Cluster.StartAsync();
        await cluster.CreateAppAsync(Definition);
        await cluster.UntilRunningAsync("/webapp", 3);
        await cluster.UntilAsync("three are healthy", async () => (await cluster.GetAsync("/v2/apps//webapp")).GetProperty("app").GetProperty("tasksHealthy").GetInt32() == 3);
        foreach (var task in await cluster.TasksAsync("/webapp"))
        {
            var url = $"http://{task.GetProperty("host").GetString()}:{task.GetProperty("ports")[0].GetInt32()}/";
            Assert.Equal("ok\n", await cluster.Client.GetStringAsync(url));
        }

        using (var scaled = await cluster.Client.PutAsJsonAsync("/v2/apps//webapp", new { instances = 10 }))
        {
            Assert.True(scaled.IsSuccessStatusCode);
        }

        var ten = await cluster.UntilRunningAsync("/webapp", 10);
        var victim = ten[0];
        await Shell.RunAsync($"docker kill {Assert.Single(await cluster.ContainersAsync(victim))}");
        await cluster.UntilAsync("another has taken its place", async () =>
            await cluster.RunningAsync("/webapp") is { Count: 10 } running && !running.Contains(victim));

        using (var deleted = await cluster.Client.DeleteAsync("/v2/apps//webapp"))
        {
            Assert.True(deleted.IsSuccessStatusCode);
        }

        await cluster.UntilAsync("no container is left", async () => (await cluster.ContainersAsync()).Count == 0);
    }

    [Fact]
    public async Task Webapp_after_kill_9_of_the_host_keeps_its_containers_and_is_managed_again()
    {
        await using var cluster = await Cluster.StartAsync();
        await cluster.CreateAppAsync(Definition);
        var before = await cluster.UntilRunningAsync("/webapp", 3);
        var framework = (await cluster.GetAsync("/v2/info")).GetProperty("frameworkId").GetString();
        var containers = await cluster.ContainersAsync();

        await cluster.KillAndRestartHostAsync();

        await cluster.UntilAsync("the same three run", async () => before.SequenceEqual(await cluster.RunningAsync("/webapp")));
        Assert.Equal(framework, (await cluster.GetAsync("/v2/info")).GetProperty("frameworkId").GetString());
        using (var scaled = await cluster.Client.PutAsJsonAsync("/v2/apps//webapp?force=true", new { instances = 4 }))
        {
            Assert.True(scaled.IsSuccessStatusCode);
        }

        var after = await cluster.UntilRunningAsync("/webapp", 4);
        Assert.Superset(before.ToHashSet(), after.ToHashSet());
        Assert.Superset(containers.ToHashSet(), (await cluster.ContainersAsync()).ToHashSet());
        Assert.Equal(4, (await cluster.ContainersAsync()).Count);
        Assert.Equal(2, (await cluster.GetAsync("/v2/apps//webapp/versions")).GetProperty("versions").GetArrayLength());
    }

    [Fact]
    public async Task Webapp_killed_while_the_agent_is_down_is_replaced_and_the_others_go_on()
    {
        await using var cluster = await Cluster.StartAsync();
        await cluster.CreateAppAsync(Definition);
        var before = await cluster.UntilRunningAsync("/webapp", 3);
        var victim = before[1];

        await cluster.KillAndRestartAgentAsync(meanwhile: async () => await Shell.RunAsync($"docker kill {Assert.Single(await cluster.ContainersAsync(victim))}"));

        await cluster.UntilAsync("the victim is replaced", async () =>
            await cluster.RunningAsync("/webapp") is { Count: 3 } running && !running.Contains(victim));
        Assert.Superset(new HashSet<string> { before[0], before[2] }, (await cluster.RunningAsync("/webapp")).ToHashSet());
        Assert.Equal(3, (await cluster.ContainersAsync()).Count);
    }
}
