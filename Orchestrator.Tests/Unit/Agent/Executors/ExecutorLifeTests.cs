using Google.Protobuf;
using Orchestrator.Core.Agent;
using Orchestrator.Core.Agent.Executors;
using Orchestrator.Core.Contract.ExecutorApi;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Tests.Support;
using static Orchestrator.Tests.Support.AgentEngineHarness;
using Reasons = Orchestrator.Core.Contract.Mesos.TaskStatus.Types.Reason;

namespace Orchestrator.Tests.Unit.Agent.Executors;

public sealed class ExecutorLifeTests
{
    private readonly AgentEngineHarness _agent = new AgentEngineHarness().Registered();

    [Fact]
    public void First_task_of_an_executor_launches_its_container_with_the_resources_of_both()
    {
        _agent.RunMore(ExecutorTask());

        var launch = _agent.Effects.Actions.OfType<AgentAction.Launch>().Single().Container;
        Assert.True(launch.IsExecutor);
        Assert.Equal("./executor", launch.Task.Command.Value);
        Assert.Equal(42, launch.Task.Resources.Single(resource => resource.Name == "mem").Scalar.Value);
        Assert.EndsWith($"/executors/{ExecutorName}/runs/{launch.Location.ContainerId}", launch.SandboxDirectory, StringComparison.Ordinal);
        Assert.Equal(["ExecutorAccepted", "TaskAccepted"], _agent.Effects.Checkpoints.Select(checkpoint => checkpoint.GetType().Name).Where(name => name != "FrameworkStored"));
        Assert.Empty(_agent.Sent);
    }

    [Fact]
    public void Subscription_is_answered_with_what_the_executor_is_and_then_its_tasks()
    {
        var container = _agent.Run(ExecutorTask());
        _agent.RunMore(ExecutorTask("t2"));
        Assert.Empty(_agent.Effects.Actions);
        _agent.Tell(new AgentCommand.Launched(container, [], 4711, null));
        _agent.SubscribeExecutor();

        var events = _agent.ToExecutor.ToList();
        Assert.Equal([Event.Types.Type.Subscribed, Event.Types.Type.Launch, Event.Types.Type.Launch], events.Select(e => e.Type));
        Assert.Equal(container, events[0].Subscribed.ContainerId.Value);
        Assert.Equal("cluster-S1", events[0].Subscribed.AgentInfo.Id.Value);
        Assert.Equal(["t1", "t2"], events.Skip(1).Select(e => e.Launch.Task.TaskId.Value));
    }

    [Fact]
    public void Subscription_before_the_container_is_known_to_run_is_taken()
    {
        var container = _agent.Run(ExecutorTask());
        _agent.SubscribeExecutor();
        Assert.Null(_agent.LastReply.Refusal);
        _agent.Tell(new AgentCommand.Launched(container, [], 4711, null));
        _agent.Pass(TimeSpan.FromMinutes(2));

        Assert.DoesNotContain(_agent.Effects.Actions, action => action is AgentAction.Stop);
    }

    [Fact]
    public void Later_task_goes_to_the_executor_that_is_there()
    {
        _agent.RunExecutor();
        _agent.RunMore(ExecutorTask("t2"));

        Assert.Equal("t2", _agent.ToExecutor.Single().Launch.Task.TaskId.Value);
        Assert.DoesNotContain(_agent.Effects.Actions, action => action is AgentAction.Launch);
        _agent.Pass(TimeSpan.Zero);
        Assert.Equal(74, _agent.Effects.Actions.OfType<AgentAction.Resize>().Single().Needs.Resources.Single(resource => resource.Name == "mem").Scalar.Value);
    }

    [Fact]
    public void Update_is_completed_made_durable_acknowledged_and_forwarded()
    {
        var container = _agent.RunExecutor();
        _agent.UpdateByExecutor(StatusOf("t1", TaskState.TaskRunning));

        var status = _agent.Sent.Single();
        Assert.Equal(("cluster-S1", ExecutorName, container), (status.AgentId.Value, status.ExecutorId.Value, status.ContainerStatus.ContainerId.Value));
        Assert.Equal("10.0.0.1", status.ContainerStatus.NetworkInfos.Single().IpAddresses.Single().IpAddress);
        Assert.Equal(4711u, status.ContainerStatus.ExecutorPid);
        Assert.True(status.HasTimestamp);
        Assert.IsType<AgentCheckpoint.UpdateMade>(Assert.Single(_agent.Effects.Checkpoints));
        Assert.Equal(status.Uuid, _agent.ToExecutor.Single().Acknowledged.Uuid);
    }

    [Fact]
    public void Repeated_update_is_acknowledged_again_and_goes_no_further()
    {
        _agent.RunExecutor();
        _agent.UpdateByExecutor(StatusOf("t1", TaskState.TaskRunning));
        _agent.Drain();
        _agent.UpdateByExecutor(StatusOf("t1", TaskState.TaskRunning));
        Assert.Empty(_agent.Sent);
        Assert.Equal(Event.Types.Type.Acknowledged, _agent.ToExecutor.Single().Type);

        _agent.UpdateByExecutor(StatusOf("t1", TaskState.TaskFinished));
        _agent.Drain();
        _agent.UpdateByExecutor(StatusOf("t1", TaskState.TaskFinished));
        Assert.Empty(_agent.Effects.Checkpoints);
        Assert.Empty(_agent.Effects.Notes);
        Assert.Equal(Event.Types.Type.Acknowledged, _agent.ToExecutor.Single().Type);
    }

    [Fact]
    public void Executor_without_tasks_lives_on_until_it_is_told()
    {
        var container = _agent.RunExecutor();
        _agent.UpdateByExecutor(StatusOf("t1", TaskState.TaskFinished));
        _agent.Drain();
        Assert.Equal(ExecutorPhase.Running, _agent.Engine.Publish(_agent.Now).Executors.Single().Phase);

        _agent.Tell(new AgentEvent { ShutdownExecutor = new() { FrameworkId = new FrameworkID { Value = FrameworkName }, ExecutorId = new ExecutorID { Value = ExecutorName } } });
        Assert.Equal(Event.Types.Type.Shutdown, _agent.ToExecutor.Single().Type);
        _agent.Pass(TimeSpan.FromSeconds(5));
        Assert.Equal(TimeSpan.Zero, _agent.Effects.Actions.OfType<AgentAction.Stop>().Single().GracePeriod);
        _agent.Exit(container, 137, message: "Command terminated with signal Killed");

        Assert.Equal(9, _agent.Effects.Calls.Single().ExecutorExited.Status);
        Assert.Contains(_agent.Effects.Checkpoints, checkpoint => checkpoint is AgentCheckpoint.ExecutorForgotten);
        Assert.Contains(_agent.Effects.Checkpoints, checkpoint => checkpoint is AgentCheckpoint.FrameworkForgotten);
    }

    [Fact]
    public void Grace_period_of_the_executor_wins_over_the_agents()
    {
        _agent.RunExecutor(change: executor => executor.ShutdownGracePeriod = new DurationInfo { Nanoseconds = 20_000_000_000 });
        _agent.Tell(new AgentEvent { ShutdownExecutor = new() { FrameworkId = new FrameworkID { Value = FrameworkName }, ExecutorId = new ExecutorID { Value = ExecutorName } } });
        _agent.Pass(TimeSpan.FromSeconds(19));
        Assert.Empty(_agent.Effects.Actions);
        _agent.Pass(TimeSpan.FromSeconds(1));
        Assert.Single(_agent.Effects.Actions.OfType<AgentAction.Stop>());
    }

    [Fact]
    public void Exit_fails_the_tasks_that_go_on_and_tells_the_master()
    {
        var container = _agent.RunExecutor();
        _agent.RunMore(ExecutorTask("t2"));
        _agent.UpdateByExecutor(StatusOf("t2", TaskState.TaskFinished));
        _agent.Drain("t2");
        _agent.Exit(container, 3, message: "Command exited with status 3");

        var status = _agent.Sent.Single();
        Assert.Equal(("t1", TaskState.TaskFailed, Reasons.ExecutorTerminated), (status.TaskId.Value, status.State, status.Reason));
        Assert.Equal(TaskStatus.Types.Source.Agent, status.Source);
        Assert.Equal(3 << 8, _agent.Effects.Calls.Single(call => call.ExecutorExited is not null).ExecutorExited.Status);
        _agent.Acknowledge(status.Uuid);
        Assert.Contains(_agent.Effects.Checkpoints, checkpoint => checkpoint is AgentCheckpoint.ExecutorForgotten);
    }

    [Fact]
    public void Out_of_memory_names_the_limit_as_the_reason()
    {
        var container = _agent.RunExecutor();
        _agent.Exit(container, 137, outOfMemory: true, message: "Command terminated with signal Killed");

        Assert.Equal(Reasons.ContainerLimitationMemory, _agent.Sent.Single().Reason);
    }

    [Fact]
    public void Executor_that_does_not_subscribe_in_time_is_ended_and_its_tasks_fail_so()
    {
        var container = _agent.Run(ExecutorTask());
        _agent.Tell(new AgentCommand.Launched(container, [], 4711, null));
        _agent.Pass(TimeSpan.FromSeconds(59));
        Assert.Empty(_agent.Effects.Actions);
        _agent.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(container, _agent.Effects.Actions.OfType<AgentAction.Stop>().Single().ContainerId);
        _agent.Exit(container, 137);

        Assert.Equal((TaskState.TaskFailed, Reasons.ExecutorRegistrationTimeout), (_agent.Sent.Single().State, _agent.Sent.Single().Reason));
    }

    [Fact]
    public void Failed_launch_fails_the_tasks_with_its_reason()
    {
        var container = _agent.Run(ExecutorTask());
        _agent.Tell(new AgentCommand.LaunchFailed(container, "no such file", Reasons.ContainerLaunchFailed));

        Assert.Equal((TaskState.TaskFailed, Reasons.ContainerLaunchFailed, "no such file"), (_agent.Sent.Single().State, _agent.Sent.Single().Reason, _agent.Sent.Single().Message));
        Assert.Equal(-1, _agent.Effects.Calls.Single(call => call.ExecutorExited is not null).ExecutorExited.Status);
    }

    [Fact]
    public void Kill_goes_to_the_executor_with_its_policy_each_time()
    {
        _agent.RunExecutor();
        _agent.Kill(grace: TimeSpan.FromSeconds(7));
        Assert.Equal(7_000_000_000, _agent.ToExecutor.Single().Kill.KillPolicy.GracePeriod.Nanoseconds);
        Assert.IsType<AgentCheckpoint.KillStarted>(Assert.Single(_agent.Effects.Checkpoints));
        _agent.Kill();

        Assert.Null(_agent.ToExecutor.Single().Kill.KillPolicy);
        Assert.Empty(_agent.Effects.Checkpoints);
    }

    [Fact]
    public void Kill_before_the_executor_has_the_task_ends_both()
    {
        var container = _agent.Run(ExecutorTask());
        _agent.Kill();

        Assert.Equal((TaskState.TaskKilled, Reasons.TaskKilledDuringLaunch), (_agent.Sent.Single().State, _agent.Sent.Single().Reason));
        Assert.Equal(container, _agent.Effects.Actions.OfType<AgentAction.CancelLaunch>().Single().ContainerId);
    }

    [Fact]
    public void Messages_pass_both_ways()
    {
        _agent.RunExecutor();
        _agent.Tell(new AgentEvent { Message = new() { FrameworkId = new FrameworkID { Value = FrameworkName }, ExecutorId = new ExecutorID { Value = ExecutorName }, Data = ByteString.CopyFromUtf8("ping") } });
        Assert.Equal("ping", _agent.ToExecutor.Single().Message.Data.ToStringUtf8());

        _agent.Tell(new AgentCommand.CallByExecutor(CallOf(Call.Types.Type.Message, call => call.Message = new Call.Types.Message { Data = ByteString.CopyFromUtf8("pong") })));
        Assert.Equal("pong", _agent.Effects.Calls.Single().Message.Data.ToStringUtf8());
    }

    [Fact]
    public void Removed_framework_ends_its_executor_without_a_word()
    {
        var container = _agent.RunExecutor();
        _agent.Tell(new AgentEvent { ShutdownFramework = new() { FrameworkId = new FrameworkID { Value = FrameworkName } } });
        Assert.Equal(Event.Types.Type.Shutdown, _agent.ToExecutor.Single().Type);
        _agent.Exit(container, 0);

        Assert.Empty(_agent.Effects.Calls);
        Assert.Empty(_agent.Engine.Publish(_agent.Now).Frameworks);
    }

    [Fact]
    public void Task_for_an_executor_that_is_being_ended_is_dropped()
    {
        _agent.RunExecutor();
        _agent.Tell(new AgentEvent { ShutdownExecutor = new() { FrameworkId = new FrameworkID { Value = FrameworkName }, ExecutorId = new ExecutorID { Value = ExecutorName } } });
        _agent.RunMore(ExecutorTask("t2"));

        Assert.Equal((TaskState.TaskLost, Reasons.ExecutorTerminated), (_agent.Sent.Single().State, _agent.Sent.Single().Reason));
    }

    [Fact]
    public void Task_of_an_executor_with_a_persistent_volume_is_refused_by_its_field()
    {
        _agent.RunExecutor();
        var task = ExecutorTask("t2");
        task.Resources[0].Disk = new Resource.Types.DiskInfo { Persistence = new Resource.Types.DiskInfo.Types.Persistence { Id = "v" } };
        _agent.RunMore(task);

        Assert.Empty(_agent.ToExecutor);
        Assert.Equal(TaskState.TaskLost, _agent.Sent.Single().State);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Group_is_given_whole_in_one_event(bool subscribed)
    {
        if (subscribed)
        {
            _agent.RunExecutor("t0");
        }

        _agent.Tell(new AgentEvent { RunTaskGroup = Group("a", "b") });
        if (!subscribed)
        {
            _agent.SubscribeExecutor();
        }

        var launched = Assert.Single(_agent.ToExecutor, e => e.Type != Event.Types.Type.Subscribed);
        Assert.Equal(["a", "b"], launched.LaunchGroup.TaskGroup.Tasks.Select(task => task.TaskId.Value));
        _agent.UpdateByExecutor(StatusOf("b", TaskState.TaskRunning));
        Assert.Equal("b", _agent.Sent.Single().TaskId.Value);
    }

    [Fact]
    public void Kill_of_one_of_a_group_that_was_not_given_yet_ends_the_group()
    {
        _agent.Tell(new AgentEvent { RunTaskGroup = Group("a", "b", "c") });
        _agent.Kill("b");

        Assert.Equal(["a", "b", "c"], _agent.Sent.Select(status => status.TaskId.Value).Order());
        Assert.All(_agent.Sent, status => Assert.Equal(TaskState.TaskKilled, status.State));
    }

    [Fact]
    public void Group_with_one_task_that_cannot_be_is_refused_whole()
    {
        _agent.Tell(new AgentEvent { RunTaskGroup = Group("a", "..") });

        Assert.Equal(["a", ".."], _agent.Sent.Select(status => status.TaskId.Value));
        Assert.Empty(_agent.Effects.Actions);
    }

    private static AgentEvent.Types.RunTaskGroup Group(params string[] ids)
    {
        var group = new AgentEvent.Types.RunTaskGroup { FrameworkInfo = Framework(), Executor = ExecutorTask().Executor, TaskGroup = new TaskGroupInfo() };
        group.TaskGroup.Tasks.Add(ids.Select(id => ExecutorTask(id)));
        return group;
    }

    [Fact]
    public void Unknown_executor_may_not_subscribe()
    {
        _agent.SubscribeExecutor();

        Assert.Equal(400, _agent.LastReply.Refusal!.Status);
    }

    [Fact]
    public void Second_subscription_takes_the_place_of_the_first()
    {
        _agent.RunExecutor();
        _agent.UpdateByExecutor(StatusOf("t1", TaskState.TaskRunning));
        _agent.SubscribeExecutor();

        var closed = _agent.Effects.Actions.OfType<AgentAction.CloseExecutor>().Single().Stream;
        Assert.Equal(Event.Types.Type.Subscribed, _agent.ToExecutor.Single().Type);
        _agent.Tell(new AgentCommand.ExecutorDisconnected(closed));
        _agent.RunMore(ExecutorTask("t2"));
        Assert.Equal("t2", _agent.ToExecutor.Single().Launch.Task.TaskId.Value);
    }
}
