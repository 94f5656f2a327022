using Orchestrator.Core.Agent;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Tests.Support;
using static Orchestrator.Tests.Support.AgentEngineHarness;

namespace Orchestrator.Tests.Unit.Agent;

public sealed class AgentEngineUpdateTests
{
    private readonly AgentEngineHarness _agent = new AgentEngineHarness().Registered();

    [Fact]
    public void Update_when_made_is_checkpointed_in_the_turn_that_sends_it()
    {
        _agent.RunToRunning(Task());

        var made = _agent.Effects.Checkpoints.OfType<AgentCheckpoint.UpdateMade>().Select(made => made.Status.State);
        Assert.Equal([TaskState.TaskStarting, TaskState.TaskRunning], made);
        Assert.Equal(TaskState.TaskStarting, Assert.Single(_agent.Sent).State);
    }

    [Fact]
    public void Update_before_the_previous_is_acknowledged_is_held_back()
    {
        _agent.RunToRunning(Task());
        var starting = _agent.Sent.Single();

        _agent.Acknowledge(Google.Protobuf.ByteString.CopyFromUtf8("someone else's"));
        Assert.Empty(_agent.Sent);

        _agent.Acknowledge(starting.Uuid);
        Assert.Equal(TaskState.TaskRunning, Assert.Single(_agent.Sent).State);
        Assert.IsType<AgentCheckpoint.UpdateAcknowledged>(Assert.Single(_agent.Effects.Checkpoints));
    }

    [Fact]
    public void Update_without_acknowledgement_is_repeated_with_doubling_pauses()
    {
        _agent.RunToRunning(Task());
        var uuid = _agent.Sent.Single().Uuid;
        var pauses = new List<double>();
        for (var i = 0; i < 9; i++)
        {
            var due = _agent.Engine.NextDue!.Value;
            pauses.Add((due - _agent.Now).TotalSeconds);
            _agent.Pass(due - _agent.Now - TimeSpan.FromMilliseconds(1));
            Assert.Empty(_agent.Sent);
            _agent.Pass(TimeSpan.FromMilliseconds(1));
            Assert.Equal(uuid, Assert.Single(_agent.Sent).Uuid);
        }

        Assert.Equal([10, 20, 40, 80, 160, 320, 600, 600, 600], pauses);
    }

    [Fact]
    public void Updates_while_the_link_is_down_wait_for_the_next_subscription()
    {
        var container = _agent.RunToRunning(Task());
        _agent.Tell(new AgentCommand.LinkLost());
        _agent.Exit(container, 0);
        Assert.Empty(_agent.Effects.Calls);
        Assert.Null(_agent.Engine.NextDue);

        var subscribe = _agent.Tell(new AgentCommand.PrepareSubscribe()).Subscribe!.Subscribe;
        var held = Assert.Single(subscribe.Tasks);
        Assert.Equal(TaskState.TaskFinished, held.Latest.State);
        Assert.Equal(TaskState.TaskStarting, held.Unacknowledged.State);
        Assert.Equal("cluster-S1", subscribe.AgentInfo.Id.Value);

        _agent.Registered();
        Assert.Equal([TaskState.TaskStarting, TaskState.TaskRunning, TaskState.TaskFinished], _agent.Drain().Select(status => status.State));
    }

    [Fact]
    public void Update_carries_the_latest_state_ahead_of_its_own()
    {
        var container = _agent.RunToRunning(Task());
        var starting = _agent.Sent.Single();
        _agent.Exit(container, 0);
        _agent.Acknowledge(starting.Uuid);

        var update = _agent.Effects.Calls.Single().Update;
        Assert.Equal(TaskState.TaskRunning, update.Status.State);
        Assert.Equal(TaskState.TaskFinished, update.LatestState);
    }

    [Fact]
    public void Task_after_its_terminal_acknowledgement_is_forgotten()
    {
        var container = _agent.RunToRunning(Task());
        _agent.Drain();
        _agent.Exit(container, 0);
        _agent.Drain();

        Assert.IsType<AgentCheckpoint.FrameworkForgotten>(_agent.Checkpoints[^1]);
        Assert.IsType<AgentCheckpoint.TaskForgotten>(_agent.Checkpoints[^2]);
        Assert.Empty(_agent.Tell(new AgentCommand.PrepareSubscribe()).Subscribe!.Subscribe.Tasks);
        var snapshot = _agent.Engine.Publish(_agent.Now);
        Assert.Empty(snapshot.Frameworks);
        Assert.Equal(TaskState.TaskFinished, snapshot.CompletedFrameworks.Single().Completed.Single().State);
    }

    [Fact]
    public void Health_updates_beyond_the_bound_are_left_out_and_the_terminal_one_is_kept()
    {
        var container = _agent.RunToRunning(Task(change: task => task.HealthCheck = new HealthCheck { ConsecutiveFailures = 0, GracePeriodSeconds = 0 }));
        for (var i = 0; i < 300; i++)
        {
            _agent.Pass(TimeSpan.FromSeconds(1));
            _agent.Tell(new AgentCommand.HealthChecked(container, false, ""));
        }

        _agent.Exit(container, 1);
        _agent.Registered();
        var all = _agent.Drain();
        Assert.Equal(UpdateStream.MaxPending + 1, all.Count);
        Assert.Equal(TaskState.TaskFailed, all[^1].State);
    }

    [Fact]
    public void Status_of_a_container_with_its_own_address_names_it()
    {
        _agent.RunToRunning(Task(change: AsDocker), inspection: "[{\"Id\":1}]", addresses: "172.17.0.5");
        var statuses = _agent.Drain();

        Assert.Equal("172.17.0.5", statuses[1].ContainerStatus.NetworkInfos[0].IpAddresses[0].IpAddress);
        Assert.Equal("[{\"Id\":1}]", statuses[1].Data.ToStringUtf8());
        Assert.False(statuses[1].ContainerStatus.HasExecutorPid);
        Assert.False(statuses[0].HasData);
    }

    [Fact]
    public void Status_of_a_command_names_the_agents_address_and_its_pid()
    {
        var container = _agent.RunToRunning(Task());
        var running = _agent.Drain()[1];

        Assert.Equal("10.0.0.1", running.ContainerStatus.NetworkInfos[0].IpAddresses[0].IpAddress);
        Assert.Equal(4711u, running.ContainerStatus.ExecutorPid);
        Assert.Equal(container, running.ContainerStatus.ContainerId.Value);
        Assert.Equal("t1", running.ExecutorId.Value);
        Assert.Equal(TaskStatus.Types.Source.Executor, running.Source);
        Assert.Equal(16, running.Uuid.Length);
    }
}
