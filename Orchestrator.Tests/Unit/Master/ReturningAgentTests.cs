using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Tests.Support;
using Reason = Orchestrator.Core.Contract.Mesos.TaskStatus.Types.Reason;

namespace Orchestrator.Tests.Unit.Master;

/// <summary>What agents bring or do not bring when they come back: each case was found by simulation.</summary>
public sealed class ReturningAgentTests
{
    private readonly MasterHarness _master = new();

    [Fact]
    public void Ended_task_that_an_agent_brings_to_a_new_master_takes_nothing_from_the_task_that_has_its_port_now()
    {
        var agent = _master.Register();
        var framework = _master.Subscribe();
        var restarted = _master.Restart();
        var returned = agent.At(restarted);

        returned.SubscribeHolding(
            framework.Id,
            (HarnessFramework.Task("old", agent.Id, "cpus:1;ports:[31000-31000]"), agent.Status("old", TaskState.TaskFailed)),
            (HarnessFramework.Task("new", agent.Id, "cpus:1;ports:[31000-31000]"), agent.Status("new", TaskState.TaskRunning)));

        Assert.Equal("cpus:1; ports:[31000-31000]", Assert.Single(restarted.Snapshot.Agents)!.Used.ToString());
        var subscribed = restarted.Subscribe(id: framework.Id);
        Assert.DoesNotContain(subscribed.TakeOffer().Resources.Where(resource => resource.Name == "ports").SelectMany(resource => resource.Ranges.Range), range => range.Begin == 31000);
        Assert.Equal([TaskState.TaskRunning, TaskState.TaskFailed], restarted.Snapshot.Tasks.Select(task => task!.State).Order());
    }

    [Fact]
    public void Ended_task_of_an_unreachable_agent_takes_nothing_when_it_is_back()
    {
        var (agent, framework) = Running("cpus:1;ports:[31000-31000]");
        var failed = agent.Report(framework.Id, "t1", TaskState.TaskRunning, change: status => status.Message = "still on its way");
        agent.Call(new AgentCall { Update = new AgentCall.Types.Update { FrameworkId = new FrameworkID { Value = framework.Id }, Status = failed, LatestState = TaskState.TaskFailed } });
        Assert.Equal("", Assert.Single(_master.Snapshot.Agents)!.Used.ToString());
        _master.Pass(TimeSpan.FromSeconds(60));

        agent.SubscribeHolding(framework.Id, (HarnessFramework.Task("t1", agent.Id, "cpus:1;ports:[31000-31000]"), agent.Status("t1", TaskState.TaskFailed)));

        Assert.Equal("", _master.Snapshot.Agents.Single(view => view is not null)!.Used.ToString());
        Assert.Equal(1, _master.Snapshot.Totals.TasksByState[TaskState.TaskFailed]);
    }

    [Fact]
    public void Task_whose_end_was_not_told_before_its_agent_became_unreachable_is_not_forgotten()
    {
        var (agent, framework) = Running();
        var running = agent.Report(framework.Id, "t1", TaskState.TaskRunning);
        agent.Call(new AgentCall { Update = new AgentCall.Types.Update { FrameworkId = new FrameworkID { Value = framework.Id }, Status = running, LatestState = TaskState.TaskFailed } });
        framework.Drop();

        _master.Pass(TimeSpan.FromSeconds(60));
        Assert.Equal(TaskState.TaskUnreachable, framework.TakeUpdate().State);
        framework.Reconcile(("t1", null));

        Assert.Equal(TaskState.TaskUnreachable, framework.TakeUpdate().State);
    }

    [Fact]
    public void Unreachable_task_that_its_agent_comes_back_without_is_gone()
    {
        var (agent, framework) = Running();
        _master.Pass(TimeSpan.FromSeconds(60));
        framework.Drop();

        agent.Subscribe();

        var status = framework.TakeUpdate();
        Assert.Equal((TaskState.TaskGone, Reason.Reconciliation, agent.Id), (status.State, status.Reason, status.AgentId.Value));
        var view = Assert.Single(_master.Snapshot.Frameworks)!;
        Assert.Empty(view.UnreachableTasks);
        Assert.Equal(TaskState.TaskGone, Assert.Single(view.CompletedTasks).State);
        framework.Reconcile(("t1", agent.Id));
        Assert.Equal(TaskState.TaskGone, framework.TakeUpdate().State);
    }

    [Fact]
    public void Agent_that_talks_all_the_time_is_pinged_all_the_same_so_that_its_link_is_not_silent()
    {
        var agent = _master.Register();
        var silence = TimeSpan.Zero;
        var longest = TimeSpan.Zero;
        agent.Take(AgentEvent.EventOneofCase.Subscribed);
        for (var second = 0; second < 120; second++)
        {
            agent.Call(new AgentCall { Usage = new AgentCall.Types.Usage { CpusUsed = 1 } });
            _master.Pass(TimeSpan.FromSeconds(1));
            silence = agent.Has(AgentEvent.EventOneofCase.Ping) ? TimeSpan.Zero : silence + TimeSpan.FromSeconds(1);
            longest = silence > longest ? silence : longest;
            if (silence == TimeSpan.Zero)
            {
                agent.Take(AgentEvent.EventOneofCase.Ping);
            }
        }

        Assert.InRange(longest, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(16));
    }

    [Fact]
    public void Agent_whose_first_registration_was_not_answered_gets_the_same_id_again()
    {
        var lost = _master.Register();
        var framework = _master.Subscribe();
        framework.Launch(framework.TakeOffer(), HarnessFramework.Task("t1", lost.Id));

        var again = _master.Register();

        Assert.Equal(lost.Id, again.Id);
        Assert.Equal(lost.Id, Assert.Single(_master.Snapshot.Agents)!.Id.Value);
        Assert.True(lost.IsClosed);
        Assert.Equal(TaskState.TaskLost, framework.TakeUpdate().State);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Agent_that_starts_anew_replaces_the_one_that_was_away_at_its_address(bool restarted)
    {
        var (agent, framework) = Running();
        _master.Pass(TimeSpan.FromSeconds(60));
        framework.Drop();
        var master = restarted ? _master.Restart() : _master;
        framework = restarted ? master.Subscribe(HarnessFramework.PartitionAware, framework.Id) : framework;

        var fresh = master.Register();

        Assert.NotEqual(agent.Id, fresh.Id);
        Assert.Empty(master.Snapshot.UnreachableAgents);
        Assert.DoesNotContain("agent/" + agent.Id, master.Journal.Keys);
        framework.Drop();
        framework.Reconcile(("t1", agent.Id));
        Assert.Equal(TaskState.TaskGoneByOperator, framework.TakeUpdate().State);
        var late = agent.At(master);
        late.Subscribe();
        late.Take(AgentEvent.EventOneofCase.Shutdown);
    }

    private (HarnessAgent Agent, HarnessFramework Framework) Running(string resources = "cpus:1;mem:64")
    {
        var agent = _master.Register();
        var framework = _master.Subscribe(HarnessFramework.PartitionAware);
        framework.Launch(framework.TakeOffer(), HarnessFramework.Task("t1", agent.Id, resources));
        framework.Acknowledge(agent.Report(framework.Id, "t1", TaskState.TaskStarting));
        framework.Drop();
        return (agent, framework);
    }
}
