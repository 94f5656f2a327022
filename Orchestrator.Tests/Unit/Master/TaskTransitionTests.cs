using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Master;

/// <summary>The states of a task: which follow which, what frees its resources, who hears of it and who acknowledges.</summary>
public sealed class TaskTransitionTests
{
    private static readonly TaskState[] s_reported =
    [
        TaskState.TaskStarting, TaskState.TaskRunning, TaskState.TaskKilling, TaskState.TaskFinished, TaskState.TaskFailed,
        TaskState.TaskKilled, TaskState.TaskError, TaskState.TaskLost, TaskState.TaskDropped, TaskState.TaskGone,
    ];

    private static readonly TaskState[] s_terminal =
    [
        TaskState.TaskFinished, TaskState.TaskFailed, TaskState.TaskKilled, TaskState.TaskError, TaskState.TaskLost, TaskState.TaskDropped, TaskState.TaskGone,
    ];

    private readonly MasterHarness _master = new();
    private readonly HarnessAgent _agent;
    private readonly HarnessFramework _framework;

    public TaskTransitionTests()
    {
        _agent = _master.Register("cpus:4;mem:1024");
        _framework = _master.Subscribe();
        _framework.Launch(_framework.TakeOffer(), HarnessFramework.Task("t1", _agent.Id));
        _agent.Take(AgentEvent.EventOneofCase.RunTask);
    }

    /// <summary>Every pair of states that an agent may report one after the other.</summary>
    public static TheoryData<TaskState, TaskState> Pairs
    {
        get
        {
            var pairs = new TheoryData<TaskState, TaskState>();
            foreach (var first in s_reported)
            {
                foreach (var second in s_reported)
                {
                    pairs.Add(first, second);
                }
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Any_state_follows_one_that_has_not_ended_and_none_follows_an_end(TaskState first, TaskState second)
    {
        _agent.Report(_framework.Id, "t1", first);
        _agent.Report(_framework.Id, "t1", second);
        var ended = s_terminal.Contains(first);
        Assert.Equal(ended ? first : second, Assert.Single(_master.Snapshot.Tasks)!.State);
        var free = ended || s_terminal.Contains(second);
        Assert.Equal(free ? "" : "cpus:1; mem:64", Assert.Single(_master.Snapshot.Agents)!.Used.ToString());
        Assert.Equal(free, _framework.TakeUpdates().Count == 2 && Assert.Single(_master.Snapshot.Frameworks)!.Used.IsEmpty);
    }

    [Fact]
    public void Update_is_forwarded_as_the_agent_made_it()
    {
        var sent = _agent.Report(_framework.Id, "t1", TaskState.TaskRunning, change: status =>
        {
            status.Message = "m";
            status.Data = Google.Protobuf.ByteString.CopyFromUtf8("d");
            status.Healthy = true;
        });
        Assert.Equal(sent, _framework.TakeUpdate());
        var task = Assert.Single(_master.Snapshot.Tasks)!;
        Assert.True(task.Healthy);
        Assert.False(Assert.Single(task.Statuses).HasData);
    }

    [Fact]
    public void Update_that_lacks_agent_and_time_gets_them()
    {
        _agent.Report(_framework.Id, "t1", TaskState.TaskRunning, change: status =>
        {
            status.AgentId = null;
            status.ClearTimestamp();
            status.ClearSource();
        });
        var status = _framework.TakeUpdate();
        Assert.Equal((_agent.Id, TaskStatus.Types.Source.Agent), (status.AgentId.Value, status.Source));
        Assert.Equal((_master.Now - DateTimeOffset.UnixEpoch).TotalSeconds, status.Timestamp);
    }

    [Fact]
    public void Consecutive_updates_of_a_state_are_one_entry_of_the_history()
    {
        _agent.Report(_framework.Id, "t1", TaskState.TaskStarting);
        _agent.Report(_framework.Id, "t1", TaskState.TaskRunning);
        _agent.Report(_framework.Id, "t1", TaskState.TaskRunning, change: status => status.Message = "latest");
        Assert.Equal([(TaskState.TaskStarting, ""), (TaskState.TaskRunning, "latest")], Assert.Single(_master.Snapshot.Tasks)!.Statuses.Select(status => (status.State, status.Message)));
    }

    [Fact]
    public void Acknowledgement_goes_to_the_agent_that_it_names()
    {
        var status = _agent.Report(_framework.Id, "t1", TaskState.TaskRunning);
        _framework.Acknowledge(status);
        var acknowledge = _agent.Take(AgentEvent.EventOneofCase.Acknowledge).Acknowledge;
        Assert.Equal((_framework.Id, "t1", status.Uuid), (acknowledge.FrameworkId.Value, acknowledge.TaskId.Value, acknowledge.Uuid));
        status.AgentId.Value = "unknown";
        _framework.Acknowledge(status);
        Assert.False(_agent.Has(AgentEvent.EventOneofCase.Acknowledge));
        Assert.Equal(1, _master.Snapshot.Counters.Values["invalid_status_update_acknowledgements"]);
    }

    [Fact]
    public void Task_completes_with_the_acknowledgement_of_its_end_and_not_with_an_earlier_one()
    {
        var running = _agent.Report(_framework.Id, "t1", TaskState.TaskRunning);
        var ended = _agent.Report(_framework.Id, "t1", TaskState.TaskFinished);
        _framework.Acknowledge(running);
        Assert.NotNull(Assert.Single(_master.Snapshot.Tasks));
        _framework.Acknowledge(ended);
        Assert.Null(Assert.Single(_master.Snapshot.Tasks));
        Assert.Equal("t1", Assert.Single(Assert.Single(_master.Snapshot.Frameworks)!.CompletedTasks).Key.TaskId.Value);
    }

    [Fact]
    public void End_that_needs_no_acknowledgement_completes_at_once()
    {
        _agent.Report(_framework.Id, "t1", TaskState.TaskFailed, acknowledged: false);
        Assert.Equal(TaskState.TaskFailed, Assert.Single(Assert.Single(_master.Snapshot.Frameworks)!.CompletedTasks).State);
    }

    [Fact]
    public void Agent_that_is_ahead_of_its_updates_frees_the_resources_before_the_end_is_told()
    {
        var status = _agent.Status("t1", TaskState.TaskRunning);
        _agent.Call(new AgentCall { Update = new AgentCall.Types.Update { FrameworkId = new FrameworkID { Value = _framework.Id }, Status = status, LatestState = TaskState.TaskFinished } });
        Assert.Equal(TaskState.TaskRunning, _framework.TakeUpdate().State);
        Assert.True(Assert.Single(_master.Snapshot.Agents)!.Used.IsEmpty);
        _framework.Acknowledge(status);
        Assert.NotNull(Assert.Single(_master.Snapshot.Tasks));
    }

    [Fact]
    public void Update_for_nobody_is_acknowledged_by_the_master_itself()
    {
        var status = _agent.Report("gone", "t9", TaskState.TaskFinished);
        Assert.Equal(status.Uuid, _agent.Take(AgentEvent.EventOneofCase.Acknowledge).Acknowledge.Uuid);
    }

    [Fact]
    public void Update_for_a_framework_that_is_away_waits_at_the_agent()
    {
        _framework.Disconnect();
        _framework.Drop();
        _agent.Report(_framework.Id, "t1", TaskState.TaskRunning);
        Assert.Empty(_framework.Waiting);
        Assert.False(_agent.Has(AgentEvent.EventOneofCase.Acknowledge));
        Assert.Equal(TaskState.TaskRunning, Assert.Single(_master.Snapshot.Tasks)!.State);
    }

    [Fact]
    public void Kill_reaches_the_agent_now_or_when_it_is_back()
    {
        _framework.Kill("t1");
        Assert.Equal("t1", _agent.Take(AgentEvent.EventOneofCase.KillTask).KillTask.TaskId.Value);
        _agent.Disconnect();
        _framework.Kill("t1");
        var task = HarnessFramework.Task("t1", _agent.Id);
        _agent.SubscribeHolding(_framework.Id, (task, _agent.Status("t1", TaskState.TaskRunning)));
        Assert.Equal("t1", _agent.Take(AgentEvent.EventOneofCase.KillTask).KillTask.TaskId.Value);
    }

    [Fact]
    public void Kill_that_names_another_agent_is_dropped_and_of_an_unknown_task_is_a_question()
    {
        _framework.Kill("t1", "other");
        Assert.False(_agent.Has(AgentEvent.EventOneofCase.KillTask));
        _framework.Kill("t9");
        Assert.Equal((TaskState.TaskLost, TaskStatus.Types.Reason.Reconciliation), (_framework.TakeUpdate() is var status ? status.State : default, status.Reason));
    }

    [Fact]
    public void Message_and_shutdown_reach_the_executor_over_its_agent()
    {
        _framework.Send(new Call
        {
            Type = Call.Types.Type.Message,
            Message = new Call.Types.Message { AgentId = new AgentID { Value = _agent.Id }, ExecutorId = new ExecutorID { Value = "e" }, Data = Google.Protobuf.ByteString.CopyFromUtf8("hi") },
        });
        Assert.Equal("hi", _agent.Take(AgentEvent.EventOneofCase.Message).Message.Data.ToStringUtf8());
        _framework.Send(new Call
        {
            Type = Call.Types.Type.Shutdown,
            Shutdown = new Call.Types.Shutdown { AgentId = new AgentID { Value = _agent.Id }, ExecutorId = new ExecutorID { Value = "e" } },
        });
        Assert.Equal("e", _agent.Take(AgentEvent.EventOneofCase.ShutdownExecutor).ShutdownExecutor.ExecutorId.Value);
    }

    [Fact]
    public void Message_of_an_executor_and_its_exit_reach_the_framework()
    {
        var id = new FrameworkID { Value = _framework.Id };
        _agent.Call(new AgentCall { Message = new AgentCall.Types.ExecutorMessage { FrameworkId = id, ExecutorId = new ExecutorID { Value = "e" }, Data = Google.Protobuf.ByteString.CopyFromUtf8("yo") } });
        Assert.Equal("yo", _framework.Take(Event.Types.Type.Message).Message.Data.ToStringUtf8());
        _agent.Call(new AgentCall { ExecutorExited = new AgentCall.Types.ExecutorExited { FrameworkId = id, ExecutorId = new ExecutorID { Value = "e" }, Status = 256 } });
        var failure = _framework.Take(Event.Types.Type.Failure).Failure;
        Assert.Equal((_agent.Id, "e", 256), (failure.AgentId.Value, failure.ExecutorId.Value, failure.Status));
    }

    [Fact]
    public void Ended_tasks_are_remembered_up_to_the_flag()
    {
        var master = new MasterHarness(options => options with { MaxCompletedTasks = 2 });
        var agent = master.Register();
        var framework = master.Subscribe();
        for (var i = 0; i < 4; i++)
        {
            framework.Launch(framework.TakeOffer(), HarnessFramework.Task($"t{i}", agent.Id));
            agent.Report(framework.Id, $"t{i}", TaskState.TaskFinished, acknowledged: false);
        }

        Assert.Equal(["t2", "t3"], Assert.Single(master.Snapshot.Frameworks)!.CompletedTasks.Select(task => task.Key.TaskId.Value));
        Assert.Equal(4, master.Snapshot.Totals.TasksByState[TaskState.TaskFinished]);
    }
}
