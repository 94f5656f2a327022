using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Tests.Support;
using Reason = Orchestrator.Core.Contract.Mesos.TaskStatus.Types.Reason;

namespace Orchestrator.Tests.Unit.Master;

/// <summary>What a master that starts on the journal of another knows, and what it says before its agents are back.</summary>
public sealed class MasterRestartTests
{
    private readonly MasterHarness _master = new();

    [Fact]
    public void Frameworks_and_agents_come_back_as_recovered_with_their_times()
    {
        var agent = _master.Register();
        var framework = _master.Subscribe(info => info.Name = "shop");
        var registered = Assert.Single(_master.Snapshot.Frameworks)!.RegisteredAt;
        _master.Pass(TimeSpan.FromSeconds(3));
        var restarted = _master.Restart();
        var view = Assert.Single(restarted.Snapshot.Frameworks)!;
        Assert.Equal((framework.Id, "shop", true, false, registered), (view.Id.Value, view.Info.Name, view.Recovered, view.Connected, view.RegisteredAt));
        Assert.Equal(agent.Id, Assert.Single(restarted.Snapshot.RecoveredAgents).Id.Value);
        Assert.Empty(restarted.Snapshot.Agents);
    }

    [Fact]
    public void Framework_that_subscribes_again_is_offered_what_its_tasks_leave()
    {
        var (agent, framework, running) = Running();
        var restarted = _master.Restart();
        var again = restarted.Subscribe(id: framework.Id);
        Assert.Equal(framework.Id, again.Id);
        agent.At(restarted).SubscribeHolding(framework.Id, (HarnessFramework.Task("t1", agent.Id), running));
        Assert.Equal(3, again.TakeOffer().Resources.Single(resource => resource.Name == "cpus").Scalar.Value);
        Assert.Empty(restarted.Snapshot.RecoveredAgents);
        Assert.Equal(agent.Id, Assert.Single(restarted.Snapshot.Agents)!.Id.Value);
        Assert.Equal(TaskState.TaskRunning, Assert.Single(restarted.Snapshot.Tasks)!.State);
    }

    [Fact]
    public void Framework_is_told_of_its_task_when_the_agent_brings_it()
    {
        var (agent, framework, running) = Running();
        var restarted = _master.Restart();
        var again = restarted.Subscribe(id: framework.Id);
        agent.At(restarted).SubscribeHolding(framework.Id, (HarnessFramework.Task("t1", agent.Id), running));
        var status = again.TakeUpdate();
        Assert.Equal((TaskState.TaskRunning, Reason.AgentReregistered, false), (status.State, status.Reason, status.HasUuid));
    }

    [Fact]
    public void Task_brought_before_its_framework_subscribes_waits_for_it()
    {
        var (agent, framework, running) = Running();
        var restarted = _master.Restart();
        agent.At(restarted).SubscribeHolding(framework.Id, (HarnessFramework.Task("t1", agent.Id), running));
        Assert.Equal("cpus:1; mem:64", Assert.Single(restarted.Snapshot.Frameworks)!.Used.ToString());
        var again = restarted.Subscribe(id: framework.Id);
        again.Drop();
        again.Reconcile(("t1", agent.Id));
        Assert.Equal(TaskState.TaskRunning, again.TakeUpdate().State);
    }

    [Fact]
    public void Framework_that_only_agents_know_is_recovered_from_them()
    {
        var (agent, framework, running) = Running();
        var restarted = new MasterHarness(id: "master-2");
        agent.At(restarted).SubscribeHolding(framework.Id, (HarnessFramework.Task("t1", agent.Id), running));
        var view = Assert.Single(restarted.Snapshot.Frameworks)!;
        Assert.Equal((framework.Id, true, "cpus:1; mem:64"), (view.Id.Value, view.Recovered, view.Used.ToString()));
        Assert.True(restarted.Subscribe(id: framework.Id).Has(Event.Types.Type.Subscribed));
    }

    [Fact]
    public void Agent_that_does_not_come_back_in_time_is_unreachable_and_its_tasks_can_be_asked_for()
    {
        var (agent, framework, _) = Running(HarnessFramework.PartitionAware);
        var restarted = _master.Restart();
        var again = restarted.Subscribe(HarnessFramework.PartitionAware, framework.Id);
        restarted.Pass(TimeSpan.FromMinutes(9.9));
        again.Drop();
        again.Reconcile(("t1", agent.Id));
        Assert.Empty(again.TakeUpdates());
        restarted.Pass(TimeSpan.FromMinutes(0.2));
        again.Reconcile(("t1", agent.Id));
        Assert.Equal(TaskState.TaskUnreachable, again.TakeUpdate().State);
        Assert.Equal(agent.Id, Assert.Single(restarted.Snapshot.UnreachableAgents).Id.Value);
        Assert.Equal(agent.Id, Assert.Single(restarted.Restart().Snapshot.UnreachableAgents).Id.Value);
    }

    [Fact]
    public void Framework_that_does_not_come_back_is_removed_after_the_time_that_agents_have()
    {
        var framework = _master.Subscribe(info => info.FailoverTimeout = 1);
        var restarted = _master.Restart();
        restarted.Pass(TimeSpan.FromMinutes(9.9));
        Assert.NotNull(Assert.Single(restarted.Snapshot.Frameworks));
        restarted.Pass(TimeSpan.FromMinutes(0.2));
        Assert.Null(Assert.Single(restarted.Snapshot.Frameworks));
        Assert.False(restarted.Journal.ContainsKey("framework/" + framework.Id));
    }

    [Fact]
    public void Ids_of_the_next_master_are_its_own()
    {
        _master.Register();
        _master.Subscribe();
        var restarted = _master.Restart();
        Assert.Equal("master-2-0000", restarted.Subscribe().Id);
        Assert.Equal("master-2-S0", restarted.Register(hostname: "node-2").Id);
    }

    private (HarnessAgent Agent, HarnessFramework Framework, TaskStatus Running) Running(Action<FrameworkInfo>? change = null)
    {
        var agent = _master.Register();
        var framework = _master.Subscribe(change);
        framework.Launch(framework.TakeOffer(), HarnessFramework.Task("t1", agent.Id));
        return (agent, framework, agent.Report(framework.Id, "t1", TaskState.TaskRunning));
    }
}
