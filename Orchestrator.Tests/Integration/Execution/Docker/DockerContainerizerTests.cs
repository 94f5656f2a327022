using Orchestrator.AgentService.Execution;
using Orchestrator.AgentService.Isolation;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Tests.Integration.EndToEnd;
using Orchestrator.Tests.Support;
using Network = Orchestrator.Core.Contract.Mesos.ContainerInfo.Types.DockerInfo.Types.Network;

namespace Orchestrator.Tests.Integration.Execution.Docker;

/// <summary>A container's life against the real daemon.</summary>
[Trait("Category", "Integration")]
public sealed class DockerContainerizerTests : IClassFixture<BusyboxFixture>
{
    [Fact]
    public async Task Shell_command_runs_and_its_output_is_in_the_sandbox()
    {
        await using var docker = new DockerFixture();
        var plan = docker.Plan("echo out $COLOUR; echo err >&2; echo file > $MESOS_SANDBOX/made; exit 3");

        var exit = await docker.RunAsync(plan);

        Assert.Equal(new ContainerExit(3, false, "Container exited with status 3"), exit);
        Assert.Equal("out blue\n", DockerFixture.Output(plan));
        Assert.Equal("err\n", DockerFixture.Output(plan, "stderr"));
        Assert.Equal("file\n", DockerFixture.Output(plan, "made"));
    }

    [Fact]
    public async Task Arguments_without_a_shell_run_as_they_are()
    {
        await using var docker = new DockerFixture();
        var plan = docker.Plan(null, task =>
        {
            task.Command.Value = "echo";
            task.Command.Arguments.Add(["a b", "$COLOUR"]);
        });

        Assert.Equal(0, (await docker.RunAsync(plan)).ExitCode);
        Assert.Equal("a b $COLOUR\n", DockerFixture.Output(plan));
    }

    [Fact]
    public async Task Process_limits_arrive_in_the_container()
    {
        await using var docker = new DockerFixture();
        var plan = docker.Plan("ulimit -n; ulimit -Hn", task => task.Container.RlimitInfo = new RLimitInfo
        {
            Rlimits = { new RLimitInfo.Types.RLimit { Type = RLimitInfo.Types.RLimit.Types.Type.RlmtNofile, Soft = 123, Hard = 456 } },
        });

        Assert.Equal(0, (await docker.RunAsync(plan)).ExitCode);
        Assert.Equal("123\n456\n", DockerFixture.Output(plan));
    }

    [Fact]
    public async Task Bridge_container_has_an_address_and_an_inspection_and_is_reached_on_its_host_port()
    {
        await using var docker = new DockerFixture();
        var port = (uint)ServiceProcess.FreePort();
        var plan = docker.Plan("exec httpd -f -p 8080 -h /www", task =>
        {
            task.Container.Docker.Network = Network.Bridge;
            task.Container.Docker.PortMappings.Add(new ContainerInfo.Types.DockerInfo.Types.PortMapping { HostPort = port, ContainerPort = 8080 });
            task.Resources.Add(new Resource { Name = "ports", Type = Value.Types.Type.Ranges, Ranges = new Value.Types.Ranges { Range = { new Value.Types.Range { Begin = port, End = port } } } });
        });

        var running = await docker.Containerizer.LaunchAsync(plan, CancellationToken.None);

        Assert.StartsWith("[\n    {\n        \"Id\"", running.Inspection, StringComparison.Ordinal);
        Assert.NotNull(running.Pid);
        using var client = new HttpClient();
        Assert.Equal("ok\n", await client.GetStringAsync(new Uri($"http://{Assert.Single(running.IpAddresses)}:8080/")));
        Assert.Equal("ok\n", await client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/")));
    }

    [Fact]
    public async Task Limits_labels_and_parameters_reach_the_daemon()
    {
        await using var docker = new DockerFixture(options => options with { EnforceCpus = true });
        var plan = docker.Plan("exec sleep 1000", task =>
        {
            task.Container.Hostname = "box";
            foreach (var (key, value) in new[] { ("label", "team=a"), ("ulimit", "nofile=64:128"), ("env", "SHAPE=round"), ("cap-drop", "KILL"), ("shm-size", "1m"), ("read-only", ""), ("init", "true"), ("user", "12:34") })
            {
                task.Container.Docker.Parameters.Add(new Parameter { Key = key, Value = value });
            }
        });

        await docker.Containerizer.LaunchAsync(plan, CancellationToken.None);

        var container = await docker.InspectAsync(plan);
        var config = container.GetProperty("Config");
        var host = container.GetProperty("HostConfig");
        Assert.Equal("box", config.GetProperty("Hostname").GetString());
        Assert.Equal("12:34", config.GetProperty("User").GetString());
        Assert.Equal("a", config.GetProperty("Labels").GetProperty("team").GetString());
        Assert.Contains("SHAPE=round", config.GetProperty("Env").EnumerateArray().Select(entry => entry.GetString()));
        Assert.Equal(102, host.GetProperty("CpuShares").GetInt64());
        Assert.Equal(10_000, host.GetProperty("CpuQuota").GetInt64());
        Assert.Equal(32 * 1024 * 1024, host.GetProperty("Memory").GetInt64());
        Assert.Equal(1024 * 1024, host.GetProperty("ShmSize").GetInt64());
        Assert.True(host.GetProperty("ReadonlyRootfs").GetBoolean());
        Assert.Equal(128, host.GetProperty("Ulimits")[0].GetProperty("Hard").GetInt64());
    }

    [Fact]
    public async Task Output_is_live_while_the_container_runs()
    {
        await using var docker = new DockerFixture();
        var plan = docker.Plan("echo ready; exec sleep 1000");

        await docker.Containerizer.LaunchAsync(plan, CancellationToken.None);

        var path = Path.Combine(plan.SandboxDirectory, "stdout");
        await Until.TrueAsync("the line is there", () => File.Exists(path) && File.ReadAllText(path) == "ready\n");
    }

    [Fact]
    public async Task Stop_kills_what_ignores_sigterm_after_a_fraction_of_a_second()
    {
        await using var docker = new DockerFixture();
        var plan = docker.Plan("trap '' TERM; echo ready; while true; do sleep 1; done");
        await docker.Containerizer.LaunchAsync(plan, CancellationToken.None);
        var started = TimeProvider.System.GetTimestamp();

        await docker.Containerizer.StopAsync(plan, TimeSpan.FromSeconds(0.5), CancellationToken.None);

        Assert.Equal(137, (await docker.WaitAsync(plan)).ExitCode);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.FromSeconds(0.45), TimeSpan.FromSeconds(10));
        await docker.Containerizer.StopAsync(plan, TimeSpan.Zero, CancellationToken.None);
    }

    [Fact]
    public async Task Stop_lets_a_container_end_by_itself_within_its_grace_period()
    {
        await using var docker = new DockerFixture();
        var plan = docker.Plan("trap 'echo bye; exit 9' TERM; echo ready; while true; do sleep 0.1; done");
        await docker.Containerizer.LaunchAsync(plan, CancellationToken.None);
        var path = Path.Combine(plan.SandboxDirectory, "stdout");
        await Until.TrueAsync("it is ready", () => File.Exists(path) && File.ReadAllText(path) == "ready\n");

        await docker.Containerizer.StopAsync(plan, TimeSpan.FromSeconds(30), CancellationToken.None);

        Assert.Equal(9, (await docker.WaitAsync(plan)).ExitCode);
        Assert.Equal("ready\nbye\n", DockerFixture.Output(plan));
    }

    [Fact]
    public async Task Container_beyond_its_memory_is_told_as_such()
    {
        await using var docker = new DockerFixture();
        var plan = docker.Plan("x=$(cat /dev/zero | tr '\\0' a)", task => task.Container.Docker.Image = BusyboxFixture.Image);

        var exit = await docker.RunAsync(plan);

        Assert.True(exit.OutOfMemory);
    }

    [Fact]
    public async Task Command_inside_gives_its_exit_code_and_is_ended_when_it_takes_too_long()
    {
        await using var docker = new DockerFixture();
        var plan = docker.Plan("exec sleep 1000");
        await docker.Containerizer.LaunchAsync(plan, CancellationToken.None);

        Assert.Equal(0, await ExecuteAsync("test $COLOUR = blue", 30));
        Assert.Equal(4, await ExecuteAsync("echo something; exit 4", 30));
        await Assert.ThrowsAsync<TimeoutException>(() => ExecuteAsync("sleep 77", 0.5));
        await Until.TrueAsync("nothing of it is left", () => !Shell.RunAsync($"docker top mesos-{plan.ContainerId}").Result.Contains("sleep 77", StringComparison.Ordinal));

        Task<int> ExecuteAsync(string command, double seconds) =>
            docker.Containerizer.ExecuteAsync(plan, new CommandInfo { Shell = true, Value = command }, TimeSpan.FromSeconds(seconds), CancellationToken.None);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Usage_grows_with_what_the_container_does(bool groups)
    {
        await using var docker = new DockerFixture(options => groups ? options with { Cgroups = CgroupLayout.Parse(File.ReadLines("/proc/self/mountinfo"), "/sys/fs/cgroup") } : options);
        var plan = docker.Plan("while true; do :; done");
        await docker.Containerizer.LaunchAsync(plan, CancellationToken.None);

        ResourceStatistics? usage = null;
        await Until.TrueAsync("it has used time", () => (usage = docker.Containerizer.MeasureAsync(plan, CancellationToken.None).Result)?.CpusUserTimeSecs > 0.1);

        Assert.Equal(32UL * 1024 * 1024, usage!.MemLimitBytes);
        Assert.InRange(usage.MemRssBytes, 1UL, 32UL * 1024 * 1024);
    }

    [Fact]
    public async Task Program_that_is_not_in_the_image_fails_with_127_and_leaves_nothing()
    {
        await using var docker = new DockerFixture();
        var plan = docker.Plan(null, task => task.Command.Value = "/bin/nothing");

        var failure = await Assert.ThrowsAsync<ContainerLaunchException>(() => docker.Containerizer.LaunchAsync(plan, CancellationToken.None));

        Assert.StartsWith("Container exited with status 127", failure.Message, StringComparison.Ordinal);
        Assert.Equal("", await Shell.RunAsync($"docker ps -aq --filter name=mesos-{plan.ContainerId}"));
    }

    [Fact]
    public async Task Removed_container_is_gone_at_once_without_a_delay_and_stays_with_one()
    {
        await using var docker = new DockerFixture();
        await using var keeping = new DockerFixture(options => options with { RemoveDelay = TimeSpan.FromHours(1) });
        var gone = docker.Plan("true");
        var kept = keeping.Plan("true");
        await docker.RunAsync(gone);
        await keeping.RunAsync(kept);

        await docker.Containerizer.RemoveAsync(gone, CancellationToken.None);
        await keeping.Containerizer.RemoveAsync(kept, CancellationToken.None);

        Assert.Equal("", await Shell.RunAsync($"docker ps -aq --filter name=mesos-{gone.ContainerId}"));
        Assert.NotEqual("", await Shell.RunAsync($"docker ps -aq --filter name=mesos-{kept.ContainerId}"));
    }

    [Fact]
    public async Task Launch_that_is_given_up_leaves_nothing()
    {
        await using var docker = new DockerFixture();
        var plan = docker.Plan("exec sleep 1000");
        using var cancel = new CancellationTokenSource();
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => docker.Containerizer.LaunchAsync(plan, cancel.Token));

        Assert.Equal("", await Shell.RunAsync($"docker ps -aq --filter name=mesos-{plan.ContainerId}"));
    }
}
