using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Integration.AgentService;

/// <summary>SIGKILL to the agent at each moment of a task's life.</summary>
[Trait("Category", "Integration")]
public sealed class AgentCrashTests
{
    [Fact]
    public async Task Running_task_goes_on_is_told_running_and_can_be_killed()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var marks = fixture.Mark("marks");
        var id = await fixture.Framework.RunAsync($"echo started >> {marks}; exec sleep 1000");
        var pid = (await fixture.AskAsync("/containers"))[0].GetProperty("status").GetProperty("executor_pid").GetInt32();

        await fixture.Agent.KillAsync();
        await fixture.RestartAsync();

        await fixture.Framework.KillAsync(id);
        await fixture.Framework.UntilAsync(id, "TASK_KILLED");
        Assert.Equal(["started"], await File.ReadAllLinesAsync(marks));
        Assert.False(File.Exists($"/proc/{pid}/stat"));
        Assert.Equal(["TASK_STARTING", "TASK_RUNNING", "TASK_KILLING", "TASK_KILLED"], fixture.Framework.States(id).Distinct());
    }

    [Theory]
    [InlineData("exit 7", "TASK_FAILED", "Command exited with status 7")]
    [InlineData("exit 0", "TASK_FINISHED", "Command exited with status 0")]
    [InlineData("kill -SEGV $$", "TASK_FAILED", "Command terminated with signal Segmentation fault")]
    public async Task Task_that_ends_while_the_agent_is_down_is_told_with_its_status(string end, string state, string message)
    {
        await using var fixture = await AgentFixture.StartAsync();
        var gate = fixture.Mark("gate");
        var id = await fixture.Framework.RunAsync($"while [ ! -e {gate} ]; do sleep 0.02; done; touch {gate}.seen; {end}");

        await fixture.Agent.KillAsync();
        await Shell.RunAsync($"touch {gate}; until [ -e {gate}.seen ]; do sleep 0.02; done");
        await fixture.RestartAsync();

        var ended = await fixture.Framework.UntilEndedAsync(id);
        Assert.Equal((state, message), (FrameworkDriver.StateOf(ended), FrameworkDriver.MessageOf(ended)));
    }

    [Fact]
    public async Task Update_that_was_not_acknowledged_is_sent_again_as_it_was_and_the_next_follows()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var framework = fixture.Framework;
        framework.Acknowledges = false;
        var id = (await framework.LaunchAsync(framework.Make("exit 3")))[0];
        var first = await framework.UntilAsync(id, "TASK_STARTING");

        await fixture.Agent.KillAsync();
        await fixture.RestartAsync();

        await framework.UntilAsync(id, _ => framework.Updates(id).Count > 1);
        Assert.All(framework.Updates(id), update => Assert.Equal(first.GetProperty("uuid").GetString(), update.GetProperty("uuid").GetString()));
        framework.Acknowledges = true;
        await framework.AcknowledgeAsync(first);
        var ended = await framework.UntilEndedAsync(id);
        Assert.Equal("Command exited with status 3", FrameworkDriver.MessageOf(ended));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(40)]
    [InlineData(90)]
    [InlineData(200)]
    public async Task Tasks_that_were_being_launched_run_once_or_never_and_all_end(int milliseconds)
    {
        await using var fixture = await AgentFixture.StartAsync();
        var framework = fixture.Framework;
        var marks = fixture.Mark("marks");
        var tasks = Enumerable.Range(0, 20).Select(_ => framework.Make($"echo ${{MESOS_SANDBOX##*/}} >> {marks}; sleep 0.1")).ToArray();
        var ids = await framework.LaunchAsync(tasks);

        await Task.Delay(milliseconds);
        await fixture.Agent.KillAsync();
        await fixture.RestartAsync();

        var ends = await Task.WhenAll(ids.Select(framework.UntilEndedAsync));
        Assert.All(ends, end => Assert.Contains(FrameworkDriver.StateOf(end), (string[])["TASK_FINISHED", "TASK_DROPPED", "TASK_LOST"]));
        var started = File.Exists(marks) ? await File.ReadAllLinesAsync(marks) : [];
        Assert.Equal(started.Distinct().Count(), started.Length);
        Assert.Equal(ends.Count(end => FrameworkDriver.StateOf(end) == "TASK_FINISHED"), started.Length);
        for (var round = 0; await fixture.LeftoversAsync() is { Length: > 0 } left; round++)
        {
            Assert.True(round < 100, left);
            await Task.Delay(50);
        }
    }

    [Fact]
    public async Task Kill_that_the_agent_did_not_live_to_see_through_ends_the_task_as_killed()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var id = await fixture.Framework.RunAsync("trap '' TERM; while :; do sleep 0.1; done", task => task["kill_policy"] = new System.Text.Json.Nodes.JsonObject { ["grace_period"] = new System.Text.Json.Nodes.JsonObject { ["nanoseconds"] = 2_000_000_000 } });
        await fixture.Framework.KillAsync(id);
        await fixture.Framework.UntilAsync(id, "TASK_KILLING");

        await fixture.Agent.KillAsync();
        await fixture.RestartAsync();

        var ended = await fixture.Framework.UntilEndedAsync(id);
        Assert.Equal(("TASK_KILLED", "Command terminated with signal Killed"), (FrameworkDriver.StateOf(ended), FrameworkDriver.MessageOf(ended)));
    }
}
