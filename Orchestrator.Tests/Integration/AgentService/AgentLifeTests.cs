using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Orchestrator.Tests.Integration.AgentService;

/// <summary>An agent in ordinary life, seen by a framework and by its own endpoints.</summary>
[Trait("Category", "Integration")]
public sealed class AgentLifeTests
{
    [Fact]
    public async Task Sigterm_with_shutdown_tasks_on_exit_ends_everything_soon_and_leaves_nothing()
    {
        await using var fixture = await AgentFixture.StartAsync("--shutdown_tasks_on_exit");
        var ids = new List<string>
        {
            await fixture.Framework.RunAsync("exec sleep 1000"),
            await fixture.Framework.RunAsync("setsid sleep 1000 & trap '' TERM; while :; do sleep 0.1; done", task => task["kill_policy"] = Grace(0.3)),
        };

        var began = Stopwatch.GetTimestamp();
        Assert.Equal(0, await fixture.Agent.StopAsync());

        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(20), $"it took {Stopwatch.GetElapsedTime(began)}");
        Assert.Equal("", await fixture.LeftoversAsync());
        foreach (var id in ids)
        {
            Assert.Equal("TASK_KILLED", FrameworkDriver.StateOf(await fixture.Framework.UntilEndedAsync(id)));
        }
    }

    [Fact]
    public async Task Sigterm_leaves_tasks_for_the_next_start()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var id = await fixture.Framework.RunAsync("exec sleep 1000");

        await fixture.Agent.StopAsync();
        await fixture.RestartAsync();
        await fixture.Framework.KillAsync(id);

        Assert.Equal("TASK_KILLED", FrameworkDriver.StateOf(await fixture.Framework.UntilEndedAsync(id)));
    }

    [Fact]
    public async Task What_went_wrong_is_told_by_state_reason_and_message()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var framework = fixture.Framework;
        var ids = await framework.LaunchAsync(
            framework.Make("true", task => task["command"]!["uris"] = new JsonArray(new JsonObject { ["value"] = "/no/such/file" })),
            framework.Make("true", task => task["command"]!["user"] = "no-such-user"),
            framework.Make("x=$(head -c 300000000 /dev/zero | tr '\\0' x); sleep 1"),
            framework.Make("sleep 1000", task => task["max_completion_time"] = new JsonObject { ["nanoseconds"] = 300_000_000 }),
            framework.Make("exec sleep 0.1", task => task["command"]!["user"] = "nobody"));

        var ends = await Task.WhenAll(ids.Select(framework.UntilEndedAsync));

        Assert.Equal(("TASK_FINISHED", "Command exited with status 0"), (FrameworkDriver.StateOf(ends[4]), FrameworkDriver.MessageOf(ends[4])));
        Assert.All(ends[..4], end => Assert.Equal("TASK_FAILED", FrameworkDriver.StateOf(end)));
        Assert.Equal("REASON_CONTAINER_LAUNCH_FAILED", FrameworkDriver.ReasonOf(ends[0]));
        Assert.Contains("'/no/such/file': there is no such file", FrameworkDriver.MessageOf(ends[0]), StringComparison.Ordinal);
        Assert.Contains("No such user 'no-such-user'", FrameworkDriver.MessageOf(ends[1]), StringComparison.Ordinal);
        Assert.Equal("REASON_CONTAINER_LIMITATION_MEMORY", FrameworkDriver.ReasonOf(ends[2]));
        Assert.Equal("REASON_MAX_COMPLETION_TIME_REACHED", FrameworkDriver.ReasonOf(ends[3]));
    }

    [Fact]
    public async Task Endpoints_tell_of_a_real_task_and_its_files()
    {
        await using var fixture = await AgentFixture.StartAsync("--usage_interval=200ms");
        var id = await fixture.Framework.RunAsync("echo hello; env > env; x=$(head -c 4000000 /dev/zero | tr '\\0' x); while :; do :; done");

        var executor = (await fixture.AskAsync("/slave(1)/state")).GetProperty("frameworks")[0].GetProperty("executors")[0];
        Assert.Equal((id, "TASK_RUNNING"), (executor.GetProperty("id").GetString(), executor.GetProperty("tasks")[0].GetProperty("state").GetString()));
        var sandbox = executor.GetProperty("directory").GetString()!;
        Assert.Equal(["env", "stderr", "stdout"], (await fixture.AskAsync($"/files/browse?path={sandbox}")).EnumerateArray().Select(file => Path.GetFileName(file.GetProperty("path").GetString())));
        Assert.Equal("hello\n", (await fixture.AskAsync($"/files/read?path={sandbox}/stdout&offset=0")).GetProperty("data").GetString());
        var environment = (await fixture.AskAsync($"/files/read?path={sandbox}/env&offset=0")).GetProperty("data").GetString()!.Split('\n');
        Assert.Contains($"MESOS_SANDBOX={sandbox}", environment);
        Assert.Contains("MESOS_CHECKPOINT=1", environment);

        var before = 0.0;
        for (var round = 0; before < 0.3; round++)
        {
            Assert.True(round < 200, "no processor time was ever counted");
            await Task.Delay(50);
            before = (await fixture.AskAsync("/monitor/statistics"))[0].TryGetProperty("statistics", out var measured) ? measured.GetProperty("cpus_user_time_secs").GetDouble() : 0;
        }

        var container = (await fixture.AskAsync("/containers"))[0];
        Assert.InRange(container.GetProperty("statistics").GetProperty("mem_rss_bytes").GetInt64(), 4_000_000, 32 * 1024 * 1024);
        Assert.Equal(0.1, container.GetProperty("statistics").GetProperty("cpus_soft_limit").GetDouble());
        Assert.Equal(Path.GetFileName(sandbox), container.GetProperty("container_id").GetString());
        Assert.True(File.Exists($"/proc/{container.GetProperty("status").GetProperty("executor_pid").GetInt32()}/stat"));

        await fixture.Framework.KillAsync(id);
        await fixture.Framework.UntilAsync(id, "TASK_KILLED");
        Assert.Empty((await fixture.AskAsync("/containers")).EnumerateArray());
    }

    [Fact]
    public async Task Many_short_commands_all_finish_and_leave_nothing()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var framework = fixture.Framework;

        var ids = await framework.LaunchAsync([.. Enumerable.Range(0, 60).Select(_ => framework.Make("true"))]);

        var ends = await Task.WhenAll(ids.Select(framework.UntilEndedAsync));
        Assert.All(ends, end => Assert.Equal("TASK_FINISHED", FrameworkDriver.StateOf(end)));
        for (var round = 0; await fixture.LeftoversAsync() is { Length: > 0 } left; round++)
        {
            Assert.True(round < 100, left);
            await Task.Delay(50);
        }

        Assert.DoesNotContain(AgentFixture.Children(fixture.Agent.Id), child => child.State == 'Z');
    }

    private static JsonObject Grace(double seconds) => new() { ["grace_period"] = new JsonObject { ["nanoseconds"] = (long)(seconds * 1e9) } };
}
