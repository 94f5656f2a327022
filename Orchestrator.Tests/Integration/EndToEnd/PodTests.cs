using System.Text.Json;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Integration.EndToEnd;

/// <summary>Pods on a real agent with real Docker.</summary>
[Trait("Category", "Integration")]
public sealed class PodTests : IClassFixture<BusyboxFixture>
{
    private const string Pod = $$"""
        {
          "id": "/pair",
          "containers": [
            {
              "name": "writer",
              "exec": { "command": { "shell": "echo written-by-$MARATHON_CONTAINER_ID > /out/page; until wget -q -O /out/echo http://127.0.0.1:$EP_CONTAINER_WEB/page; do sleep 0.1; done; sleep 1000" } },
              "image": { "kind": "DOCKER", "id": "{{BusyboxFixture.Image}}" },
              "resources": { "cpus": 0.1, "mem": 32 },
              "volumeMounts": [{ "name": "shared", "mountPath": "/out" }]
            },
            {
              "name": "server",
              "exec": { "command": { "argv": ["/bin/httpd", "-f", "-p", "8080", "-h", "/data"] } },
              "image": { "kind": "DOCKER", "id": "{{BusyboxFixture.Image}}" },
              "resources": { "cpus": 0.1, "mem": 32 },
              "endpoints": [{ "name": "web", "containerPort": 8080, "hostPort": 0, "protocol": ["tcp"] }],
              "healthCheck": { "http": { "endpoint": "web", "path": "/page" }, "intervalSeconds": 1, "timeoutSeconds": 0.9, "delaySeconds": 0 },
              "volumeMounts": [{ "name": "shared", "mountPath": "/data", "readOnly": true }],
              "lifecycle": { "killGracePeriodSeconds": 0 }
            }
          ],
          "volumes": [{ "name": "shared" }],
          "networks": [{ "mode": "container/bridge" }],
          "scaling": { "kind": "fixed", "instances": 1 }
        }
        """;

    [Fact]
    public async Task Two_containers_share_a_volume_and_localhost_survive_crashes_and_are_relaunched_together()
    {
        await using var cluster = await Cluster.StartAsync();
        using (var created = await cluster.Client.PostAsync("/v2/pods", new StringContent(Pod, null, "application/json")))
        {
            Assert.True((int)created.StatusCode == 201, await created.Content.ReadAsStringAsync());
        }

        var first = await StableAsync(cluster);
        using var reader = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        async Task ReadsAsync(JsonElement instance) => await cluster.UntilAsync("the page that one wrote is served by the other, also on localhost", async () =>
        {
            var port = instance.GetProperty("containers")[1].GetProperty("endpoints")[0].GetProperty("allocatedHostPort").GetInt32();
            return await reader.GetStringAsync(new Uri($"http://127.0.0.1:{port}/page")) == "written-by-writer\n"
                && await reader.GetStringAsync(new Uri($"http://127.0.0.1:{port}/echo")) == "written-by-writer\n";
        });
        await ReadsAsync(first);

        await cluster.KillAndRestartHostAsync();
        await cluster.KillAndRestartAgentAsync();
        var same = await StableAsync(cluster);
        Assert.Equal(TasksOf(first), TasksOf(same));
        await ReadsAsync(same);

        // One container dies: both come again, the instance keeps its id.
        var container = (await Shell.RunAsync($"docker ps -q --filter label=orchestrator.work_dir={cluster.Agent.Data} | head -1")).Trim();
        await Shell.RunAsync($"docker kill {container}");
        JsonElement next = default;
        await cluster.UntilAsync("both are relaunched", async () => !TasksOf(next = await StableAsync(cluster)).Intersect(TasksOf(first)).Any());
        Assert.Equal(first.GetProperty("id").GetString(), next.GetProperty("id").GetString());
        await ReadsAsync(next);

        using (var deleted = await cluster.Client.DeleteAsync("/v2/pods/pair"))
        {
            Assert.Equal(202, (int)deleted.StatusCode);
        }

        await cluster.UntilAsync("nothing is left", async () =>
            (await Shell.RunAsync($"docker ps -q --filter label=orchestrator.work_dir={cluster.Agent.Data}; docker ps -q --filter label=orchestrator.group_of={cluster.Agent.Data}")).Trim().Length == 0
            && (await cluster.GetAsync("/v2/pods")).GetArrayLength() == 0);
    }

    private static List<string> TasksOf(JsonElement instance) => [.. instance.GetProperty("containers").EnumerateArray().Select(container => container.GetProperty("containerId").GetString()!)];

    /// <summary>The pod's only instance, once the pod is stable and the server healthy.</summary>
    private static async Task<JsonElement> StableAsync(Cluster cluster)
    {
        JsonElement status = default;
        await cluster.UntilAsync(
            "the pod is stable",
            async () => (status = await cluster.GetAsync("/v2/pods/pair::status")).GetProperty("status").GetString() == "STABLE" && status.ToString().Contains("\"reason\":\"health-reported-by-mesos\"", StringComparison.Ordinal),
            async () => (await cluster.GetAsync("/v2/pods/pair::status")).ToString());
        return status.GetProperty("instances").EnumerateArray().Single();
    }
}
