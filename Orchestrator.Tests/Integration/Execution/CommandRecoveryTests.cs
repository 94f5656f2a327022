using Orchestrator.AgentService.Execution;
using Orchestrator.AgentService.Execution.Commands;
using Orchestrator.AgentService.Isolation;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Integration.Execution;

/// <summary>What an agent finds that was away while its commands ran.</summary>
[Trait("Category", "Integration")]
public sealed class CommandRecoveryTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Command_that_still_runs_is_found_followed_and_stopped(bool groups)
    {
        using var fixture = new CommandFixture(groups);
        var plan = fixture.Plan("trap 'exit 9' TERM; echo ready; while :; do sleep 0.05; done");
        var started = await fixture.Containerizer.LaunchAsync(plan, CancellationToken.None);
        await CommandFixture.UntilAsync(() => File.ReadAllText(Path.Combine(plan.SandboxDirectory, "stdout")) == "ready\n");
        fixture.Restart();

        var found = await fixture.Containerizer.RecoverAsync(plan, CancellationToken.None);

        Assert.Equal(started.Pid, found!.Pid);
        await fixture.Containerizer.StopAsync(plan, TimeSpan.FromSeconds(20), CancellationToken.None);
        Assert.Equal(9, (await WaitAsync(fixture, plan)).ExitCode);
        await fixture.Containerizer.RemoveAsync(plan, CancellationToken.None);
        Assert.DoesNotContain(fixture.Groups.Directories(plan.ContainerId), Directory.Exists);
    }

    [Fact]
    public async Task Command_that_ended_meanwhile_is_found_with_its_exit_and_nothing_of_it_runs()
    {
        using var fixture = new CommandFixture();
        var plan = fixture.Plan("setsid env -i /bin/sleep 986 & sleep 0.2; exit 5");
        await fixture.Containerizer.LaunchAsync(plan, CancellationToken.None);
        var supervisor = Records(fixture, plan).Supervisor!.Value.Process;
        fixture.Restart();
        // No agent follows it now.
        await CommandFixture.UntilAsync(() => !supervisor.IsAlive());
        Assert.Empty(fixture.Groups.Processes(plan.ContainerId));

        Assert.NotNull(await fixture.Containerizer.RecoverAsync(plan, CancellationToken.None));

        Assert.Equal((5, "Command exited with status 5"), ((await WaitAsync(fixture, plan)).ExitCode, (await WaitAsync(fixture, plan)).Message));
        await fixture.Containerizer.RemoveAsync(plan, CancellationToken.None);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Supervisor_that_is_killed_takes_its_command_with_it(bool whileTheAgentIsDown)
    {
        using var fixture = new CommandFixture();
        var plan = fixture.Plan("sleep 985");
        var command = (await fixture.Containerizer.LaunchAsync(plan, CancellationToken.None)).Pid!.Value;
        var supervisor = Records(fixture, plan).Supervisor!.Value.Process;
        if (whileTheAgentIsDown)
        {
            fixture.Restart();
        }

        Native.Kill(supervisor.Pid, Native.SigKill);
        if (whileTheAgentIsDown)
        {
            await CommandFixture.UntilAsync(() => !supervisor.IsAlive());
            Assert.NotNull(await fixture.Containerizer.RecoverAsync(plan, CancellationToken.None));
        }

        var exit = await WaitAsync(fixture, plan);
        Assert.Null(exit.ExitCode);
        Assert.Contains("supervised", exit.Message, StringComparison.Ordinal);
        Assert.False(ProcessStat.Read(command) is { State: not 'Z' });
        await fixture.Containerizer.RemoveAsync(plan, CancellationToken.None);
    }

    [Fact]
    public async Task Launch_that_never_began_is_given_up_and_cannot_begin_any_more()
    {
        using var fixture = new CommandFixture();
        var plan = fixture.Plan("touch ran");
        var records = Records(fixture, plan);
        Directory.CreateDirectory(records.Directory);

        // The agent came back before the supervisor wrote its first line.
        Assert.True(records.TryAbandon());
        var code = await Shell.RunAsync($"set -- {records.Directory} {plan.SandboxDirectory} '' 0 setsid; {SupervisorScript.Text.Replace("exit 125", "{ echo refused; exit 0; }", StringComparison.Ordinal)}");

        Assert.Equal("refused", code);
        Assert.False(File.Exists(Path.Combine(plan.SandboxDirectory, "ran")));
        Assert.Null(await fixture.Containerizer.RecoverAsync(plan, CancellationToken.None));
        Assert.False(Directory.Exists(records.Directory));
    }

    [Fact]
    public async Task Command_of_no_known_task_is_ended_and_those_of_known_tasks_are_not()
    {
        using var fixture = new CommandFixture();
        var orphan = fixture.Plan("sleep 982");
        var known = fixture.Plan("sleep 981");
        var command = (await fixture.Containerizer.LaunchAsync(orphan, CancellationToken.None)).Pid!.Value;
        await fixture.Containerizer.LaunchAsync(known, CancellationToken.None);
        fixture.Restart();
        var late = fixture.Plan("sleep 980");
        await fixture.Containerizer.LaunchAsync(late, CancellationToken.None);
        await fixture.Containerizer.RecoverAsync(known, CancellationToken.None);

        await fixture.Containerizer.RemoveOrphansAsync(new HashSet<string> { known.ContainerId }, CancellationToken.None);

        Assert.False(ProcessStat.Read(command) is { State: not 'Z' });
        Assert.False(Directory.Exists(Records(fixture, orphan).Directory));
        foreach (var plan in new[] { known, late })
        {
            Assert.NotNull(await fixture.Containerizer.MeasureAsync(plan, CancellationToken.None));
            await fixture.Containerizer.StopAsync(plan, TimeSpan.Zero, CancellationToken.None);
            Assert.Equal("Command terminated with signal Terminated", (await WaitAsync(fixture, plan)).Message);
            await fixture.Containerizer.RemoveAsync(plan, CancellationToken.None);
        }
    }

    [Fact]
    public async Task Command_whose_agent_was_killed_during_the_launch_runs_all_the_same()
    {
        using var fixture = new CommandFixture();
        var plan = fixture.Plan("true");
        var records = Records(fixture, plan);
        Directory.CreateDirectory(records.Directory);

        // Descriptor 3 is a pipe that nobody reads.
        await Shell.RunAsync($$"""
            exec 3> >(:)
            wait $!
            echo 'touch ran' | sh -c '{{SupervisorScript.Text.Replace("'", "'\''", StringComparison.Ordinal)}}' supervisor {{records.Directory}} {{plan.SandboxDirectory}} "" 0 setsid 4>/dev/null 5>/dev/null
            """);

        Assert.Equal(0, records.ExitCode);
        Assert.True(File.Exists(Path.Combine(plan.SandboxDirectory, "ran")));
    }

    [Fact]
    public async Task Container_nobody_ever_launched_is_not_found()
    {
        using var fixture = new CommandFixture();

        Assert.Null(await fixture.Containerizer.RecoverAsync(fixture.Plan("true"), CancellationToken.None));
    }

    [Fact]
    public async Task Command_that_ran_when_the_machine_was_booted_is_lost_even_if_its_process_ids_run_again()
    {
        using var fixture = new CommandFixture();
        var plan = fixture.Plan("sleep 984");
        await fixture.Containerizer.LaunchAsync(plan, CancellationToken.None);
        fixture.Options = fixture.Options with { BootId = "another-boot" };
        fixture.Restart();

        Assert.Null(await fixture.Containerizer.RecoverAsync(plan, CancellationToken.None));
        Assert.False(Directory.Exists(Records(fixture, plan).Directory));
    }

    [Fact]
    public async Task Process_of_the_same_id_but_another_start_is_not_taken_for_the_supervisor()
    {
        using var fixture = new CommandFixture();
        var plan = fixture.Plan("true");
        var records = Records(fixture, plan);
        Directory.CreateDirectory(records.Directory);
        // This very process lives, but it did not begin at tick 1.
        await File.WriteAllTextAsync(
            Path.Combine(records.Directory, "supervisor"),
            $"{fixture.Options.BootId} {Environment.ProcessId} (sh) S 1 2 3 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 1 0 0\n");

        Assert.NotNull(await fixture.Containerizer.RecoverAsync(plan, CancellationToken.None));

        Assert.Null((await WaitAsync(fixture, plan)).ExitCode);
        await fixture.Containerizer.RemoveAsync(plan, CancellationToken.None);
    }

    [Theory]
    [InlineData("/bin/no-such-program", false)]
    [InlineData("no-such-command", true)]
    public async Task Program_that_does_not_exist_fails_with_the_shells_status_and_word(string command, bool shell)
    {
        using var fixture = new CommandFixture();
        var plan = fixture.Plan(command, task => task.Command.Shell = shell);

        var (exit, _, error) = await fixture.RunAsync(plan);

        Assert.Equal(127, exit.ExitCode);
        Assert.Contains(command, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Launch_that_fails_leaves_nothing()
    {
        using var fixture = new CommandFixture();
        var plan = fixture.Plan("true");
        Directory.Delete(plan.SandboxDirectory);
        await File.WriteAllTextAsync(plan.SandboxDirectory, "no directory");

        var error = await Assert.ThrowsAsync<ContainerLaunchException>(() => fixture.Containerizer.LaunchAsync(plan, CancellationToken.None));

        Assert.Contains(plan.SandboxDirectory, error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Records(fixture, plan).Directory));
        Assert.DoesNotContain(fixture.Groups.Directories(plan.ContainerId), Directory.Exists);
    }

    private static SupervisorRecords Records(CommandFixture fixture, ContainerPlan plan) =>
        new(Path.Combine(fixture.WorkDirectory, "meta", "containers", plan.ContainerId));

    private static Task<ContainerExit> WaitAsync(CommandFixture fixture, ContainerPlan plan) =>
        fixture.Containerizer.WaitAsync(plan, CancellationToken.None).WaitAsync(CommandFixture.Patience);
}
