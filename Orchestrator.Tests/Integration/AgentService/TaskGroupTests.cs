using System.Diagnostics;
using System.Net.NetworkInformation;
using System.Text.Json.Nodes;
using Orchestrator.Tests.Integration.EndToEnd;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Integration.AgentService;

/// <summary>Task groups on a real agent: commands, and containers of images that share a network.</summary>
[Trait("Category", "Integration")]
public sealed class TaskGroupTests : IClassFixture<BusyboxFixture>
{
    private static readonly string[] s_docker = ["--containerizers", "docker,mesos"];

    [Fact]
    public async Task Commands_of_a_group_share_a_folder_outlive_the_agent_and_end_together()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var framework = fixture.Framework;
        var ids = await framework.LaunchGroupAsync(
            null,
            framework.Make("echo from-the-first > shared/word; sleep 1000", AddShared),
            framework.Make("until grep from-the-first shared/word; do sleep 0.05; done; until [ -e shared/gate ]; do sleep 0.05; done; exit 4", AddShared));
        await framework.UntilAsync(ids[0], "TASK_RUNNING");
        await framework.UntilAsync(ids[1], "TASK_RUNNING");
        var executor = (await fixture.AskAsync("/state")).GetProperty("frameworks")[0].GetProperty("executors")[0];
        var shared = executor.GetProperty("directory").GetString()!.Split("/containers/")[0] + "/data";

        await fixture.Agent.KillAsync();
        await fixture.RestartAsync();
        await File.WriteAllTextAsync(Path.Combine(shared, "gate"), "");

        var failed = await framework.UntilEndedAsync(ids[1]);
        Assert.Equal(("TASK_FAILED", "Command exited with status 4"), (FrameworkDriver.StateOf(failed), FrameworkDriver.MessageOf(failed)));
        Assert.Equal("TASK_KILLED", FrameworkDriver.StateOf(await framework.UntilEndedAsync(ids[0])));
        Assert.Equal("from-the-first\n", await File.ReadAllTextAsync(Path.Combine(shared, "word")));
    }

    [Fact]
    public async Task Containers_and_a_command_share_one_network_whose_port_is_mapped()
    {
        await using var fixture = await AgentFixture.StartAsync(s_docker);
        var framework = fixture.Framework;
        var port = FreePort();
        var network = JsonNode.Parse($$$"""{"type":"MESOS","network_infos":[{"name":"mesos-bridge","port_mappings":[{"host_port":{{{port}}},"container_port":8080,"protocol":"tcp"} ] } ] }""")!.AsObject();
        var ids = await framework.LaunchGroupAsync(
            network,
            framework.Make("httpd -f -p 8080 -h /data", task =>
            {
                AddImage(task);
                AddShared(task);
                task["resources"]!.AsArray().Add(JsonNode.Parse($$$"""{"name":"ports","type":"RANGES","ranges":{"range":[{"begin":{{{port}}},"end":{{{port}}} }]},"allocation_info":{"role":"*"}}"""));
                task["health_check"] = JsonNode.Parse("""{"type":"TCP","tcp":{"port":8080},"interval_seconds":0.2,"delay_seconds":0,"grace_period_seconds":30}""");
            }),
            framework.Make("echo $MESOS_CONTAINER_IP > shared/address; until busybox wget -q -O shared/part http://127.0.0.1:8080/address; do rm -f shared/part; sleep 0.05; done; mv shared/part shared/seen; sleep 1000", AddShared));
        await framework.UntilAsync(ids[0], update => update.TryGetProperty("healthy", out var healthy) && healthy.GetBoolean());
        var address = (await framework.UntilAsync(ids[0], "TASK_RUNNING")).GetProperty("container_status").GetProperty("network_infos")[0].GetProperty("ip_addresses")[0].GetProperty("ip_address").GetString();

        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var seen = "";
        for (var started = Stopwatch.GetTimestamp(); seen.Length == 0 && Stopwatch.GetElapsedTime(started) < Until.Patience; await Task.Delay(50))
        {
            using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{port}/seen"));
            seen = answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync() : "";
        }

        Assert.Equal(address + "\n", seen);
        var holders = await Shell.RunAsync($"docker ps -q --filter label=orchestrator.group_of={fixture.Agent.Data}");
        Assert.Single(holders.Split('\n', StringSplitOptions.RemoveEmptyEntries));

        await framework.KillAsync(ids[1]);
        Assert.All(new[] { await framework.UntilEndedAsync(ids[0]), await framework.UntilEndedAsync(ids[1]) }, ended => Assert.Equal("TASK_KILLED", FrameworkDriver.StateOf(ended)));
        await Until.TrueAsync("the holder of the network is gone", () => Shell.RunAsync($"docker ps -aq --filter label=orchestrator.group_of={fixture.Agent.Data}").Result.Trim().Length == 0);
    }

    [Fact]
    public async Task Group_whose_image_cannot_be_had_fails_whole_and_leaves_nothing()
    {
        await using var fixture = await AgentFixture.StartAsync(s_docker);
        var framework = fixture.Framework;
        var ids = await framework.LaunchGroupAsync(
            null,
            framework.Make("sleep 1000"),
            framework.Make("sleep 1000", task => AddImage(task, "127.0.0.1:1/none:none")));

        Assert.Equal("TASK_FAILED", FrameworkDriver.StateOf(await framework.UntilEndedAsync(ids[1])));
        Assert.Equal("TASK_KILLED", FrameworkDriver.StateOf(await framework.UntilEndedAsync(ids[0])));
        // What ended is told before it is cleared away.
        await Until.TrueAsync("nothing is left of the group", () => fixture.LeftoversAsync().Result.Length == 0);
    }

    /// <summary>A port of those that the agent offers.</summary>
    private static int FreePort()
    {
        var used = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(end => end.Port).ToHashSet();
        return Enumerable.Range(31000, 1000).First(port => !used.Contains(port));
    }

    private static void AddImage(JsonObject task) => AddImage(task, BusyboxFixture.Image);

    private static void AddImage(JsonObject task, string image) =>
        Container(task)["mesos"] = JsonNode.Parse($$$$"""{"image":{"type":"DOCKER","docker":{"name":"{{{{image}}}}"}}}""");

    /// <summary>The group's common folder: <c>/data</c> in a container, <c>shared</c> in the sandbox of a command.</summary>
    private static void AddShared(JsonObject task)
    {
        var path = Container(task).ContainsKey("mesos") ? "/data" : "shared";
        Container(task)["volumes"] = JsonNode.Parse($$$$"""[{"mode":"RW","container_path":"{{{{path}}}}","source":{"type":"SANDBOX_PATH","sandbox_path":{"type":"PARENT","path":"data"}}}]""");
    }

    private static JsonObject Container(JsonObject task)
    {
        if (!task.ContainsKey("container"))
        {
            task["container"] = new JsonObject { ["type"] = "MESOS" };
        }

        return task["container"]!.AsObject();
    }
}
