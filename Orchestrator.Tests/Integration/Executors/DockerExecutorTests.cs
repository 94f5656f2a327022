using System.Text.Json.Nodes;
using Orchestrator.Tests.Integration.AgentService;
using Orchestrator.Tests.Integration.EndToEnd;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Integration.Executors;

/// <summary>An executor in a Docker container: busybox' wget, which subscribes and prints what comes.</summary>
[Trait("Category", "Integration")]
public sealed class DockerExecutorTests(BusyboxFixture busybox) : IClassFixture<BusyboxFixture>
{
    private const string Subscribe = """
        exec wget -q -O - --header 'Content-Type: application/json' --post-data "{\"type\":\"SUBSCRIBE\",\"framework_id\":{\"value\":\"$MESOS_FRAMEWORK_ID\"},\"executor_id\":{\"value\":\"$MESOS_EXECUTOR_ID\"},\"subscribe\":{}}" http://$MESOS_AGENT_ENDPOINT/api/v1/executor
        """;

    [Fact]
    public async Task Executor_in_a_container_gets_its_task_and_fails_it_when_it_ends()
    {
        Assert.NotNull(busybox);
        await using var cluster = await AgentFixture.StartAsync("--containerizers", "docker,mesos");
        JsonObject Task() => cluster.Framework.Make("", made =>
        {
            made.Remove("command");
            made["executor"] = JsonNode.Parse($$$"""
                {"type":"CUSTOM","executor_id":{"value":"inside"},"container":{"type":"DOCKER","docker":{"image":"{{{BusyboxFixture.Image}}}","network":"HOST"}},
                 "resources":[{"name":"mem","type":"SCALAR","scalar":{"value":32},"allocation_info":{"role":"*"}}]}
                """);
            made["executor"]!["command"] = new JsonObject { ["value"] = Subscribe };
        });
        var id = Assert.Single(await cluster.Framework.LaunchAsync(Task()));
        await UntilPrintedAsync(cluster, "\"type\":\"SUBSCRIBED\"");

        // The daemon hands on whole lines, and a record ends its line with the length of the next.
        await cluster.Framework.KillAsync(id);
        await UntilPrintedAsync(cluster, $"{{\"type\":\"LAUNCH\",\"launch\":{{\"task\":{{\"name\":\"t\",\"task_id\":{{\"value\":\"{id}\"");

        // 32 MB of its own and 32 of its task; what it may use is set again once it runs, and grows with its tasks.
        await cluster.Framework.LaunchAsync(Task());
        await Until.TrueAsync("the container may use what both tasks need", () => MemoryOf(cluster) == 96L * 1024 * 1024);
        await Shell.RunAsync($"docker ps -q --filter label=orchestrator.work_dir={cluster.Agent.Data} | xargs docker kill");
        var failed = await cluster.Framework.UntilAsync(id, "TASK_FAILED");
        Assert.Equal("REASON_EXECUTOR_TERMINATED", failed.GetProperty("reason").GetString());
    }

    private static long MemoryOf(AgentFixture cluster) => long.Parse(
        Shell.RunAsync($"docker ps -q --filter label=orchestrator.work_dir={cluster.Agent.Data} | xargs docker inspect --format '{{{{.HostConfig.Memory}}}}'").GetAwaiter().GetResult().Trim(),
        System.Globalization.CultureInfo.InvariantCulture);

    private static Task UntilPrintedAsync(AgentFixture cluster, string text)
    {
        var sandboxes = Path.Combine(cluster.Agent.Data, "slaves");
        return Until.TrueAsync($"the executor prints {text}", () =>
            Directory.Exists(sandboxes)
            && Directory.GetFiles(sandboxes, "stdout", SearchOption.AllDirectories).Any(file => File.ReadAllText(file).Contains(text, StringComparison.Ordinal)));
    }
}
