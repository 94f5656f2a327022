using Orchestrator.AgentService.Execution;
using Orchestrator.AgentService.Isolation;
using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.Tests.Integration.Execution;

/// <summary>Commands from start to end.</summary>
[Trait("Category", "Integration")]
public sealed class CommandContainerizerTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Command_runs_in_its_sandbox_and_leaves_nothing_but_it(bool groups)
    {
        using var fixture = new CommandFixture(groups);
        var plan = fixture.Plan("echo out; echo err >&2; pwd; exit 3");

        var (exit, output, error) = await fixture.RunAsync(plan);

        Assert.Equal(3, exit.ExitCode);
        Assert.Equal("Command exited with status 3", exit.Message);
        Assert.False(exit.OutOfMemory);
        Assert.Equal($"out\n{plan.SandboxDirectory}\n", output);
        Assert.Equal("err\n", error);
        Assert.False(Directory.Exists(Path.Combine(fixture.WorkDirectory, "meta", "containers", plan.ContainerId)));
        Assert.DoesNotContain(fixture.Groups.Directories(plan.ContainerId), Directory.Exists);
    }

    [Fact]
    public async Task Environment_is_complete_and_exact_whatever_names_and_values_hold()
    {
        using var fixture = new CommandFixture();
        var value = "a 'quoted' \"value\" $HOME `x` \\ \n second line é";
        var plan = fixture.Plan(
            "env",
            task =>
            {
                task.Command.Shell = false;
                task.Command.Arguments.Add("env");
                task.Command.Arguments.Add("-0");
            },
            null,
            ("ODD.name-1", value), ("PLAIN", value), ("UID", "77"), ("EMPTY", ""));

        var (exit, output, _) = await fixture.RunAsync(plan);

        Assert.Equal(0, exit.ExitCode);
        var found = output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        Assert.Equal(value, found["ODD.name-1"]);
        Assert.Equal(value, found["PLAIN"]);
        Assert.Equal("77", found["UID"]);
        Assert.Equal("", found["EMPTY"]);
        Assert.Equal("/usr/local/bin:/usr/bin:/bin", found["PATH"]);
    }

    [Fact]
    public async Task Command_leads_a_session_with_default_signals_and_no_descriptors_of_the_agent()
    {
        using var fixture = new CommandFixture();
        // Programs, not the shell, which blocks signals for moments of its own.
        var (_, ids, _) = await fixture.RunAsync(Program(fixture, "cut", "-d ", "-f1,5,6", "/proc/self/stat"));
        var (_, signals, _) = await fixture.RunAsync(Program(fixture, "grep", "-E", "Sig(Ign|Blk)", "/proc/self/status"));
        var (_, descriptors, _) = await fixture.RunAsync(Program(fixture, "ls", "/proc/self/fd"));

        Assert.Single(ids.TrimEnd('\n').Split(' ').Distinct());
        // 32 and 33 are the C library's own, out of reach for programs.
        Assert.Equal("SigBlk:\t0000000000000000\nSigIgn:\t0000000180000000\n", signals);
        // The last is what ls itself opened.
        Assert.Equal("0\n1\n2\n3\n", descriptors);

        static ContainerPlan Program(CommandFixture fixture, string name, params string[] arguments) => fixture.Plan(name, task =>
        {
            task.Command.Shell = false;
            task.Command.Arguments.Add([name, .. arguments]);
        });
    }

    [Fact]
    public async Task Command_of_another_user_has_that_user_all_groups_and_owns_its_sandbox()
    {
        using var fixture = new CommandFixture();
        await Support.Shell.RunAsync($"chmod 755 {fixture.WorkDirectory}");
        var plan = fixture.Plan("id -u; id -G; touch mine && stat -c %U mine stdout", user: "nobody");

        var (exit, output, error) = await fixture.RunAsync(plan);

        Assert.Equal((0, ""), (exit.ExitCode, error));
        Assert.Equal($"{await Support.Shell.RunAsync("id -u nobody")}\n{await Support.Shell.RunAsync("id -G nobody")}\nnobody\nnobody\n", output);
    }

    [Fact]
    public async Task Process_limits_hold_for_the_command_and_another_user()
    {
        using var fixture = new CommandFixture();
        await Support.Shell.RunAsync($"chmod 755 {fixture.WorkDirectory}");
        var plan = fixture.Plan(
            "ulimit -n; ulimit -Hn; ulimit -c",
            task => task.Container = new ContainerInfo
            {
                Type = ContainerInfo.Types.Type.Mesos,
                RlimitInfo = new RLimitInfo
                {
                    Rlimits =
                    {
                        new RLimitInfo.Types.RLimit { Type = RLimitInfo.Types.RLimit.Types.Type.RlmtNofile, Soft = 123, Hard = 456 },
                        new RLimitInfo.Types.RLimit { Type = RLimitInfo.Types.RLimit.Types.Type.RlmtCore, Soft = 0, Hard = 0 },
                    },
                },
            },
            user: "nobody");

        var (exit, output, error) = await fixture.RunAsync(plan);

        Assert.Equal((0, "123\n456\n0\n", ""), (exit.ExitCode, output, error));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stop_lets_the_command_say_goodbye_and_kills_what_ignores_it(bool groups)
    {
        using var fixture = new CommandFixture(groups);
        var polite = fixture.Plan("trap 'echo bye; exit 7' TERM; echo ready; while :; do sleep 0.05; done");
        var deaf = fixture.Plan("trap '' TERM; (trap '' TERM; setsid sleep 1000) & echo ready; sleep 1000; sleep 1000");
        foreach (var plan in new[] { polite, deaf })
        {
            await fixture.Containerizer.LaunchAsync(plan, CancellationToken.None);
            await CommandFixture.UntilAsync(() => File.ReadAllText(Path.Combine(plan.SandboxDirectory, "stdout")) == "ready\n");
        }

        await fixture.Containerizer.StopAsync(polite, TimeSpan.FromSeconds(30), CancellationToken.None);
        await fixture.Containerizer.StopAsync(deaf, TimeSpan.FromMilliseconds(50), CancellationToken.None);

        var exit = await fixture.Containerizer.WaitAsync(polite, CancellationToken.None).WaitAsync(CommandFixture.Patience);
        Assert.Equal((7, "ready\nbye\n"), (exit.ExitCode, await CommandFixture.ReadAsync(polite, "stdout")));
        exit = await fixture.Containerizer.WaitAsync(deaf, CancellationToken.None).WaitAsync(CommandFixture.Patience);
        Assert.Equal((137, "Command terminated with signal Killed"), (exit.ExitCode, exit.Message));
        Assert.Empty(ProcessesOf(deaf.SandboxDirectory));
        await fixture.Containerizer.RemoveAsync(polite, CancellationToken.None);
        await fixture.Containerizer.RemoveAsync(deaf, CancellationToken.None);
    }

    [Fact]
    public async Task Daemon_that_a_command_leaves_behind_ends_with_it()
    {
        using var fixture = new CommandFixture();
        var plan = fixture.Plan("setsid sh -c 'setsid env -i /bin/sleep 987 & echo $! > pid; exit 0'; exit 0");

        var (exit, _, _) = await fixture.RunAsync(plan);

        Assert.Equal(0, exit.ExitCode);
        var daemon = int.Parse(await File.ReadAllTextAsync(Path.Combine(plan.SandboxDirectory, "pid")), System.Globalization.CultureInfo.InvariantCulture);
        Assert.DoesNotContain("987", CommandFixture.Arguments(daemon));
    }

    [Fact]
    public async Task Group_that_a_command_made_inside_its_own_ends_and_goes_with_it()
    {
        using var fixture = new CommandFixture();
        var plan = fixture.Plan("");
        var inner = Path.Combine(fixture.Groups.Directories(plan.ContainerId)[0], "inner");
        plan.Task.Command.Value = $"mkdir {inner}; sh -c 'echo 0 > {inner}/cgroup.procs; echo $$ > pid; exec setsid -f sleep 979'; exit 0";

        var (exit, _, error) = await fixture.RunAsync(plan);

        Assert.Equal((0, ""), (exit.ExitCode, error));
        Assert.False(Directory.Exists(inner));
        Assert.DoesNotContain(ProcessStat.ReadAll(), process => process.State != 'Z' && CommandFixture.Arguments(process.Pid).Contains("979"));
    }

    [Fact]
    public async Task Command_over_its_memory_limit_is_ended_and_said_to_be_out_of_memory()
    {
        using var fixture = new CommandFixture();
        Assert.True(fixture.Groups.CanLimitMemory, "this machine has no memory controller that this test may use");
        var plan = fixture.Plan("x=$(head -c 300000000 /dev/zero | tr '\\0' x); echo survived");

        var (exit, output, _) = await fixture.RunAsync(plan);

        Assert.True(exit.OutOfMemory);
        Assert.NotEqual(0, exit.ExitCode);
        Assert.Equal("", output);
    }

    [Fact]
    public async Task Check_runs_in_the_environment_and_group_of_the_task_and_is_cut_off_at_its_timeout()
    {
        using var fixture = new CommandFixture();
        var plan = fixture.Plan("echo ready; sleep 1000", null, null, ("ANSWER", "42"));
        await fixture.Containerizer.LaunchAsync(plan, CancellationToken.None);
        var minute = TimeSpan.FromMinutes(1);

        Assert.Equal(42, await fixture.Containerizer.ExecuteAsync(plan, new CommandInfo { Value = "cat /proc/self/cgroup > seen; exit $ANSWER" }, minute, CancellationToken.None));
        Assert.Contains(plan.ContainerId, await File.ReadAllTextAsync(Path.Combine(plan.SandboxDirectory, "seen")), StringComparison.Ordinal);
        await Assert.ThrowsAsync<TimeoutException>(() =>
            fixture.Containerizer.ExecuteAsync(plan, new CommandInfo { Value = "sleep 1000" }, TimeSpan.FromMilliseconds(100), CancellationToken.None));

        await fixture.Containerizer.StopAsync(plan, TimeSpan.Zero, CancellationToken.None);
        await fixture.Containerizer.WaitAsync(plan, CancellationToken.None).WaitAsync(CommandFixture.Patience);
        await fixture.Containerizer.RemoveAsync(plan, CancellationToken.None);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Measurement_counts_what_the_command_and_its_children_use(bool groups)
    {
        using var fixture = new CommandFixture(groups);
        var plan = fixture.Plan("(x=$(head -c 8000000 /dev/zero | tr '\\0' x); echo ready; while :; do :; done) & wait");
        await fixture.Containerizer.LaunchAsync(plan, CancellationToken.None);
        await CommandFixture.UntilAsync(() => File.ReadAllText(Path.Combine(plan.SandboxDirectory, "stdout")) == "ready\n");

        ResourceStatistics? used = null;
        using var deadline = new CancellationTokenSource(CommandFixture.Patience);
        while (used is null || used.CpusUserTimeSecs + used.CpusSystemTimeSecs < 0.2)
        {
            await Task.Delay(50, deadline.Token);
            used = await fixture.Containerizer.MeasureAsync(plan, CancellationToken.None);
        }

        Assert.InRange(used.MemRssBytes, 8_000_000UL, 64_000_000UL);
        Assert.Equal(0.5, used.CpusSoftLimit);
        Assert.Equal(64UL * 1024 * 1024, used.MemLimitBytes);
        await fixture.Containerizer.StopAsync(plan, TimeSpan.Zero, CancellationToken.None);
        await fixture.Containerizer.WaitAsync(plan, CancellationToken.None).WaitAsync(CommandFixture.Patience);
        await fixture.Containerizer.RemoveAsync(plan, CancellationToken.None);
    }

    private static IEnumerable<ProcessStat> ProcessesOf(string sandbox) =>
        ProcessStat.ReadAll().Where(process => process.State != 'Z' && new System.IO.FileInfo($"/proc/{process.Pid}/cwd").LinkTarget == sandbox);
}
