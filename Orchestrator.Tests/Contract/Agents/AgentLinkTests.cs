using Microsoft.AspNetCore.Http;
using Orchestrator.AgentService.Execution;
using Orchestrator.AgentService.Hosting;
using Orchestrator.Core.Agent;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Tests.Support;
using static Orchestrator.Tests.Support.AgentEngineHarness;

namespace Orchestrator.Tests.Contract.Agents;

/// <summary>A whole agent, its containers excepted, against a master on a real server.</summary>
[Trait("Category", "Contract")]
public sealed class AgentLinkTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FakeContainerizer _containers = new();
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(30));
    private LinkMaster _master = null!;

    private CancellationToken Patience => _patience.Token;

    public async ValueTask InitializeAsync() => _master = await LinkMaster.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _master.DisposeAsync();
        _directory.Dispose();
        _patience.Dispose();
    }

    private Task<AgentHost> StartAsync(params string[] flags) => TestAgent.StartAsync(_directory.Path, _master, _containers, flags);

    private static AgentEvent Run(string id = "t1", Action<TaskInfo>? change = null) =>
        new() { RunTask = new() { FrameworkInfo = Framework(), Task = AgentEngineHarness.Task(id, change) } };

    [Fact]
    public async Task Agent_that_starts_registers_with_what_it_has()
    {
        await using var agent = await StartAsync("--attributes=rack:r1", "--hostname=node-7");
        var subscribe = await _master.NextSubscriptionAsync(Patience);

        Assert.Equal("node-7", subscribe.AgentInfo.Hostname);
        Assert.Equal(agent.Address.Port, subscribe.AgentInfo.Port);
        Assert.Null(subscribe.AgentInfo.Id);
        Assert.Equal("rack", subscribe.AgentInfo.Attributes.Single().Name);
        Assert.Equal(2, subscribe.AgentInfo.Resources.Single(resource => resource.Name == "cpus").Scalar.Value);
        Assert.Equal("cluster-S1", (await agent.WaitForAsync(snapshot => snapshot.IsRegistered, Patience)).AgentId);
    }

    [Fact]
    public async Task Task_from_launch_to_exit_is_told_in_order()
    {
        await using var agent = await StartAsync();
        await _master.NextSubscriptionAsync(Patience);
        _master.Send(Run());
        Assert.Equal(TaskState.TaskStarting, (await _master.NextUpdateAsync(Patience)).State);
        Assert.Equal(TaskState.TaskRunning, (await _master.NextUpdateAsync(Patience)).State);
        var plan = Assert.Single(_containers.Launches);
        Assert.True(Directory.Exists(plan.SandboxDirectory));
        Assert.Equal(plan.SandboxDirectory, plan.Environment["MESOS_SANDBOX"]);
        Assert.Equal("cluster-S1", plan.Environment["MESOS_SLAVE_ID"]);
        _containers.Exit(plan.ContainerId, 4);

        var last = await _master.NextUpdateAsync(Patience);
        Assert.Equal((TaskState.TaskFailed, "Command exited with status 4"), (last.State, last.Message));
        await agent.WaitForAsync(snapshot => !snapshot.Tasks.Any(), Patience);
    }

    [Fact]
    public async Task Launch_that_fails_is_told_with_its_reason()
    {
        await using var agent = await StartAsync();
        await _master.NextSubscriptionAsync(Patience);
        _containers.LaunchError = new ContainerLaunchException("no such image: nope");
        _master.Send(Run());

        var status = await _master.NextUpdateAsync(Patience);
        Assert.Equal((TaskState.TaskFailed, "no such image: nope"), (status.State, status.Message));
    }

    [Fact]
    public async Task Kill_while_launching_gives_the_launch_up()
    {
        _containers.Gate = new TaskCompletionSource();
        await using var agent = await StartAsync();
        await _master.NextSubscriptionAsync(Patience);
        _master.Send(Run());
        await agent.WaitForAsync(snapshot => snapshot.Tasks.Any(task => task.Phase == TaskPhase.Launching), Patience);
        _master.Send(new AgentEvent { KillTask = new() { FrameworkId = new FrameworkID { Value = FrameworkName }, TaskId = new TaskID { Value = "t1" } } });

        Assert.Equal(TaskStatus.Types.Reason.TaskKilledDuringLaunch, (await _master.NextUpdateAsync(Patience)).Reason);
        Assert.Empty(_containers.Launches);
    }

    [Fact]
    public async Task Agent_that_restarts_keeps_its_id_and_tasks_and_starts_nothing_twice()
    {
        string container;
        await using (await StartAsync())
        {
            await _master.NextSubscriptionAsync(Patience);
            _master.Send(Run());
            await _master.NextUpdateAsync(Patience);
            var running = await _master.NextUpdateAsync(Patience);
            container = running.ContainerStatus.ContainerId.Value;
        }

        // It ends while no agent runs.
        _containers.Exit(container, 9);
        await using var next = await StartAsync();
        var subscribe = await _master.NextSubscriptionAsync(Patience);
        Assert.Equal("cluster-S1", subscribe.AgentInfo.Id.Value);
        Assert.Equal("t1", subscribe.Tasks.Single().TaskInfo.TaskId.Value);
        var status = await _master.NextUpdateAsync(Patience);
        while (status.State != TaskState.TaskFailed)
        {
            // The acknowledgement of RUNNING may have come too late for the first run.
            Assert.Equal(TaskState.TaskRunning, status.State);
            status = await _master.NextUpdateAsync(Patience);
        }

        Assert.Equal("Command exited with status 9", status.Message);
        Assert.Single(_containers.Launches);
    }

    [Fact]
    public async Task Link_that_breaks_is_dialled_again_and_the_unacknowledged_is_repeated()
    {
        await using var agent = await StartAsync();
        await _master.NextSubscriptionAsync(Patience);
        _master.Send(Run());
        var first = await _master.NextUpdateAsync(Patience, acknowledge: false);
        _master.Hang();
        var again = await _master.NextSubscriptionAsync(Patience);

        Assert.Equal(first, again.Tasks.Single().Unacknowledged);
        Assert.Equal(first, await _master.NextUpdateAsync(Patience));
    }

    [Fact]
    public async Task Silent_master_is_dialled_again()
    {
        _master.SilenceTimeoutSeconds = 0.2;
        await using var agent = await StartAsync();
        await _master.NextSubscriptionAsync(Patience);
        Assert.NotNull(await _master.NextSubscriptionAsync(Patience));
    }

    [Fact]
    public async Task Ping_is_answered()
    {
        await using var agent = await StartAsync();
        await _master.NextSubscriptionAsync(Patience);
        _master.Send(new AgentEvent { Ping = new() });
        Assert.NotNull((await _master.NextCallAsync(Patience)).Pong);
    }

    [Fact]
    public async Task Redirect_to_the_leader_is_followed()
    {
        await using var follower = await LinkMaster.StartAsync();
        follower.Override = context =>
        {
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = $"//{_master.HostAndPort}/api/v1/agent-link";
            return true;
        };
        await using var agent = await TestAgent.StartAsync(_directory.Path, follower, _containers);
        Assert.NotNull(await _master.NextSubscriptionAsync(Patience));
    }

    [Fact]
    public async Task Second_address_is_tried_when_the_first_does_not_answer()
    {
        var dead = await LinkMaster.StartAsync();
        await dead.DisposeAsync();
        await using var agent = AgentHost.Create(
            [$"--master={dead.HostAndPort},{_master.HostAndPort}", $"--work_dir={_directory.Path}", "--port=0"], new Dictionary<string, string>(), (_, _) => [_containers]);
        await agent.StartAsync(Patience);
        Assert.NotNull(await _master.NextSubscriptionAsync(Patience));
    }

    [Fact]
    public async Task Credential_is_sent_with_every_request()
    {
        var seen = new System.Collections.Concurrent.ConcurrentBag<string>();
        _master.Override = context =>
        {
            seen.Add(context.Request.Headers.Authorization.ToString());
            return false;
        };
        await using var agent = await StartAsync("""--credential={"principal":"a","secret":"b"}""");
        await _master.NextSubscriptionAsync(Patience);
        _master.Send(new AgentEvent { Ping = new() });
        await _master.NextCallAsync(Patience);

        Assert.True(seen.Count >= 2);
        Assert.All(seen, header => Assert.Equal("Basic YTpi", header));
    }

    [Fact]
    public async Task Busy_master_gets_the_same_batch_again()
    {
        await using var agent = await StartAsync();
        await _master.NextSubscriptionAsync(Patience);
        var refusals = 2;
        _master.Override = context =>
        {
            if (Interlocked.Decrement(ref refusals) < 0)
            {
                return false;
            }

            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return true;
        };
        _master.Send(new AgentEvent { Ping = new() });
        Assert.NotNull((await _master.NextCallAsync(Patience)).Pong);
    }

    [Fact]
    public async Task Usage_of_machine_and_tasks_is_reported()
    {
        await using var agent = await StartAsync("--usage_interval=50ms");
        await _master.NextSubscriptionAsync(Patience);
        _master.Send(Run());
        var usage = await _master.NextUsageAsync(Patience);
        while (usage.Tasks.Count == 0 || !usage.HasCpusUsed)
        {
            usage = await _master.NextUsageAsync(Patience);
        }

        Assert.Equal(1, usage.Tasks.Single().MemUsedMib);
        Assert.True(usage.MemUsedMib > 0);
        Assert.True(usage.DiskUsedMib > 0);
    }

    [Fact]
    public async Task Shutdown_on_exit_kills_the_tasks_and_takes_leave()
    {
        var agent = await StartAsync("--shutdown_tasks_on_exit");
        await _master.NextSubscriptionAsync(Patience);
        _master.Send(Run());
        await _master.NextUpdateAsync(Patience);
        await _master.NextUpdateAsync(Patience);
        var stopping = agent.StopAsync();

        Assert.Equal(TaskState.TaskKilled, (await _master.NextUpdateAsync(Patience)).State);
        Assert.NotNull((await _master.NextCallAsync(Patience)).Unregister);
        await stopping;
        await agent.DisposeAsync();
        Assert.Single(_containers.Stops);

        await using var next = await StartAsync();
        Assert.Null((await _master.NextSubscriptionAsync(Patience)).AgentInfo.Id);
    }

    [Fact]
    public async Task Shutdown_by_the_master_ends_tasks_and_gives_the_id_up()
    {
        await using var agent = await StartAsync();
        await _master.NextSubscriptionAsync(Patience);
        _master.Send(Run());
        await _master.NextUpdateAsync(Patience);
        _master.Send(new AgentEvent { Shutdown = new() { Message = "marked gone" } });

        Assert.Equal("marked gone", await agent.Refused.WaitAsync(Patience));
        Assert.Single(_containers.Stops);
        Assert.False(File.Exists(Path.Combine(_directory.Path, "meta/slaves/latest")));
    }

    [Fact]
    public async Task Stop_leaves_tasks_running()
    {
        var agent = await StartAsync();
        await _master.NextSubscriptionAsync(Patience);
        _master.Send(Run());
        await _master.NextUpdateAsync(Patience);
        await agent.DisposeAsync();

        Assert.Empty(_containers.Stops);
    }

    [Fact]
    public async Task Unhealthy_task_is_told_and_killed()
    {
        _containers.Execute = _ => Task.FromResult(1);
        await using var agent = await StartAsync();
        await _master.NextSubscriptionAsync(Patience);
        _master.Send(Run(change: task => task.HealthCheck = new HealthCheck
        {
            Command = new CommandInfo { Value = "false" },
            DelaySeconds = 0,
            IntervalSeconds = 0.01,
            GracePeriodSeconds = 0,
            ConsecutiveFailures = 2,
        }));
        var states = new List<(TaskState, bool)>();
        do
        {
            var status = await _master.NextUpdateAsync(Patience);
            states.Add((status.State, status.HasHealthy && !status.Healthy));
        }
        while (states[^1].Item1 != TaskState.TaskKilled);

        Assert.Equal(
            [(TaskState.TaskStarting, false), (TaskState.TaskRunning, false), (TaskState.TaskRunning, true), (TaskState.TaskRunning, true), (TaskState.TaskKilled, true)],
            states);
    }
}
