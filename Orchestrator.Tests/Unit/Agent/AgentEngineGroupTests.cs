using Orchestrator.Core.Agent;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Tests.Support;
using static Orchestrator.Tests.Support.AgentEngineHarness;
using Reasons = Orchestrator.Core.Contract.Mesos.TaskStatus.Types.Reason;

namespace Orchestrator.Tests.Unit.Agent;

/// <summary>Task groups with the executor that is built in.</summary>
public sealed class AgentEngineGroupTests
{
    private readonly AgentEngineHarness _agent = new AgentEngineHarness().Registered();

    [Fact]
    public void Group_is_launched_at_once_below_one_executor_with_a_shared_sandbox()
    {
        var launches = Launch("a", "b").Select(launch => launch.Container).ToList();

        Assert.Equal(["a", "b"], launches.Select(launch => launch.Task.TaskId.Value));
        Assert.Single(launches.Select(launch => launch.ExecutorSandbox).Distinct());
        Assert.All(launches, launch => Assert.StartsWith(launch.ExecutorSandbox + "/containers/", launch.SandboxDirectory, StringComparison.Ordinal));
        Assert.Equal(2, launches.Select(launch => launch.SandboxDirectory).Distinct().Count());
        Assert.All(launches, launch => Assert.Equal("pod", launch.Location.ExecutorId));
    }

    [Fact]
    public void Status_names_the_container_and_its_executor()
    {
        var launch = Launch("a", "b")[0].Container;
        Run(launch);

        var id = _agent.Sent.First().ContainerStatus.ContainerId;
        Assert.Equal((launch.Location.OwnContainerId, launch.Location.ParentContainerId), (id.Value, id.Parent.Value));
    }

    [Fact]
    public void Group_with_one_task_that_cannot_run_is_dropped_whole()
    {
        Tell(Group(Task("a"), Task("b/c")));

        Assert.Empty(_agent.Effects.Actions);
        Assert.Equal(["a", "b/c"], _agent.Sent.Select(status => status.TaskId.Value));
        Assert.All(_agent.Sent, status => Assert.Equal(Reasons.TaskInvalid, status.Reason));
    }

    [Fact]
    public void Group_of_which_a_task_is_here_already_is_not_started_again()
    {
        Launch("a", "b");
        Tell(Group(Task("b"), Task("c")));

        Assert.Empty(_agent.Effects.Actions);
        Assert.Empty(_agent.Sent);
    }

    [Fact]
    public void Port_that_the_executor_maps_must_be_in_the_resources_of_the_group()
    {
        var group = Group(Task("a"));
        group.Executor.Container = new ContainerInfo { Type = ContainerInfo.Types.Type.Mesos };
        group.Executor.Container.NetworkInfos.Add(new NetworkInfo { PortMappings = { new NetworkInfo.Types.PortMapping { HostPort = 31000, ContainerPort = 80 } } });
        Tell(group);
        Assert.Contains("31000", _agent.Sent.Single().Message, StringComparison.Ordinal);

        var ports = new Resource { Name = "ports", Type = Value.Types.Type.Ranges, Ranges = new Value.Types.Ranges() };
        ports.Ranges.Range.Add(new Value.Types.Range { Begin = 31000, End = 31001 });
        group.TaskGroup.Tasks[0].Resources.Add(ports);
        Tell(group);
        Assert.Single(_agent.Effects.Actions.OfType<AgentAction.Launch>());
    }

    [Theory]
    [InlineData(1, TaskState.TaskFailed)]
    [InlineData(137, TaskState.TaskFailed)]
    public void Task_that_fails_takes_the_others_with_it(int code, TaskState state)
    {
        var (a, b) = Two();
        _agent.Exit(a, code);
        Assert.Equal(state, _agent.Sent.Single(status => status.TaskId.Value == "a").State);
        Assert.Contains(new AgentAction.Stop(b, TimeSpan.FromSeconds(3)), _agent.Effects.Actions);

        _agent.Exit(b, 143);
        Assert.Equal(TaskState.TaskKilled, _agent.Sent.Single().State);
        Assert.Single(_agent.Effects.Actions.OfType<AgentAction.RemoveGroup>());
    }

    [Fact]
    public void Task_that_finishes_lets_the_others_go_on_and_a_kill_of_it_changes_nothing()
    {
        var (a, b) = Two();
        _agent.Exit(a, 0);
        _agent.Kill("a");
        Assert.DoesNotContain(_agent.Effects.Actions, action => action is AgentAction.Stop);
        Assert.DoesNotContain(_agent.Effects.Actions, action => action is AgentAction.RemoveGroup);

        _agent.Exit(b, 0);
        Assert.Single(_agent.Effects.Actions.OfType<AgentAction.RemoveGroup>());
    }

    [Fact]
    public void Kill_of_one_task_kills_all_with_its_grace_period()
    {
        var (a, b) = Two();
        _agent.Kill("b", TimeSpan.FromSeconds(9));

        Assert.Equal(
            [new AgentAction.Stop(b, TimeSpan.FromSeconds(9)), new AgentAction.Stop(a, TimeSpan.FromSeconds(9))],
            _agent.Effects.Actions.OfType<AgentAction.Stop>());
    }

    [Fact]
    public void Launch_that_fails_ends_those_that_run_and_cancels_those_that_start()
    {
        var launches = Launch("a", "b", "c").Select(launch => launch.Container).ToList();
        Run(launches[0]);
        _agent.Tell(new AgentCommand.LaunchFailed(launches[1].Location.ContainerId, "no such image", Reasons.ContainerLaunchFailed));

        Assert.Contains(new AgentAction.Stop(launches[0].Location.ContainerId, TimeSpan.FromSeconds(3)), _agent.Effects.Actions);
        Assert.Contains(new AgentAction.CancelLaunch(launches[2].Location.ContainerId), _agent.Effects.Actions);
    }

    [Fact]
    public void Unhealthy_task_takes_the_others_with_it()
    {
        var launches = Launch([Task("a", task => task.HealthCheck = new HealthCheck { ConsecutiveFailures = 1, GracePeriodSeconds = 0 }), Task("b")]);
        Run(launches[0].Container);
        Run(launches[1].Container);
        _agent.Pass(TimeSpan.FromSeconds(1));
        _agent.Tell(new AgentCommand.HealthChecked(launches[0].Container.Location.ContainerId, false, "no"));

        Assert.Equal(2, _agent.Effects.Actions.OfType<AgentAction.Stop>().Count());
    }

    [Fact]
    public void Task_that_takes_too_long_ends_its_group_even_when_the_framework_is_gone()
    {
        var launches = Launch([Task("a", task => task.MaxCompletionTime = new DurationInfo { Nanoseconds = 1_000_000_000 }), Task("b")]);
        Run(launches[0].Container);
        _agent.Pass(TimeSpan.FromSeconds(2));

        Assert.Contains(new AgentAction.Stop(launches[0].Container.Location.ContainerId, TimeSpan.Zero), _agent.Effects.Actions);
        Assert.Contains(new AgentAction.CancelLaunch(launches[1].Container.Location.ContainerId), _agent.Effects.Actions);
    }

    [Fact]
    public void Two_groups_of_one_executor_share_its_sandbox_but_not_their_end()
    {
        var (a, _) = Two();
        var later = Launch("c", "d")[0].Container;
        Run(later);
        _agent.Exit(a, 1);

        Assert.DoesNotContain(_agent.Effects.Actions, action => action is AgentAction.Stop stop && stop.ContainerId == later.Location.ContainerId);
        Assert.StartsWith(later.Location.ParentContainerId!, a, StringComparison.Ordinal);
    }

    [Fact]
    public void Shutdown_of_the_executor_kills_its_tasks()
    {
        Two();
        _agent.Tell(new AgentEvent { ShutdownExecutor = new() { FrameworkId = new FrameworkID { Value = FrameworkName }, ExecutorId = new ExecutorID { Value = "pod" } } });

        Assert.Equal(2, _agent.Effects.Actions.OfType<AgentAction.Stop>().Count());
    }

    [Fact]
    public void Framework_shutdown_forgets_a_group_that_had_not_started_once()
    {
        var agent = new AgentEngineHarness(options => options with { MaxConcurrentLaunches = 0 }).Registered();
        agent.Tell(new AgentEvent { RunTaskGroup = Group(Task("a"), Task("b"), Task("c")) });
        agent.Tell(new AgentEvent { ShutdownFramework = new() { FrameworkId = new FrameworkID { Value = FrameworkName } } });

        Assert.Equal(3, agent.Checkpoints.OfType<AgentCheckpoint.TaskForgotten>().Count());
        Assert.IsType<AgentCheckpoint.FrameworkForgotten>(agent.Checkpoints[^1]);
        Assert.Empty(agent.Engine.Publish(agent.Now).Tasks);
    }

    [Fact]
    public void Executor_is_told_at_registration_until_its_last_task_ends()
    {
        var (a, b) = Two();
        Assert.Equal("pod", Assert.Single(Subscribe().Executors).ExecutorInfo.ExecutorId.Value);

        _agent.Exit(a, 0);
        _agent.Exit(b, 0);
        Assert.Empty(Subscribe().Executors);
    }

    [Fact]
    public void Group_is_known_again_after_a_crash_and_ends_together()
    {
        var (a, b) = Two();
        var next = _agent.Restart();
        Assert.Equal([a, b], next.Effects.Actions.OfType<AgentAction.Recover>().Select(recover => recover.Container.Location.ContainerId));
        next.Tell(new AgentCommand.Launched(b, [], 4711, null));
        next.Tell(new AgentCommand.Lost(a));

        Assert.Contains(new AgentAction.Stop(b, TimeSpan.FromSeconds(3)), next.Effects.Actions);
    }

    [Fact]
    public void Companions_of_a_task_that_failed_just_before_a_crash_are_killed_after_it()
    {
        var (a, b) = Two();
        _agent.Exit(a, 1);
        // The crash came before the kill of the other was on disk.
        _agent.Checkpoints.RemoveAll(checkpoint => checkpoint is AgentCheckpoint.KillStarted);
        var next = _agent.Restart();
        next.Tell(new AgentCommand.Launched(b, [], 4711, null));

        Assert.Contains(new AgentAction.Stop(b, TimeSpan.FromSeconds(3)), next.Effects.Actions);
    }

    private static AgentEvent.Types.RunTaskGroup Group(params TaskInfo[] tasks)
    {
        var group = new AgentEvent.Types.RunTaskGroup
        {
            FrameworkInfo = Framework(),
            Executor = new ExecutorInfo { Type = ExecutorInfo.Types.Type.Default, ExecutorId = new ExecutorID { Value = "pod" } },
            TaskGroup = new TaskGroupInfo(),
        };
        group.TaskGroup.Tasks.Add(tasks);
        return group;
    }

    private void Tell(AgentEvent.Types.RunTaskGroup group) => _agent.Tell(new AgentEvent { RunTaskGroup = group });

    private List<AgentAction.Launch> Launch(params string[] ids) => Launch([.. ids.Select(id => Task(id))]);

    private List<AgentAction.Launch> Launch(TaskInfo[] tasks)
    {
        Tell(Group(tasks));
        return [.. _agent.Effects.Actions.OfType<AgentAction.Launch>()];
    }

    private void Run(TaskLaunch launch) => _agent.Tell(new AgentCommand.Launched(launch.Location.ContainerId, [], 4711, null));

    /// <summary>Two tasks that run; their containers.</summary>
    private (string A, string B) Two()
    {
        var launches = Launch("a", "b").Select(launch => launch.Container).ToList();
        foreach (var launch in launches)
        {
            Run(launch);
            _agent.Drain(launch.Task.TaskId.Value);
        }

        return (launches[0].Location.ContainerId, launches[1].Location.ContainerId);
    }

    private AgentCall.Types.Subscribe Subscribe() => _agent.Tell(new AgentCommand.PrepareSubscribe()).Subscribe!.Subscribe;
}
