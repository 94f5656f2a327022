using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.AgentService.Execution;
using Orchestrator.AgentService.Execution.Docker;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Execution.Docker;

/// <summary>What can go wrong around a launch, on a daemon that fails on purpose.</summary>
public sealed class DockerContainerizerLaunchTests : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FakeDockerEngine _engine = new();
    private readonly DockerContainerizer _containerizer;

    public DockerContainerizerLaunchTests()
    {
        _containerizer = Make(TimeSpan.Zero);
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.CutAsync();
        await _containerizer.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Launch_makes_four_calls()
    {
        var plan = Plan();

        var running = await _containerizer.LaunchAsync(plan, CancellationToken.None);

        Assert.Equal(["172.17.0.2"], running.IpAddresses);
        await Until.TrueAsync("its output is followed", () => _engine.Count("logs") > 0);
        var name = "mesos-" + plan.ContainerId;
        Assert.Equal(["create " + name, "start " + name, "inspect " + name, "logs " + name], _engine.Calls.Where(call => call.EndsWith(name, StringComparison.Ordinal)).Take(4));
    }

    [Fact]
    public async Task Image_that_is_missing_is_pulled_once_and_the_launch_goes_on()
    {
        var isThere = false;
        _engine.Before = call => call.StartsWith("create", StringComparison.Ordinal) && !isThere ? throw new DockerException(404, "No such image: app:1") : Task.CompletedTask;
        _engine.Pull = (_, _) =>
        {
            isThere = true;
            return Task.CompletedTask;
        };

        await _containerizer.LaunchAsync(Plan(), CancellationToken.None);

        Assert.Equal((1, 2, 1), (_engine.Count("pull"), _engine.Count("create"), _engine.Count("start")));
    }

    [Fact]
    public async Task Daemon_that_goes_away_after_it_made_the_container_is_waited_for()
    {
        var lost = false;
        _engine.Before = call =>
        {
            if (call.StartsWith("start", StringComparison.Ordinal) && !lost)
            {
                lost = true;
                throw new DockerUnavailableException("broken pipe");
            }

            return Task.CompletedTask;
        };

        await _containerizer.LaunchAsync(Plan(), CancellationToken.None);

        Assert.Equal((2, 2), (_engine.Count("create"), _engine.Count("start")));
        Assert.Equal("running", Assert.Single(_engine.Containers.Values).Status);
    }

    [Fact]
    public async Task Failed_start_leaves_no_container()
    {
        _engine.Before = call => call.StartsWith("start", StringComparison.Ordinal) ? throw new DockerException(500, "driver failed programming external connectivity: port is already allocated") : Task.CompletedTask;

        var failure = await Assert.ThrowsAsync<ContainerLaunchException>(() => _containerizer.LaunchAsync(Plan(), CancellationToken.None));

        Assert.Equal("Failed to launch container: driver failed programming external connectivity: port is already allocated", failure.Message);
        Assert.Empty(_engine.Containers);
    }

    [Theory]
    [InlineData("OCI runtime create failed: exec: \"x\": executable file not found in $PATH: unknown", "Container exited with status 127")]
    [InlineData("OCI runtime create failed: exec: \"/x\": permission denied: unknown", "Container exited with status 126")]
    public async Task Program_that_cannot_run_ends_with_a_shells_status(string daemon, string message)
    {
        _engine.Before = call => call.StartsWith("start", StringComparison.Ordinal) ? throw new DockerException(400, daemon) : Task.CompletedTask;

        var failure = await Assert.ThrowsAsync<ContainerLaunchException>(() => _containerizer.LaunchAsync(Plan(), CancellationToken.None));

        Assert.StartsWith(message, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Launch_given_up_while_the_daemon_starts_the_container_leaves_none()
    {
        using var cancel = new CancellationTokenSource();
        _engine.Before = call => call.StartsWith("start", StringComparison.Ordinal) ? cancel.CancelAsync() : Task.CompletedTask;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _containerizer.LaunchAsync(Plan(), cancel.Token));

        Assert.Equal(1, _engine.Count("start"));
        Assert.Empty(_engine.Containers);
    }

    [Fact]
    public async Task No_more_than_four_containers_are_started_at_a_time()
    {
        var gate = new TaskCompletionSource();
        _engine.Before = call => call.StartsWith("start", StringComparison.Ordinal) ? gate.Task : Task.CompletedTask;

        var launches = Enumerable.Range(0, 10).Select(_ => _containerizer.LaunchAsync(Plan(), CancellationToken.None)).ToArray();
        await Until.TrueAsync("four are being started", () => _engine.Count("start") == 4);
        gate.SetResult();
        await Task.WhenAll(launches);

        Assert.Equal(10, _engine.Containers.Count);
    }

    [Fact]
    public async Task End_is_told_with_code_and_out_of_memory()
    {
        var plan = Plan();
        await _containerizer.LaunchAsync(plan, CancellationToken.None);
        var end = _containerizer.WaitAsync(plan, CancellationToken.None);
        _engine.Containers["mesos-" + plan.ContainerId].OutOfMemory = true;

        await _engine.EndAsync("mesos-" + plan.ContainerId, 137);

        Assert.Equal(new ContainerExit(137, true, "Container exited with status 137"), await end.WaitAsync(Until.Patience));
    }

    [Fact]
    public async Task Container_of_a_task_that_came_meanwhile_is_no_orphan()
    {
        var gate = new TaskCompletionSource();
        _engine.Before = call => call.StartsWith("start", StringComparison.Ordinal) ? gate.Task : Task.CompletedTask;
        var running = Plan();
        var launch = _containerizer.LaunchAsync(running, CancellationToken.None);
        await Until.TrueAsync("it is being started", () => _engine.Count("start") == 1);
        await _engine.CreateAsync("mesos-stray", [], CancellationToken.None);

        await _containerizer.RemoveOrphansAsync(new HashSet<string>(), CancellationToken.None);
        gate.SetResult();
        await launch;

        await Until.TrueAsync("the stray one is removed", () => !_engine.Containers.ContainsKey("mesos-stray"));
        Assert.True(_engine.Containers.ContainsKey("mesos-" + running.ContainerId));
    }

    [Fact]
    public async Task Command_inside_may_take_as_long_as_it_likes() =>
        await Assert.ThrowsAsync<DockerException>(() => _containerizer.ExecuteAsync(Plan(), new CommandInfo { Value = "x" }, TimeSpan.FromDays(365), CancellationToken.None));

    [Fact]
    public async Task Ended_containers_that_are_kept_are_a_hundred_at_most()
    {
        await using var keeping = Make(TimeSpan.FromDays(1));
        for (var i = 0; i < RemovalQueue.MaxKept + 5; i++)
        {
            await keeping.RemoveAsync(Plan(), CancellationToken.None);
        }

        await Until.TrueAsync("the oldest are removed", () => _engine.Count("remove") == 5);
    }

    private DockerContainerizer Make(TimeSpan removeDelay) =>
        new(_engine, new DockerOptions { Socket = "/nowhere", WorkDirectory = _directory.Path, RemoveDelay = removeDelay }, 0, TimeProvider.System, NullLoggerFactory.Instance);

    private ContainerPlan Plan()
    {
        var task = new TaskInfo
        {
            Name = "t",
            TaskId = new TaskID { Value = "t" },
            AgentId = new AgentID { Value = "a" },
            Command = new CommandInfo { Value = "true" },
            Container = new ContainerInfo { Type = ContainerInfo.Types.Type.Docker, Docker = new ContainerInfo.Types.DockerInfo { Image = "app:1" } },
        };
        var id = Guid.NewGuid().ToString();
        return new ContainerPlan(id, task, "F", "a", _directory.Sub(id), null, new Dictionary<string, string>());
    }
}
