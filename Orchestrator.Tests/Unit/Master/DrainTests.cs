using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Master;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Views;
using Orchestrator.Tests.Support;
using Reason = Orchestrator.Core.Contract.Mesos.TaskStatus.Types.Reason;

namespace Orchestrator.Tests.Unit.Master;

/// <summary>Agents that operators drain, deactivate, reactivate and mark gone.</summary>
public sealed class DrainTests
{
    private readonly MasterHarness _master = new();

    [Fact]
    public void Deactivated_agent_keeps_its_tasks_and_is_not_offered_until_reactivated()
    {
        var (agent, framework) = Running();
        Assert.Equal(200, _master.Tell(new MasterCommand.DeactivateAgent(Id(agent))).Status);
        framework.Take(Event.Types.Type.Rescind);
        framework.Revive();
        Assert.False(framework.Has(Event.Types.Type.Offers));
        Assert.False(agent.Has(AgentEvent.EventOneofCase.KillTask));
        Assert.Equal((false, true, true), (View(agent).Active, View(agent).Deactivated, View(agent).Connected));
        Assert.Equal(200, _master.Tell(new MasterCommand.ReactivateAgent(Id(agent))).Status);
        framework.TakeOffer();
        Assert.Equal(400, _master.Tell(new MasterCommand.ReactivateAgent(Id(agent))).Status);
    }

    [Fact]
    public void Drained_agent_ends_its_tasks_says_why_and_is_drained_when_all_is_acknowledged()
    {
        var (agent, framework) = Running();
        Assert.Equal(200, _master.Tell(new MasterCommand.DrainAgent(Id(agent), null, MarkGone: false)).Status);
        var kill = agent.Take(AgentEvent.EventOneofCase.KillTask).KillTask;
        Assert.Equal(("t", null), (kill.TaskId.Value, kill.KillPolicy));
        Assert.Equal(DrainState.Draining, View(agent).Drain!.State);
        Assert.Equal(400, _master.Tell(new MasterCommand.ReactivateAgent(Id(agent))).Status);

        agent.Report(framework.Id, "t", TaskState.TaskKilled);
        var status = framework.TakeUpdate();
        Assert.Equal((TaskState.TaskKilled, Reason.AgentDraining), (status.State, status.Reason));
        Assert.Equal(DrainState.Draining, View(agent).Drain!.State);
        framework.Acknowledge(status);
        Assert.Equal(DrainState.Drained, View(agent).Drain!.State);
        Assert.Equal(200, _master.Tell(new MasterCommand.ReactivateAgent(Id(agent))).Status);
        Assert.Null(View(agent).Drain);
        framework.TakeOffer();
    }

    [Theory]
    [InlineData(null, 1, 1.0)]
    [InlineData(30, 10, 10.0)]
    [InlineData(5, 10, null)]
    public void Drain_shortens_the_grace_of_tasks_and_never_lengthens_it(int? own, int most, double? expected)
    {
        var (agent, _) = Running(task => task.KillPolicy = own is null ? null : new KillPolicy { GracePeriod = new DurationInfo { Nanoseconds = own.Value * 1_000_000_000L } });
        _master.Tell(new MasterCommand.DrainAgent(Id(agent), TimeSpan.FromSeconds(most), MarkGone: false));
        var policy = agent.Take(AgentEvent.EventOneofCase.KillTask).KillTask.KillPolicy;
        Assert.Equal(expected, policy?.GracePeriod.Nanoseconds / 1e9);
    }

    [Fact]
    public void Agent_drained_to_be_gone_is_gone_and_its_tasks_with_it()
    {
        var (agent, framework) = Running();
        _master.Tell(new MasterCommand.DrainAgent(Id(agent), null, MarkGone: true));
        agent.Report(framework.Id, "t", TaskState.TaskKilled);
        var status = framework.TakeUpdate();
        Assert.Equal(TaskState.TaskGoneByOperator, status.State);
        framework.Acknowledge(status);
        agent.Take(AgentEvent.EventOneofCase.Shutdown);
        Assert.DoesNotContain(_master.Snapshot.Agents, view => view is not null);
        Assert.True(_master.Journal.ContainsKey("gone/" + agent.Id));
    }

    [Fact]
    public void Draining_outlives_a_restart_and_kills_what_the_agent_brings()
    {
        var (agent, framework) = Running();
        _master.Tell(new MasterCommand.DrainAgent(Id(agent), TimeSpan.FromSeconds(1), MarkGone: false));
        var after = _master.Restart();
        var back = agent.At(after);
        back.SubscribeHolding(framework.Id, (HarnessFramework.Task("t", agent.Id), agent.Status("t", TaskState.TaskRunning)));
        Assert.Equal("t", back.Take(AgentEvent.EventOneofCase.KillTask).KillTask.TaskId.Value);
        var view = Assert.Single(after.Snapshot.Agents)!;
        Assert.Equal((false, DrainState.Draining, 1_000_000_000L), (view.Active, view.Drain!.State, view.Drain.Config.MaxGracePeriod.Nanoseconds));
    }

    [Fact]
    public void Agent_drained_while_unreachable_drains_when_it_is_back()
    {
        var (agent, framework) = Running();
        _master.Pass(TimeSpan.FromMinutes(2));
        Assert.Equal(200, _master.Tell(new MasterCommand.DrainAgent(Id(agent), null, MarkGone: false)).Status);
        agent.SubscribeHolding(framework.Id, (HarnessFramework.Task("t", agent.Id), agent.Status("t", TaskState.TaskRunning)));
        agent.Take(AgentEvent.EventOneofCase.KillTask);
        Assert.Equal(DrainState.Draining, View(agent).Drain!.State);
    }

    [Fact]
    public void Empty_agent_is_drained_at_once()
    {
        var agent = _master.Register();
        _master.Tell(new MasterCommand.DrainAgent(Id(agent), null, MarkGone: false));
        Assert.Equal(DrainState.Drained, View(agent).Drain!.State);
    }

    [Fact]
    public void Agent_marked_gone_stops_and_stays_gone_after_a_restart()
    {
        var (agent, framework) = Running();
        Assert.Equal(200, _master.Tell(new MasterCommand.MarkAgentGone(Id(agent))).Status);
        agent.Take(AgentEvent.EventOneofCase.Shutdown);
        Assert.True(agent.IsClosed);
        var status = framework.TakeUpdate();
        Assert.Equal((TaskState.TaskGoneByOperator, Reason.AgentRemovedByOperator), (status.State, status.Reason));
        Assert.Equal(200, _master.Tell(new MasterCommand.MarkAgentGone(Id(agent))).Status);

        var back = agent.At(_master.Restart());
        back.Subscribe();
        Assert.True(back.Has(AgentEvent.EventOneofCase.Shutdown));
        Assert.True(back.IsClosed);
    }

    [Fact]
    public void Unreachable_agent_marked_gone_takes_its_tasks_along()
    {
        var (agent, framework) = Running();
        _master.Pass(TimeSpan.FromMinutes(2));
        framework.Drop();
        Assert.Equal(200, _master.Tell(new MasterCommand.MarkAgentGone(Id(agent))).Status);
        Assert.Equal(TaskState.TaskGoneByOperator, framework.TakeUpdate().State);
        Assert.Empty(_master.Snapshot.UnreachableAgents);
    }

    [Fact]
    public void Unknown_agent_cannot_be_changed()
    {
        var nobody = new AgentId("nobody");
        Assert.Equal(400, _master.Tell(new MasterCommand.DrainAgent(nobody, null, false)).Status);
        Assert.Equal(400, _master.Tell(new MasterCommand.DeactivateAgent(nobody)).Status);
        Assert.Equal(400, _master.Tell(new MasterCommand.ReactivateAgent(nobody)).Status);
        Assert.Equal(404, _master.Tell(new MasterCommand.MarkAgentGone(nobody)).Status);
    }

    [Fact]
    public void Silent_agents_become_unreachable_one_after_the_other_under_a_removal_rate_limit()
    {
        var master = new MasterHarness(options => options with { AgentRemovalInterval = TimeSpan.FromMinutes(1) });
        for (var i = 0; i < 3; i++)
        {
            master.Register(hostname: $"node-{i}");
        }

        var last = master.Register(hostname: "node-3");
        master.Pass(TimeSpan.FromSeconds(40));
        Assert.Single(master.Snapshot.UnreachableAgents);
        if (master.Snapshot.UnreachableAgents[0].Id.Value != last.Id)
        {
            last.Pong();
        }

        master.Pass(TimeSpan.FromSeconds(2));
        Assert.Single(master.Snapshot.UnreachableAgents);
        Assert.Equal(4, master.Snapshot.Counters["slave_unreachable_scheduled"]);
        master.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(2, master.Snapshot.UnreachableAgents.Count);
        Assert.Equal(1, master.Snapshot.Counters["slave_unreachable_canceled"]);
    }

    private static AgentId Id(HarnessAgent agent) => new(agent.Id);

    private AgentView View(HarnessAgent agent) => _master.Snapshot.Agents.Single(view => view?.Id.Value == agent.Id)!;

    private (HarnessAgent Agent, HarnessFramework Framework) Running(Action<TaskInfo>? change = null)
    {
        var framework = _master.Subscribe(HarnessFramework.PartitionAware);
        var agent = _master.Register();
        framework.Launch(framework.TakeOffer(), HarnessFramework.Task("t", agent.Id, change: change));
        agent.Report(framework.Id, "t", TaskState.TaskRunning);
        framework.Acknowledge(framework.TakeUpdate());
        framework.Revive();
        return (agent, framework);
    }
}
