using Orchestrator.Core.Agent;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Tests.Support;
using static Orchestrator.Tests.Support.AgentEngineHarness;
using Capability = Orchestrator.Core.Contract.Mesos.FrameworkInfo.Types.Capability.Types.Type;
using Reasons = Orchestrator.Core.Contract.Mesos.TaskStatus.Types.Reason;

namespace Orchestrator.Tests.Unit.Agent;

public sealed class AgentEngineRecoveryTests
{
    private readonly AgentEngineHarness _agent = new AgentEngineHarness().Registered();

    [Fact]
    public void Running_task_after_a_restart_is_found_and_not_started_again()
    {
        var container = _agent.RunToRunning(Task());
        _agent.Drain();
        var next = _agent.Restart();

        Assert.Equal(container, Assert.IsType<AgentAction.Recover>(Assert.Single(next.Effects.Actions)).Container.Location.ContainerId);
        next.Tell(new AgentCommand.Launched(container, [], 1, null));
        Assert.Empty(next.Effects.Checkpoints);
        next.Registered();
        Assert.Empty(next.Sent);
        Assert.Equal(TaskState.TaskRunning, next.Tell(new AgentCommand.PrepareSubscribe()).Subscribe!.Subscribe.Tasks.Single().Latest.State);
    }

    [Fact]
    public void Exit_while_the_agent_was_down_is_told_with_its_status()
    {
        var container = _agent.RunToRunning(Task());
        _agent.Drain();
        var next = _agent.Restart().Registered();
        next.Tell(new AgentCommand.Launched(container, [], 1, null));
        next.Exit(container, 5);

        Assert.Equal("Command exited with status 5", next.Sent.Single().Message);
    }

    [Fact]
    public void Updates_not_acknowledged_before_the_restart_are_sent_again_unchanged()
    {
        _agent.RunToRunning(Task());
        var starting = _agent.Sent.Single();
        var next = _agent.Restart();
        next.Registered();

        Assert.Equal(starting, next.Sent.Single());
        Assert.Equal([TaskState.TaskStarting, TaskState.TaskRunning], next.Drain().Select(status => status.State));
    }

    [Theory]
    [InlineData(true, TaskState.TaskDropped)]
    [InlineData(false, TaskState.TaskLost)]
    public void Task_whose_launch_was_cut_off_is_told_lost(bool aware, TaskState state)
    {
        var container = _agent.Run(Task(), aware ? Framework(Capability.PartitionAware) : Framework());
        var next = _agent.Restart().Registered();
        next.Tell(new AgentCommand.Lost(container));

        Assert.Equal((state, Reasons.AgentRestarted), (next.Sent.Single().State, next.Sent.Single().Reason));
    }

    [Fact]
    public void Task_started_just_before_the_crash_is_told_running()
    {
        var container = _agent.Run(Task());
        var next = _agent.Restart().Registered();
        next.Tell(new AgentCommand.Launched(container, [], 1, null));

        Assert.Equal([TaskState.TaskStarting, TaskState.TaskRunning], next.Drain().Select(status => status.State));
    }

    [Fact]
    public void Kill_under_way_at_the_crash_goes_on_and_counts_as_killed()
    {
        var container = _agent.RunToRunning(Task());
        _agent.Drain();
        _agent.Kill();
        var next = _agent.Restart().Registered();
        next.Tell(new AgentCommand.Launched(container, [], 1, null));
        Assert.Contains(new AgentAction.Stop(container, TimeSpan.FromSeconds(3)), next.Effects.Actions);
        next.Exit(container, 143);

        Assert.Equal(TaskState.TaskKilled, next.Sent.Single().State);
    }

    [Fact]
    public void Kill_while_the_container_is_looked_for_is_done_once_it_is_found()
    {
        var container = _agent.RunToRunning(Task());
        _agent.Drain();
        var next = _agent.Restart().Registered();
        next.Kill();
        Assert.Empty(next.Effects.Actions);
        next.Tell(new AgentCommand.Launched(container, [], 1, null));

        Assert.Contains(new AgentAction.Stop(container, TimeSpan.FromSeconds(3)), next.Effects.Actions);
    }

    [Fact]
    public void Task_that_ended_before_the_restart_is_only_told_again()
    {
        var container = _agent.RunToRunning(Task());
        _agent.Drain();
        _agent.Exit(container, 0);
        var next = _agent.Restart();
        Assert.IsType<AgentAction.Remove>(Assert.Single(next.Effects.Actions));
        next.Registered();

        Assert.Equal(TaskState.TaskFinished, next.Sent.Single().State);
    }

    [Fact]
    public void Completion_time_counts_from_the_first_start()
    {
        var container = _agent.RunToRunning(Task(change: task => task.MaxCompletionTime = new DurationInfo { Nanoseconds = 60_000_000_000 }));
        _agent.Drain();
        _agent.Pass(TimeSpan.FromSeconds(50));
        var next = _agent.Restart();
        next.Tell(new AgentCommand.Launched(container, [], 1, null));

        Assert.Equal(10, (next.Engine.NextDue!.Value - next.Now).TotalSeconds, 0.001);
    }

    [Fact]
    public void Container_that_disappeared_is_told_failed()
    {
        var container = _agent.RunToRunning(Task());
        _agent.Drain();
        var next = _agent.Restart().Registered();
        next.Tell(new AgentCommand.Lost(container));

        Assert.Equal((TaskState.TaskFailed, Reasons.ExecutorTerminated), (next.Sent.Single().State, next.Sent.Single().Reason));
    }
}
