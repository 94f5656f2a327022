using Orchestrator.Core.Agent;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Tests.Support;
using static Orchestrator.Tests.Support.AgentEngineHarness;
using Capability = Orchestrator.Core.Contract.Mesos.FrameworkInfo.Types.Capability.Types.Type;
using Reasons = Orchestrator.Core.Contract.Mesos.TaskStatus.Types.Reason;

namespace Orchestrator.Tests.Unit.Agent;

public sealed class AgentEngineTaskTests
{
    private readonly AgentEngineHarness _agent = new AgentEngineHarness().Registered();

    [Theory]
    [InlineData(0, false, TaskState.TaskFinished, "Command exited with status 0")]
    [InlineData(3, false, TaskState.TaskFailed, "Command exited with status 3")]
    [InlineData(0, true, TaskState.TaskFinished, "Container exited with status 0")]
    [InlineData(137, true, TaskState.TaskFailed, "Container exited with status 137")]
    public void Exit_without_kill_is_mapped_to_a_state_and_text(int code, bool docker, TaskState state, string message)
    {
        var container = _agent.RunToRunning(Task(change: task =>
        {
            if (docker)
            {
                AsDocker(task);
            }
        }));
        _agent.Drain();
        _agent.Exit(container, code);

        var status = _agent.Sent.Single();
        Assert.Equal((state, message), (status.State, status.Message));
        Assert.False(status.HasReason);
        Assert.Equal(container, _agent.Effects.Actions.OfType<AgentAction.Remove>().Single().Container.Location.ContainerId);
    }

    [Fact]
    public void Exit_by_a_signal_tells_the_signal()
    {
        var container = _agent.RunToRunning(Task());
        _agent.Drain();
        _agent.Exit(container, 137, message: "Command terminated with signal Killed");

        Assert.Equal("Command terminated with signal Killed", _agent.Sent.Single().Message);
    }

    [Fact]
    public void Exit_at_the_memory_limit_gives_its_reason()
    {
        var container = _agent.RunToRunning(Task(change: AsDocker));
        _agent.Drain();
        _agent.Exit(container, 137, outOfMemory: true);

        var status = _agent.Sent.Single();
        Assert.Equal(TaskState.TaskFailed, status.State);
        Assert.Equal(Reasons.ContainerLimitationMemory, status.Reason);
        Assert.Contains("32 MB", status.Message, StringComparison.Ordinal);
        Assert.Equal("mem", status.Limitation.Resources.Single().Name);
    }

    [Fact]
    public void Launch_failure_is_told_once_with_its_reason()
    {
        var container = _agent.Run(Task());
        _agent.Tell(new AgentCommand.LaunchFailed(container, "no such image", Reasons.ContainerLaunchFailed));

        var status = Assert.Single(_agent.Drain());
        Assert.Equal((TaskState.TaskFailed, Reasons.ContainerLaunchFailed, "no such image"), (status.State, status.Reason, status.Message));
        Assert.Equal(TaskStatus.Types.Source.Agent, status.Source);
    }

    [Theory]
    [InlineData(null, null, 3000)]
    [InlineData(null, 7000, 7000)]
    [InlineData(500, 7000, 500)]
    public void Kill_uses_the_grace_period_of_the_kill_then_the_task_then_the_default(int? kill, int? task, int expected)
    {
        var container = _agent.RunToRunning(Task(change: info =>
        {
            if (task is { } milliseconds)
            {
                info.KillPolicy = new KillPolicy { GracePeriod = new DurationInfo { Nanoseconds = milliseconds * 1_000_000L } };
            }
        }));
        _agent.Kill(grace: kill is { } given ? TimeSpan.FromMilliseconds(given) : null);

        Assert.Contains(new AgentAction.Stop(container, TimeSpan.FromMilliseconds(expected)), _agent.Effects.Actions);
    }

    [Theory]
    [InlineData(true, new[] { TaskState.TaskKilling, TaskState.TaskKilled })]
    [InlineData(false, new[] { TaskState.TaskKilled })]
    public void Kill_tells_killing_only_to_frameworks_that_know_it(bool capable, TaskState[] states)
    {
        var container = _agent.RunToRunning(Task(), capable ? Framework(Capability.TaskKillingState) : Framework());
        _agent.Drain();
        _agent.Kill();
        var told = _agent.Drain();
        _agent.Exit(container, 143);
        told.AddRange(_agent.Drain());

        Assert.Equal(states, told.Select(status => status.State));
    }

    [Fact]
    public void Kill_answered_by_exit_zero_is_finished()
    {
        var container = _agent.RunToRunning(Task());
        _agent.Drain();
        _agent.Kill();
        _agent.Exit(container, 0);

        Assert.Equal(TaskState.TaskFinished, _agent.Sent.Single().State);
    }

    [Fact]
    public void Second_kill_only_shortens_the_grace_period()
    {
        var container = _agent.RunToRunning(Task());
        _agent.Kill(grace: TimeSpan.FromSeconds(10));
        _agent.Kill(grace: TimeSpan.FromSeconds(20));
        Assert.Empty(_agent.Effects.Actions);
        _agent.Kill(grace: TimeSpan.FromSeconds(1));
        Assert.Equal(new AgentAction.Stop(container, TimeSpan.FromSeconds(1)), Assert.Single(_agent.Effects.Actions));
    }

    [Fact]
    public void Kill_that_changes_nothing_is_repeated()
    {
        var container = _agent.RunToRunning(Task());
        _agent.Kill(grace: TimeSpan.FromSeconds(1));
        _agent.Pass(TimeSpan.FromSeconds(1) + AgentEngine.StopRetry);

        Assert.Equal(new AgentAction.Stop(container, TimeSpan.Zero), Assert.Single(_agent.Effects.Actions));
    }

    [Fact]
    public void Kill_during_launch_gives_the_launch_up_and_tells_its_reason()
    {
        var container = _agent.Run(Task());
        _agent.Kill();
        Assert.Equal(new AgentAction.CancelLaunch(container), Assert.Single(_agent.Effects.Actions));
        Assert.Empty(_agent.Sent);

        _agent.Tell(new AgentCommand.LaunchFailed(container, "cancelled", Reasons.ContainerLaunchFailed));
        var status = Assert.Single(_agent.Sent);
        Assert.Equal((TaskState.TaskKilled, Reasons.TaskKilledDuringLaunch), (status.State, status.Reason));
    }

    [Fact]
    public void Kill_during_launch_that_comes_too_late_stops_the_container()
    {
        var container = _agent.Run(Task());
        _agent.Kill();
        _agent.Tell(new AgentCommand.Launched(container, [], 1, null));
        Assert.Equal(new AgentAction.Stop(container, TimeSpan.FromSeconds(3)), Assert.Single(_agent.Effects.Actions));
        _agent.Exit(container, 143);

        Assert.Equal(TaskState.TaskKilled, Assert.Single(_agent.Sent).State);
    }

    [Fact]
    public void Launches_beyond_the_limit_wait_and_a_waiting_task_can_be_killed()
    {
        var agent = new AgentEngineHarness(options => options with { MaxConcurrentLaunches = 1 }).Registered();
        var first = agent.Run(Task());
        agent.Tell(new AgentEvent { RunTask = new() { FrameworkInfo = Framework(), Task = Task("t2") } });
        Assert.Empty(agent.Effects.Actions);
        agent.Tell(new AgentEvent { RunTask = new() { FrameworkInfo = Framework(), Task = Task("t3") } });
        agent.Kill("t2");
        Assert.Equal(Reasons.TaskKilledDuringLaunch, agent.Sent.Single().Reason);

        agent.Tell(new AgentCommand.Launched(first, [], 1, null));
        Assert.Equal("t3", agent.Effects.Actions.OfType<AgentAction.Launch>().Single().Container.Location.TaskId);
    }

    [Fact]
    public void Task_over_its_completion_time_fails_with_that_reason()
    {
        var container = _agent.RunToRunning(Task(change: task => task.MaxCompletionTime = new DurationInfo { Nanoseconds = 5_000_000_000 }));
        _agent.Drain();
        _agent.Pass(TimeSpan.FromSeconds(5));
        Assert.Contains(new AgentAction.Stop(container, TimeSpan.Zero), _agent.Effects.Actions);
        _agent.Exit(container, 143);

        var status = _agent.Sent.Single();
        Assert.Equal((TaskState.TaskFailed, Reasons.MaxCompletionTimeReached), (status.State, status.Reason));
    }

    [Fact]
    public void Task_that_is_here_already_is_not_started_again()
    {
        _agent.RunToRunning(Task());
        _agent.Tell(new AgentEvent { RunTask = new() { FrameworkInfo = Framework(), Task = Task() } });

        Assert.Empty(_agent.Effects.Actions);
        Assert.Empty(_agent.Effects.Checkpoints);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a\0b")]
    public void Task_whose_id_is_no_file_name_is_dropped(string id)
    {
        _agent.Tell(new AgentEvent { RunTask = new() { FrameworkInfo = Framework(Capability.PartitionAware), Task = Task(id) } });

        Assert.Empty(_agent.Effects.Actions);
        var status = _agent.Sent.Single();
        Assert.Equal(TaskState.TaskDropped, status.State);
        Assert.False(status.HasUuid);
    }

    [Fact]
    public void Task_with_the_default_executor_is_refused_with_a_message()
    {
        var custom = Task(change: task => task.Executor = new ExecutorInfo { Type = ExecutorInfo.Types.Type.Default, ExecutorId = new ExecutorID { Value = "e" } });
        _agent.Tell(new AgentEvent { RunTask = new() { FrameworkInfo = Framework(), Task = custom } });
        Assert.Equal(TaskState.TaskLost, _agent.Sent.Single().State);
        Assert.Contains("executor", _agent.Sent.Single().Message, StringComparison.Ordinal);
        Assert.Equal("e", Assert.Single(_agent.Effects.Calls, call => call.ExecutorExited is not null).ExecutorExited.ExecutorId.Value);
    }

    [Fact]
    public void Kill_of_an_unknown_task_is_answered()
    {
        _agent.Kill("nobody");

        Assert.Equal((TaskState.TaskLost, Reasons.TaskUnknown), (_agent.Sent.Single().State, _agent.Sent.Single().Reason));
    }

    [Fact]
    public void Framework_shutdown_kills_its_tasks_and_tells_nobody()
    {
        var container = _agent.RunToRunning(Task());
        _agent.Tell(new AgentEvent { ShutdownFramework = new() { FrameworkId = new FrameworkID { Value = FrameworkName } } });
        Assert.Contains(new AgentAction.Stop(container, TimeSpan.FromSeconds(3)), _agent.Effects.Actions);
        _agent.Exit(container, 143);

        Assert.Empty(_agent.Effects.Calls);
        Assert.IsType<AgentCheckpoint.FrameworkForgotten>(_agent.Checkpoints[^1]);
    }

    [Fact]
    public void Shutdown_by_the_master_kills_everything_and_takes_no_more()
    {
        var container = _agent.RunToRunning(Task());
        _agent.Tell(new AgentEvent { Shutdown = new() { Message = "marked gone" } });
        Assert.Contains(new AgentAction.ShutDown("marked gone"), _agent.Effects.Actions);
        Assert.Contains(new AgentAction.Stop(container, TimeSpan.FromSeconds(3)), _agent.Effects.Actions);

        _agent.Tell(new AgentEvent { RunTask = new() { FrameworkInfo = Framework(), Task = Task("late") } });
        Assert.Equal(TaskState.TaskLost, _agent.Sent.Single().State);
    }
}
