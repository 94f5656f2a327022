using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Integration.EndToEnd;

/// <summary>An app with a persistent volume on a real host and agent.</summary>
[Trait("Category", "Integration")]
public sealed class ResidentAppTests
{
    [Fact]
    public async Task Data_of_an_instance_outlives_its_tasks_a_new_version_and_kill_9_of_agent_and_host_and_goes_with_the_app()
    {
        await using var cluster = await Cluster.StartAsync("--mesos_role", "prod");
        await Shell.RunAsync($"chmod 755 {cluster.Agent.Data}");
        await cluster.CreateAppAsync("""
            { "id": "/db", "cmd": "echo one >> data/log; sync data/log; exec sleep 1000", "cpus": 0.1, "mem": 32, "backoffSeconds": 0, "portDefinitions": [],
              "container": { "type": "MESOS", "volumes": [{ "containerPath": "data", "mode": "RW", "persistent": { "size": 16 } }] } }
            """);
        var first = Assert.Single(await cluster.UntilRunningAsync("/db", 1));
        var volume = (await cluster.TasksAsync("/db"))[0].GetProperty("localVolumes")[0].GetProperty("persistenceId").GetString()!;
        var log = Path.Combine(cluster.Agent.Data, "volumes", "roles", "prod", volume, "log");
        await UntilLinesAsync(cluster, log, "one");

        await cluster.KillAndRestartAgentAsync();
        await cluster.KillAndRestartHostAsync();
        using var killed = await cluster.Client.DeleteAsync($"/v2/apps//db/tasks/{first}");
        await UntilLinesAsync(cluster, log, "one", "one");

        using var update = await cluster.Client.PutAsync("/v2/apps//db", new StringContent("""{ "cmd": "echo two >> data/log; sync data/log; exec sleep 1000" }""", null, "application/json"));
        Assert.True(update.IsSuccessStatusCode, await update.Content.ReadAsStringAsync());
        await UntilLinesAsync(cluster, log, "one", "one", "two");

        using var deleted = await cluster.Client.DeleteAsync("/v2/apps//db");
        await cluster.UntilAsync("the volume is destroyed and its reservation given back", async () =>
            !Directory.Exists(Path.GetDirectoryName(log))
            && !(await cluster.GetAsync("/slaves")).GetProperty("slaves")[0].GetProperty("reserved_resources").EnumerateObject().Any());
    }

    private static Task UntilLinesAsync(Cluster cluster, string log, params string[] lines) => cluster.UntilAsync(
        $"{log} has {lines.Length} lines",
        async () => File.Exists(log) && (await File.ReadAllLinesAsync(log)).SequenceEqual(lines),
        async () => (File.Exists(log) ? await File.ReadAllTextAsync(log) : "no file") + (await cluster.GetAsync("/v2/apps//db")).ToString());
}
