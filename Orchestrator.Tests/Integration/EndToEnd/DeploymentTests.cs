using System.Text;
using System.Text.Json;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Integration.EndToEnd;

/// <summary>Deployments of a served app on real Docker, while a client asks all the time as a balancer would let it.</summary>
[Trait("Category", "Integration")]
public sealed class DeploymentTests : IClassFixture<BusyboxFixture>
{
    [Fact]
    public async Task Rolling_upgrade_and_an_aborted_and_a_whole_blue_green_upgrade_fail_no_request()
    {
        await using var cluster = await Cluster.StartAsync();
        await DeployAsync(cluster, Web("one"));
        await using var load = new ConstantLoad(cluster, "/web");

        await DeployAsync(cluster, Web("two"));
        await load.UntilAnsweredAsync("two");
        Assert.Equal("succeeded", (await NewestAsync(cluster)).GetProperty("outcome").GetString());

        // Aborted while the new colour waits for its traffic: it is never ready.
        await PutAsync(cluster, Web("three", "'type':'BLUE_GREEN'", ready: "/never"));
        await cluster.UntilAsync("the new colour runs", async () => (await cluster.TasksAsync("/web")).Count(task => task.GetProperty("state").GetString() == "TASK_STARTING") == 2);
        var id = (await cluster.GetAsync("/v2/deployments"))[0].GetProperty("id").GetString();
        using (var aborted = await cluster.Client.DeleteAsync($"/v2/deployments/{id}"))
        {
            Assert.True(aborted.IsSuccessStatusCode, await aborted.Content.ReadAsStringAsync());
        }

        await UntilDoneAsync(cluster);
        Assert.Equal(2, (await cluster.UntilRunningAsync("/web", 2)).Count);

        await DeployAsync(cluster, Web("four", "'type':'BLUE_GREEN'"));
        await load.UntilAnsweredAsync("four");
        await load.StopAsync();

        Assert.Empty(load.Failures);
        Assert.DoesNotContain("three", load.Answers);
        Assert.True(load.Requests > 100, $"only {load.Requests} requests were made");
    }

    [Fact]
    public async Task Bad_version_is_taken_back_by_itself_through_a_kill_of_the_host()
    {
        await using var cluster = await Cluster.StartAsync();
        await DeployAsync(cluster, Web("good"));
        var before = await cluster.UntilRunningAsync("/web", 2);

        // It fails at once, again and again.
        await PutAsync(cluster, Web("bad", "'maxFailures':2", command: "exit 3"));
        await cluster.KillAndRestartHostAsync();

        await UntilDoneAsync(cluster);
        await cluster.UntilAsync("the good one is back", async () => (await cluster.GetAsync("/v2/apps//web")).GetProperty("app").GetProperty("env").GetProperty("VERSION").GetString() == "good");
        Assert.Equal(before, await cluster.UntilRunningAsync("/web", 2));
        var history = (await cluster.GetAsync("/v2/deployments/history?app=/web")).EnumerateArray().ToList();
        Assert.Equal(["succeeded", "rolledBack", "succeeded"], history.Select(row => row.GetProperty("outcome").GetString()));
        Assert.Equal(history[1].GetProperty("id").GetString(), history[0].GetProperty("rollbackOf").GetString());
        Assert.Contains("more than maxFailures=2", history[1].GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_before_a_deployment_runs_once_to_its_end_before_anything_starts()
    {
        await using var cluster = await Cluster.StartAsync();
        var marks = Path.Combine(cluster.Agent.Data, "marks");
        await DeployAsync(cluster, $$"""
            {
              "id": "/web", "cmd": "echo started >> {{marks}}; exec sleep 1000", "cpus": 0.1, "mem": 32, "instances": 2, "backoffSeconds": 0, "portDefinitions": [],
              "upgradeStrategy": { "preDeployment": { "cmd": "echo migrated >> {{marks}}" } }
            }
            """);

        await cluster.UntilAsync("both have started", async () => (await File.ReadAllLinesAsync(marks)).Length == 3);
        Assert.Equal(["migrated", "started", "started"], await File.ReadAllLinesAsync(marks));
    }

    private static async Task DeployAsync(Cluster cluster, string json)
    {
        await PutAsync(cluster, json);
        await UntilDoneAsync(cluster);
    }

    private static async Task PutAsync(Cluster cluster, string json)
    {
        using var answer = await cluster.Client.PutAsync("/v2/apps//web?partialUpdate=false", new StringContent(json, Encoding.UTF8, "application/json"));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static Task UntilDoneAsync(Cluster cluster) =>
        cluster.UntilAsync("the deployment ends", async () => (await cluster.GetAsync("/v2/deployments")).GetArrayLength() == 0, async () => (await cluster.GetAsync("/v2/apps//web")).ToString());

    private static async Task<JsonElement> NewestAsync(Cluster cluster) => (await cluster.GetAsync("/v2/deployments/history"))[0];

    private static string Web(string version, string strategy = "'minimumHealthCapacity':1,'maximumOverCapacity':0.5", string ready = "/", string command = "echo $VERSION > /www/index.html; exec httpd -f -p 8080 -h /www") => $$"""
        {
          "id": "/web", "cmd": "{{command}}", "env": { "VERSION": "{{version}}" }, "cpus": 0.1, "mem": 32, "instances": 2, "backoffSeconds": 0, "drainSeconds": 2,
          "container": { "type": "DOCKER", "docker": { "image": "{{BusyboxFixture.Image}}" }, "portMappings": [{ "containerPort": 8080, "hostPort": 0, "name": "http" }] },
          "networks": [{ "mode": "container/bridge" }],
          "readinessChecks": [{ "portName": "http", "path": "{{ready}}", "intervalSeconds": 2, "timeoutSeconds": 1 }],
          "healthChecks": [{ "protocol": "HTTP", "path": "/", "portIndex": 0, "gracePeriodSeconds": 20, "intervalSeconds": 1, "timeoutSeconds": 5, "maxConsecutiveFailures": 5 }],
          "upgradeStrategy": { {{strategy.Replace('\'', '"')}} }
        }
        """;
}
