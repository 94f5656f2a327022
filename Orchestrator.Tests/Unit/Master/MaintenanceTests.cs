using Orchestrator.Core.Contract.AllocatorApi;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.MaintenanceApi;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Master;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Master;

/// <summary>The maintenance schedule: inverse offers, machines down and up.</summary>
public sealed class MaintenanceTests
{
    private readonly MasterHarness _master = new();

    [Fact]
    public void Scheduled_machine_is_offered_with_its_unavailability_and_asked_back_once()
    {
        var framework = _master.Subscribe();
        _master.Register();
        framework.TakeOffer();
        Assert.Equal(200, Schedule(Machine("node-1")).Status);
        framework.Take(Event.Types.Type.Rescind);
        Assert.Equal(7, framework.TakeOffer().Unavailability.Start.Nanoseconds);
        _master.Pass(TimeSpan.FromSeconds(3));
        var asked = Assert.Single(framework.Waiting, waiting => waiting.Type == Event.Types.Type.InverseOffers);
        var inverse = Assert.Single(asked.InverseOffers.InverseOffers_);
        Assert.Equal(("master-1-S0", 7L, 0), (inverse.AgentId.Value, inverse.Unavailability.Start.Nanoseconds, inverse.Resources.Count));
        Assert.Equal(["node-1"], _master.Snapshot.Maintenance.Status.DrainingMachines.Select(machine => machine.Id.Hostname));
    }

    [Fact]
    public void Answer_is_shown_and_the_framework_asked_again_when_its_filter_is_over()
    {
        var framework = Asked(out var inverse);
        framework.Send(new Call
        {
            Type = Call.Types.Type.DeclineInverseOffers,
            DeclineInverseOffers = new Call.Types.DeclineInverseOffers { InverseOfferIds = { inverse.Id }, Filters = new Filters { RefuseSeconds = 10 } },
        });
        var answer = Assert.Single(Assert.Single(_master.Snapshot.Maintenance.Status.DrainingMachines).Statuses);
        Assert.Equal((InverseOfferStatus.Types.Status.Decline, framework.Id), (answer.Status, answer.FrameworkId.Value));
        framework.Drop();
        _master.Pass(TimeSpan.FromSeconds(8));
        Assert.False(framework.Has(Event.Types.Type.InverseOffers));
        _master.Pass(TimeSpan.FromSeconds(4));
        Assert.NotEqual(inverse.Id.Value, framework.Take(Event.Types.Type.InverseOffers).InverseOffers.InverseOffers_[0].Id.Value);
    }

    [Fact]
    public void Revive_forgets_the_filter_of_an_answer()
    {
        var framework = Asked(out var inverse);
        framework.Send(new Call
        {
            Type = Call.Types.Type.AcceptInverseOffers,
            AcceptInverseOffers = new Call.Types.AcceptInverseOffers { InverseOfferIds = { inverse.Id }, Filters = new Filters { RefuseSeconds = 3600 } },
        });
        framework.Drop();
        framework.Revive();
        _master.Pass(TimeSpan.FromSeconds(2));
        framework.Take(Event.Types.Type.InverseOffers);
    }

    [Fact]
    public void Schedule_that_ends_takes_inverse_offers_back()
    {
        var framework = Asked(out var inverse);
        Assert.Equal(200, Schedule().Status);
        Assert.Equal(inverse.Id.Value, framework.Take(Event.Types.Type.RescindInverseOffer).RescindInverseOffer.InverseOfferId.Value);
        Assert.Null(framework.TakeOffer().Unavailability);
        Assert.False(_master.Journal.ContainsKey("maintenance"));
    }

    [Fact]
    public void Machine_that_goes_down_loses_its_agent_and_comes_back_up_under_the_same_id()
    {
        var framework = _master.Subscribe();
        var agent = _master.Register();
        framework.Launch(framework.TakeOffer(), HarnessFramework.Task("t", agent.Id));
        Schedule(Machine("node-1", "10.0.0.1"));
        Assert.Equal(200, _master.Tell(new MasterCommand.StartMaintenance([Machine("node-1", "10.0.0.1")])).Status);
        Assert.True(agent.Has(AgentEvent.EventOneofCase.Shutdown));
        Assert.Equal(TaskState.TaskLost, framework.TakeUpdate().State);
        Assert.Equal("node-1", Assert.Single(_master.Snapshot.Maintenance.Status.DownMachines).Hostname);

        var after = _master.Restart();
        var back = agent.At(after);
        back.Subscribe();
        Assert.True(back.Has(AgentEvent.EventOneofCase.Shutdown));
        Assert.Equal(200, after.Tell(new MasterCommand.StopMaintenance([Machine("node-1", "10.0.0.1")])).Status);
        Assert.Empty(after.Snapshot.Maintenance.Schedule.Windows);
        back.Subscribe();
        Assert.Equal(agent.Id, Assert.Single(after.Snapshot.Agents)!.Id.Value);
    }

    [Fact]
    public void Impossible_schedules_and_moves_are_refused()
    {
        Assert.Equal(400, _master.Tell(new MasterCommand.UpdateMaintenance(new Schedule { Windows = { new Window { Unavailability = new Unavailability { Start = new TimeInfo { Nanoseconds = 1 } } } } })).Status);
        Assert.Equal(400, Schedule(new MachineID()).Status);
        Assert.Equal(400, Schedule(Machine("a"), Machine("A")).Status);
        Assert.Equal(400, Schedule(Machine("a", "10.0.0")).Status);
        Assert.Equal(400, _master.Tell(new MasterCommand.StartMaintenance([Machine("a")])).Status);
        Assert.Equal(200, Schedule(Machine("a")).Status);
        Assert.Equal(400, _master.Tell(new MasterCommand.StopMaintenance([Machine("a")])).Status);
        Assert.Equal(200, _master.Tell(new MasterCommand.StartMaintenance([Machine("a")])).Status);
        Assert.Equal(400, _master.Tell(new MasterCommand.StartMaintenance([Machine("a")])).Status);
        Assert.Equal(400, Schedule().Status);
    }

    [Fact]
    public void Agent_of_a_scheduled_machine_cannot_be_drained_as_well()
    {
        var agent = _master.Register();
        Schedule(Machine("node-1"));
        Assert.Equal(400, _master.Tell(new MasterCommand.DrainAgent(new Core.Primitives.AgentId(agent.Id), null, false)).Status);
    }

    private static MachineID Machine(string hostname, string? ip = null)
    {
        var machine = new MachineID { Hostname = hostname };
        if (ip is not null)
        {
            machine.Ip = ip;
        }

        return machine;
    }

    private MasterReply Schedule(params MachineID[] machines)
    {
        var schedule = new Schedule();
        if (machines.Length > 0)
        {
            schedule.Windows.Add(new Window { MachineIds = { machines }, Unavailability = new Unavailability { Start = new TimeInfo { Nanoseconds = 7 } } });
        }

        return _master.Tell(new MasterCommand.UpdateMaintenance(schedule));
    }

    private HarnessFramework Asked(out InverseOffer inverse)
    {
        var framework = _master.Subscribe();
        _master.Register();
        Schedule(Machine("node-1"));
        _master.Pass(TimeSpan.FromSeconds(2));
        inverse = framework.Take(Event.Types.Type.InverseOffers).InverseOffers.InverseOffers_[0];
        return framework;
    }
}
