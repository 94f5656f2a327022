using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Integration.EndToEnd;

/// <summary>Commands without an image, through kills of the agent and the host.</summary>
[Trait("Category", "Integration")]
public sealed class CommandTaskTests
{
    [Fact]
    public async Task Command_through_kill_9_of_the_agent_and_the_host_goes_on_and_is_started_once()
    {
        await using var cluster = await Cluster.StartAsync();
        var marks = Path.Combine(cluster.Agent.Data, "marks");
        await cluster.CreateAppAsync($$"""
            { "id": "/beat", "cmd": "echo $MESOS_TASK_ID >> {{marks}}; exec sleep 1000", "cpus": 0.1, "mem": 32, "backoffSeconds": 0, "portDefinitions": [] }
            """);
        var task = Assert.Single(await cluster.UntilRunningAsync("/beat", 1));

        await cluster.KillAndRestartAgentAsync();
        await cluster.KillAndRestartHostAsync();
        await cluster.KillAndRestartAgentAsync();

        Assert.Equal(task, Assert.Single(await cluster.UntilRunningAsync("/beat", 1)));
        Assert.Equal([task], await File.ReadAllLinesAsync(marks));
    }

    [Fact]
    public async Task Command_that_fails_while_the_agent_is_down_is_reported_with_its_status()
    {
        await using var cluster = await Cluster.StartAsync();
        var gate = Path.Combine(cluster.Agent.Data, "gate");
        await Shell.RunAsync($"mkfifo {gate} && chmod 666 {gate}");
        await cluster.CreateAppAsync($$"""
            { "id": "/fails", "cmd": "read line < {{gate}}; exit 7", "cpus": 0.1, "mem": 32, "backoffSeconds": 3600, "maxLaunchDelaySeconds": 3600, "portDefinitions": [] }
            """);
        await cluster.UntilRunningAsync("/fails", 1);

        await cluster.KillAndRestartAgentAsync(meanwhile: () => Shell.RunAsync($"echo go > {gate}"));

        await cluster.UntilAsync("the failure is told", async () =>
            (await cluster.GetAsync("/v2/apps//fails")).GetProperty("app").TryGetProperty("lastTaskFailure", out var failure)
            && failure.GetProperty("state").GetString() == "TASK_FAILED"
            && failure.GetProperty("message").GetString()!.Contains('7', StringComparison.Ordinal));
    }
}
