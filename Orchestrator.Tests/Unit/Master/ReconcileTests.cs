using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Tests.Support;
using Reason = Orchestrator.Core.Contract.Mesos.TaskStatus.Types.Reason;

namespace Orchestrator.Tests.Unit.Master;

/// <summary>The table of reconciliation: what is known, what is said, and when silence is the answer.</summary>
public sealed class ReconcileTests
{
    private readonly MasterHarness _master = new();

    [Fact]
    public void Question_for_everything_answers_each_task_with_its_latest_state()
    {
        var (agent, framework) = Running(_master, "t1", "t2");
        agent.Report(framework.Id, "t1", TaskState.TaskRunning, change: status => status.ContainerStatus = new ContainerStatus { ExecutorPid = 7 });
        framework.Drop();
        framework.Reconcile();
        var answers = framework.TakeUpdates();
        Assert.Equal([("t1", TaskState.TaskRunning), ("t2", TaskState.TaskStaging)], answers.Select(status => (status.TaskId.Value, status.State)));
        Assert.All(answers, status => Assert.Equal((Reason.Reconciliation, TaskStatus.Types.Source.Master, false), (status.Reason, status.Source, status.HasUuid)));
        Assert.Equal(7u, answers[0].ContainerStatus.ExecutorPid);
        Assert.Equal("Reconciliation: Latest task state", answers[0].Message);
    }

    [Fact]
    public void Question_for_a_task_answers_the_state_that_was_sent_even_when_the_agent_is_ahead()
    {
        var (agent, framework) = Running(_master, "t1");
        agent.Call(new AgentCall { Update = new AgentCall.Types.Update { FrameworkId = new FrameworkID { Value = framework.Id }, Status = agent.Status("t1", TaskState.TaskRunning), LatestState = TaskState.TaskFinished } });
        framework.Drop();
        framework.Reconcile(("t1", null));
        Assert.Equal(TaskState.TaskRunning, framework.TakeUpdate().State);
    }

    [Theory]
    [InlineData(false, "agent", TaskState.TaskLost, "Reconciliation: Task is unknown to the agent")]
    [InlineData(true, "agent", TaskState.TaskGone, "Reconciliation: Task is unknown to the agent")]
    [InlineData(false, null, TaskState.TaskLost, "Reconciliation: Task is unknown")]
    [InlineData(true, null, TaskState.TaskUnknown, "Reconciliation: Task is unknown")]
    [InlineData(false, "stranger", TaskState.TaskLost, "Reconciliation: Task is unknown")]
    [InlineData(true, "stranger", TaskState.TaskUnknown, "Reconciliation: Task is unknown")]
    public void Question_for_an_unknown_task_is_answered_by_what_its_agent_is(bool partitionAware, string? agent, TaskState expected, string message)
    {
        var registered = _master.Register();
        var framework = _master.Subscribe(partitionAware ? HarnessFramework.PartitionAware : null);
        framework.Reconcile(("t9", agent == "agent" ? registered.Id : agent));
        var status = framework.TakeUpdate();
        Assert.Equal((expected, message, Reason.Reconciliation, false), (status.State, status.Message, status.Reason, status.HasUuid));
    }

    [Theory]
    [InlineData(false, true, TaskState.TaskLost)]
    [InlineData(true, true, TaskState.TaskUnreachable)]
    [InlineData(true, false, TaskState.TaskUnreachable)]
    public void Task_on_an_agent_that_cannot_be_reached_is_unreachable(bool partitionAware, bool namesAgent, TaskState expected)
    {
        var (agent, framework) = Running(_master, partitionAware ? HarnessFramework.PartitionAware : null, "t1");
        _master.Pass(TimeSpan.FromSeconds(40));
        framework.Drop();
        framework.Reconcile(("t1", namesAgent ? agent.Id : null));
        var status = framework.TakeUpdate();
        Assert.Equal(expected, status.State);
        Assert.Equal(partitionAware, status.UnreachableTime is not null);
        framework.Reconcile();
        Assert.Empty(framework.TakeUpdates());
    }

    [Theory]
    [InlineData(false, TaskState.TaskLost)]
    [InlineData(true, TaskState.TaskGoneByOperator)]
    public void Task_on_an_agent_that_was_removed_is_gone(bool partitionAware, TaskState expected)
    {
        var agent = _master.Register();
        var framework = _master.Subscribe(partitionAware ? HarnessFramework.PartitionAware : null);
        agent.Call(new AgentCall { Unregister = new AgentCall.Types.Unregister() });
        framework.Drop();
        framework.Reconcile(("t9", agent.Id));
        Assert.Equal(expected, framework.TakeUpdate().State);
    }

    [Fact]
    public void Nothing_is_said_of_a_task_while_an_agent_from_before_a_restart_may_bring_it()
    {
        var (agent, framework) = Running(_master, "t1");
        var known = _master.Register(hostname: "node-2");
        var restarted = _master.Restart();
        var back = known.At(restarted);
        back.Subscribe();
        var again = restarted.Subscribe(id: framework.Id);
        again.Drop();
        again.Reconcile(("t1", agent.Id), ("t1", null));
        Assert.Empty(again.TakeUpdates());
        again.Kill("t1");
        Assert.Empty(again.TakeUpdates());

        // Of an agent that is back, what it did not bring is known to be gone.
        again.Reconcile(("t2", known.Id));
        Assert.Equal(TaskState.TaskLost, again.TakeUpdate().State);
    }

    [Fact]
    public void Task_that_an_agent_brings_back_after_a_restart_is_answered_as_it_is()
    {
        var (agent, framework) = Running(_master, "t1");
        var running = agent.Report(framework.Id, "t1", TaskState.TaskRunning);
        var restarted = _master.Restart();
        var again = restarted.Subscribe(id: framework.Id);
        agent.At(restarted).SubscribeHolding(framework.Id, (HarnessFramework.Task("t1", agent.Id), running));
        again.Drop();
        again.Reconcile(("t1", null));
        Assert.Equal(TaskState.TaskRunning, again.TakeUpdate().State);
    }

    private static (HarnessAgent Agent, HarnessFramework Framework) Running(MasterHarness master, params string[] tasks) => Running(master, null, tasks);

    private static (HarnessAgent Agent, HarnessFramework Framework) Running(MasterHarness master, Action<FrameworkInfo>? change, params string[] tasks)
    {
        var agent = master.Register();
        var framework = master.Subscribe(change);
        framework.Launch(framework.TakeOffer(), [.. tasks.Select(id => HarnessFramework.Task(id, agent.Id))]);
        framework.Drop();
        return (agent, framework);
    }
}
