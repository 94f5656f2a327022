using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Tests.Support;
using Reason = Orchestrator.Core.Contract.Mesos.TaskStatus.Types.Reason;

namespace Orchestrator.Tests.Unit.Master;

/// <summary>Agents: registered, pinged, lost, back again, replaced, removed, and what becomes of their tasks.</summary>
public sealed class AgentLifeTests
{
    private readonly MasterHarness _master = new();

    [Fact]
    public void Agent_gets_an_id_of_the_master_and_the_time_after_which_silence_means_a_broken_link()
    {
        var agent = _master.Register();
        Assert.Equal("master-1-S0", agent.Id);
        Assert.Equal("master-1-S1", _master.Register(hostname: "node-2").Id);
        Assert.Equal(25, agent.Take(AgentEvent.EventOneofCase.Subscribed).Subscribed.SilenceTimeoutSeconds);
        Assert.True(_master.Journal.ContainsKey("agent/master-1-S0"));
    }

    [Theory]
    [InlineData("no hostname", "agent_info.hostname is empty")]
    [InlineData("bad resource", "agent_info.resources: The resource 'cpus' has the amount -1")]
    public void Agent_that_registers_wrongly_hears_why(string what, string message)
    {
        var agent = _master.Register(change: subscribe =>
        {
            subscribe.AgentInfo.Hostname = what == "no hostname" ? "" : "node";
            subscribe.AgentInfo.Resources[0].Scalar.Value = what == "bad resource" ? -1 : 1;
        });
        Assert.Equal(400, agent.Reply.Status);
        Assert.StartsWith(message, agent.Reply.Message, StringComparison.Ordinal);
        Assert.Empty(_master.Snapshot.Agents);
    }

    [Fact]
    public void Silent_agent_is_pinged_and_one_that_answers_stays()
    {
        var agent = _master.Register();
        for (var i = 0; i < 20; i++)
        {
            _master.Pass(TimeSpan.FromSeconds(10));
            Assert.True(agent.Has(AgentEvent.EventOneofCase.Ping));
            agent.Take(AgentEvent.EventOneofCase.Ping);
            agent.Pong();
        }

        Assert.True(Assert.Single(_master.Snapshot.Agents)!.Active);
    }

    [Theory]
    [InlineData(false, TaskState.TaskLost)]
    [InlineData(true, TaskState.TaskUnreachable)]
    public void Agent_silent_for_all_its_pings_is_unreachable_and_so_are_its_tasks(bool partitionAware, TaskState expected)
    {
        var (agent, framework) = Running(partitionAware ? HarnessFramework.PartitionAware : null);
        var offer = framework.TakeOffer();
        _master.Pass(TimeSpan.FromSeconds(24));
        Assert.NotNull(Assert.Single(_master.Snapshot.Agents));
        _master.Pass(TimeSpan.FromSeconds(7));
        Assert.Equal(offer.Id, framework.Take(Event.Types.Type.Rescind).Rescind.OfferId);
        var status = framework.TakeUpdate();
        Assert.Equal((expected, Reason.AgentRemoved, TaskStatus.Types.Source.Master, false), (status.State, status.Reason, status.Source, status.HasUuid));
        Assert.Equal(partitionAware, status.UnreachableTime is not null);
        Assert.Equal(agent.Id, framework.Take(Event.Types.Type.Failure).Failure.AgentId.Value);
        Assert.True(agent.IsClosed);
        Assert.Null(Assert.Single(_master.Snapshot.Agents));
        Assert.Equal(agent.Id, Assert.Single(_master.Snapshot.UnreachableAgents).Id.Value);
        Assert.Equal("t1", Assert.Single(Assert.Single(_master.Snapshot.Frameworks)!.UnreachableTasks).Key.TaskId.Value);
        Assert.Equal(1, _master.Snapshot.Totals.TasksByState[TaskState.TaskUnreachable]);
        Assert.Equal(403, agent.Call(new AgentCall { Pong = new AgentCall.Types.Pong() }).Status);
    }

    [Fact]
    public void Tasks_of_an_unreachable_agent_come_back_with_it()
    {
        var (agent, framework) = Running(HarnessFramework.PartitionAware);
        _master.Pass(TimeSpan.FromSeconds(40));
        framework.Drop();
        agent.SubscribeHolding(framework.Id, (HarnessFramework.Task("t1", agent.Id), agent.Status("t1", TaskState.TaskRunning)));
        var status = framework.TakeUpdate();
        Assert.Equal((TaskState.TaskRunning, Reason.AgentReregistered, false), (status.State, status.Reason, status.HasUuid));
        Assert.Equal("cpus:1; mem:64", Assert.Single(_master.Snapshot.Agents)!.Used.ToString());
        Assert.Empty(Assert.Single(_master.Snapshot.Frameworks)!.UnreachableTasks);
        Assert.Empty(_master.Snapshot.UnreachableAgents);
        Assert.Equal(TaskState.TaskRunning, _master.Snapshot.Tasks.Single(task => task is not null)!.State);
    }

    [Fact]
    public void Broken_link_keeps_tasks_and_stops_offers_until_it_stands_again()
    {
        var (agent, framework) = Running();
        agent.Disconnect();
        framework.Drop();
        Assert.False(Assert.Single(_master.Snapshot.Agents)!.Active);
        Assert.Equal(TaskState.TaskStaging, Assert.Single(_master.Snapshot.Tasks)!.State);
        framework.Revive();
        Assert.False(framework.Has(Event.Types.Type.Offers));
        agent.SubscribeHolding(framework.Id, (HarnessFramework.Task("t1", agent.Id), agent.Status("t1", TaskState.TaskRunning)));
        framework.TakeOffer();
    }

    [Fact]
    public void Second_link_of_an_agent_closes_the_first()
    {
        var agent = _master.Register();
        var first = agent.Stream;
        agent.Subscribe();
        Assert.Contains(_master.Inbox(first), delivery => delivery.IsClose);
        _master.Tell(new Core.Master.MasterCommand.DisconnectAgent(first));
        Assert.True(Assert.Single(_master.Snapshot.Agents)!.Connected);
    }

    [Theory]
    [InlineData(false, false, TaskState.TaskLost)]
    [InlineData(true, false, TaskState.TaskDropped)]
    [InlineData(true, true, TaskState.TaskGone)]
    public void Task_that_the_agent_does_not_bring_is_dropped_or_gone(bool partitionAware, bool wasRunning, TaskState expected)
    {
        var (agent, framework) = Running(partitionAware ? HarnessFramework.PartitionAware : null);
        if (wasRunning)
        {
            agent.Report(framework.Id, "t1", TaskState.TaskRunning);
        }

        agent.Disconnect();
        framework.Drop();
        agent.Subscribe();
        Assert.Equal((expected, Reason.Reconciliation), (framework.TakeUpdate() is var status ? status.State : default, status.Reason));
        Assert.True(Assert.Single(_master.Snapshot.Agents)!.Used.IsEmpty);
    }

    [Fact]
    public void Agent_that_brings_tasks_of_a_removed_framework_is_told_to_shut_it_down()
    {
        var (agent, framework) = Running();
        agent.Disconnect();
        framework.Teardown();
        agent.SubscribeHolding(framework.Id, (HarnessFramework.Task("t1", agent.Id), agent.Status("t1", TaskState.TaskRunning)));
        Assert.Equal(framework.Id, agent.Take(AgentEvent.EventOneofCase.ShutdownFramework).ShutdownFramework.FrameworkId.Value);
        Assert.True(Assert.Single(_master.Snapshot.Agents)!.Used.IsEmpty);
    }

    [Fact]
    public void Agent_that_comes_back_with_other_resources_offers_those_and_keeps_what_is_used()
    {
        var (agent, framework) = Running();
        agent.Disconnect();
        framework.Drop();
        agent.Subscribe(subscribe =>
        {
            subscribe.AgentInfo.Resources.Single(resource => resource.Name == "cpus").Scalar.Value = 8;
            subscribe.Tasks.Add(new AgentCall.Types.HeldTask { TaskInfo = HarnessFramework.Task("t1", agent.Id), FrameworkId = new FrameworkID { Value = framework.Id }, Latest = agent.Status("t1", TaskState.TaskRunning) });
        });
        Assert.Equal(7, framework.TakeOffer().Resources.Single(resource => resource.Name == "cpus").Scalar.Value);
        Assert.Equal(8, _master.Snapshot.Totals.Total.Scalar("cpus").ToDouble());
    }

    [Fact]
    public void Agent_that_starts_anew_at_the_same_address_replaces_the_old_one()
    {
        var (agent, framework) = Running();
        agent.Disconnect();
        framework.Drop();
        var next = _master.Register();
        Assert.NotEqual(agent.Id, next.Id);
        Assert.Equal(TaskState.TaskLost, framework.TakeUpdate().State);
        Assert.False(_master.Journal.ContainsKey("agent/" + agent.Id));
        Assert.Equal(next.Id, Assert.Single(_master.Snapshot.Agents, one => one is not null)!.Id.Value);
    }

    [Fact]
    public void Agent_that_unregisters_takes_its_tasks_with_it_and_its_id_is_not_taken_again()
    {
        var (agent, framework) = Running();
        framework.Drop();
        agent.Call(new AgentCall { Unregister = new AgentCall.Types.Unregister() });
        Assert.Equal((TaskState.TaskLost, Reason.AgentRemoved), (framework.TakeUpdate() is var status ? status.State : default, status.Reason));
        Assert.Equal(agent.Id, framework.Take(Event.Types.Type.Failure).Failure.AgentId.Value);
        Assert.DoesNotContain(_master.Journal.Keys, key => key.StartsWith("agent/", StringComparison.Ordinal));
        agent.Subscribe();
        Assert.True(agent.Has(AgentEvent.EventOneofCase.Shutdown));
        Assert.True(agent.IsClosed);
    }

    [Fact]
    public void Usage_is_shown_with_the_agent_the_task_and_the_cluster()
    {
        var (agent, framework) = Running();
        agent.Call(new AgentCall
        {
            Usage = new AgentCall.Types.Usage
            {
                CpusUsed = 1.5,
                MemUsedMib = 300,
                Tasks = { new AgentCall.Types.TaskUsage { FrameworkId = new FrameworkID { Value = framework.Id }, TaskId = new TaskID { Value = "t1" }, CpusUsed = 0.5, MemUsedMib = 40 } },
            },
        });
        Assert.Equal(1.5, Assert.Single(_master.Snapshot.Agents)!.Usage!.Cpus);
        Assert.Equal(40, Assert.Single(_master.Snapshot.Tasks)!.Usage!.MemMiB);
        Assert.Equal(300, _master.Snapshot.Totals.Measured.MemMiB);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Usage_of_a_task_says_when_it_was_measured_and_whether_its_cores_were(bool hasCpus)
    {
        var (agent, framework) = Running();
        var usage = new AgentCall.Types.TaskUsage { FrameworkId = new FrameworkID { Value = framework.Id }, TaskId = new TaskID { Value = "t1" }, MemUsedMib = 40 };
        if (hasCpus)
        {
            usage.CpusUsed = 0;
        }

        agent.Call(new AgentCall { Usage = new AgentCall.Types.Usage { Tasks = { usage } } });

        var view = Assert.Single(_master.Snapshot.Tasks)!.Usage!;
        Assert.Equal((hasCpus, _master.Now), (view.IsComplete, view.At));
    }

    [Fact]
    public void Call_that_says_nothing_is_refused()
    {
        var agent = _master.Register();
        Assert.Equal(400, agent.Call(new AgentCall()).Status);
    }

    [Fact]
    public void Totals_are_those_of_the_agents_whatever_happened_between()
    {
        var (agent, framework) = Running();
        Assert.Equal(("cpus:4", "cpus:1"), (Cpus(_master.Snapshot.Totals.Total), Cpus(_master.Snapshot.Totals.Used)));
        Assert.Equal("cpus:3", Cpus(_master.Snapshot.Totals.Offered));
        _master.Pass(TimeSpan.FromSeconds(40));
        Assert.True(_master.Snapshot.Totals.Total.IsEmpty);
        Assert.True(_master.Snapshot.Totals.Used.IsEmpty);
        Assert.True(_master.Snapshot.Totals.Offered.IsEmpty);
        agent.SubscribeHolding(framework.Id, (HarnessFramework.Task("t1", agent.Id), agent.Status("t1", TaskState.TaskRunning)));
        Assert.Equal(("cpus:4", "cpus:1"), (Cpus(_master.Snapshot.Totals.Total), Cpus(_master.Snapshot.Totals.Used)));
    }

    private static string Cpus(Core.Resources.ResourceList resources) => $"cpus:{resources.Scalar("cpus")}";

    private (HarnessAgent Agent, HarnessFramework Framework) Running(Action<FrameworkInfo>? change = null)
    {
        var agent = _master.Register();
        var framework = _master.Subscribe(change);
        framework.Launch(framework.TakeOffer(), HarnessFramework.Task("t1", agent.Id));
        return (agent, framework);
    }
}
