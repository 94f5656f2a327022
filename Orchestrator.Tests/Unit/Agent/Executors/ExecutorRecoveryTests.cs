using Orchestrator.Core.Agent;
using Orchestrator.Core.Agent.Executors;
using Orchestrator.Core.Contract.ExecutorApi;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Tests.Support;
using static Orchestrator.Tests.Support.AgentEngineHarness;
using Capability = Orchestrator.Core.Contract.Mesos.FrameworkInfo.Types.Capability.Types.Type;
using Reasons = Orchestrator.Core.Contract.Mesos.TaskStatus.Types.Reason;

namespace Orchestrator.Tests.Unit.Agent.Executors;

public sealed class ExecutorRecoveryTests
{
    private readonly AgentEngineHarness _agent = new AgentEngineHarness().Registered();

    [Fact]
    public void Executor_after_a_restart_of_the_agent_goes_on_with_its_tasks()
    {
        var container = _agent.RunExecutor();
        _agent.UpdateByExecutor(StatusOf("t1", TaskState.TaskRunning));
        _agent.Drain();
        var next = _agent.Restart();
        Assert.True(Assert.IsType<AgentAction.Recover>(Assert.Single(next.Effects.Actions)).Container.IsExecutor);
        Assert.Equal(ExecutorName, next.Tell(new AgentCommand.PrepareSubscribe()).Subscribe!.Subscribe.Executors.Single().ExecutorInfo.ExecutorId.Value);
        next.Tell(new AgentCommand.Launched(container, [], 4711, null));
        next.SubscribeExecutor();
        Assert.Equal(Event.Types.Type.Subscribed, next.ToExecutor.Single().Type);
        next.Pass(TimeSpan.FromMinutes(5));
        Assert.DoesNotContain(next.Effects.Actions, action => action is AgentAction.Stop);

        next.Registered();
        next.UpdateByExecutor(StatusOf("t1", TaskState.TaskFinished));
        Assert.Equal(TaskState.TaskFinished, next.Sent.Single().State);
    }

    [Fact]
    public void Updates_made_while_the_agent_was_down_come_with_the_subscription()
    {
        _agent.RunExecutor();
        _agent.UpdateByExecutor(StatusOf("t1", TaskState.TaskRunning));
        _agent.Drain();
        var next = _agent.Restart().Registered();
        next.SubscribeExecutor([], [StatusOf("t1", TaskState.TaskRunning), StatusOf("t1", TaskState.TaskFinished)]);

        Assert.Equal(TaskState.TaskFinished, next.Sent.Single().State);
        Assert.Equal([Event.Types.Type.Subscribed, Event.Types.Type.Acknowledged, Event.Types.Type.Acknowledged], next.ToExecutor.Select(e => e.Type));
    }

    [Theory]
    [InlineData(true, TaskState.TaskDropped)]
    [InlineData(false, TaskState.TaskLost)]
    public void Task_that_never_reached_the_executor_is_told_lost(bool aware, TaskState state)
    {
        _agent.RunExecutor(framework: aware ? Framework(Capability.PartitionAware) : null);
        var next = _agent.Restart().Registered();
        next.SubscribeExecutor();

        Assert.Equal((state, Reasons.AgentRestarted), (next.Sent.Single().State, next.Sent.Single().Reason));
    }

    [Fact]
    public void Task_that_the_executor_has_but_told_nothing_of_goes_on()
    {
        _agent.RunExecutor();
        var next = _agent.Restart().Registered();
        next.SubscribeExecutor("t1");

        Assert.Empty(next.Sent);
    }

    [Theory]
    [InlineData(true, TaskState.TaskGone)]
    [InlineData(false, TaskState.TaskLost)]
    public void Executor_that_does_not_come_back_is_ended_and_its_tasks_are_gone(bool aware, TaskState state)
    {
        var container = _agent.RunExecutor(framework: aware ? Framework(Capability.PartitionAware) : null);
        _agent.UpdateByExecutor(StatusOf("t1", TaskState.TaskRunning));
        _agent.Drain();
        var next = _agent.Restart().Registered();
        next.Tell(new AgentCommand.Launched(container, [], 4711, null));
        next.Pass(TimeSpan.FromSeconds(2));
        Assert.Equal(container, next.Effects.Actions.OfType<AgentAction.Stop>().Single().ContainerId);
        next.Exit(container, 137);

        Assert.Equal((state, Reasons.ExecutorReregistrationTimeout), (next.Sent.Single().State, next.Sent.Single().Reason));
    }

    [Fact]
    public void Container_found_after_the_time_is_over_is_ended_at_once()
    {
        var container = _agent.RunExecutor();
        var next = _agent.Restart().Registered();
        next.Pass(TimeSpan.FromSeconds(2));
        Assert.DoesNotContain(next.Effects.Actions, action => action is AgentAction.Stop);
        next.Tell(new AgentCommand.Launched(container, [], 4711, null));

        Assert.Equal(TimeSpan.Zero, next.Effects.Actions.OfType<AgentAction.Stop>().Single().GracePeriod);
    }

    [Fact]
    public void Kill_that_came_before_the_restart_is_told_again()
    {
        _agent.RunExecutor();
        _agent.UpdateByExecutor(StatusOf("t1", TaskState.TaskRunning));
        _agent.Kill();
        var next = _agent.Restart();
        next.SubscribeExecutor();

        Assert.Equal("t1", next.ToExecutor.Last().Kill.TaskId.Value);
    }

    [Fact]
    public void Kill_while_the_executor_is_away_waits_for_it()
    {
        _agent.RunExecutor();
        _agent.UpdateByExecutor(StatusOf("t1", TaskState.TaskRunning));
        var stream = _agent.SubscribeExecutor();
        _agent.Tell(new AgentCommand.ExecutorDisconnected(stream));
        _agent.Kill(grace: TimeSpan.FromSeconds(1));
        Assert.Empty(_agent.ToExecutor);
        _agent.SubscribeExecutor();

        Assert.Equal(1_000_000_000, _agent.ToExecutor.Last().Kill.KillPolicy.GracePeriod.Nanoseconds);
    }

    [Fact]
    public void Ended_executor_with_untold_updates_is_not_mistaken_for_its_successor()
    {
        var first = _agent.RunExecutor();
        _agent.Exit(first, 1);
        var second = _agent.Run(ExecutorTask("t2"));
        var next = _agent.Restart();

        Assert.Equal(second, next.Effects.Actions.OfType<AgentAction.Recover>().Single().Container.Location.ContainerId);
        Assert.Equal(first, next.Effects.Actions.OfType<AgentAction.Remove>().Single().Container.Location.ContainerId);
        next.Registered();
        Assert.Equal("t1", next.Sent.Single().TaskId.Value);
        next.Acknowledge(next.Sent.Single().Uuid);
        Assert.Equal(first, Assert.Single(next.Effects.Checkpoints.OfType<AgentCheckpoint.ExecutorForgotten>()).Executor.ContainerId);
    }

    [Fact]
    public void Executor_whose_container_is_gone_fails_its_tasks()
    {
        var container = _agent.RunExecutor();
        _agent.UpdateByExecutor(StatusOf("t1", TaskState.TaskRunning));
        _agent.Drain();
        var next = _agent.Restart().Registered();
        next.Tell(new AgentCommand.Lost(container));

        Assert.Equal((TaskState.TaskFailed, Reasons.ExecutorTerminated), (next.Sent.Single().State, next.Sent.Single().Reason));
        Assert.DoesNotContain(next.Engine.Publish(next.Now).Executors, executor => executor.Phase != ExecutorPhase.Ended);
    }
}
