using Orchestrator.Core.Agent;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Resources;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Agent;

public sealed class AgentEngineOperationTests
{
    private const string Role = "db";
    private byte _uuids;
    private readonly AgentEngineHarness _agent = new AgentEngineHarness(options =>
    {
        options.Info.Resources.Add(ResourceList.Parse("cpus:4;mem:1024;disk:1000").ToProto());
        return options;
    }).Registered();

    [Fact]
    public void Operation_is_on_disk_before_its_outcome_is_told_once()
    {
        Apply(Operations.Reserve("disk:100", Role));
        Assert.Equal("disk(reservations: [(DYNAMIC,db)]):100", Stored());
        Assert.Equal((OperationState.OperationFinished, null), (Outcome()!.State, Outcome()!.Uuid));
        _agent.Pass(TimeSpan.FromHours(1));
        Assert.Null(Outcome());
    }

    [Fact]
    public void Operation_with_an_id_is_told_until_it_is_acknowledged_also_after_a_restart()
    {
        Apply(Operations.Reserve("disk:100", Role, "o1"));
        var uuid = Outcome()!.Uuid.Value;
        _agent.Pass(TimeSpan.FromSeconds(20));
        Assert.Equal(uuid, Outcome()!.Uuid.Value);
        var next = _agent.Restart();
        var subscribe = next.Tell(new AgentCommand.PrepareSubscribe()).Subscribe!.Subscribe;
        Assert.Equal("o1", Assert.Single(subscribe.Operations).Info.Id.Value);
        Assert.Equal("disk(reservations: [(DYNAMIC,db)]):100", ResourceList.FromProto(subscribe.CheckpointedResources).ToFullText());
        next.Registered();
        next.Tell(new AgentEvent { AcknowledgeOperation = new AgentEvent.Types.AcknowledgeOperation { OperationUuid = subscribe.Operations[0].Uuid.Value, StatusUuid = uuid } });
        next.Pass(TimeSpan.FromHours(1));
        Assert.Empty(next.Effects.Calls);
        Assert.Empty(next.Checkpoints.OfType<AgentCheckpoint.ResourcesStored>().Last().Record.Operations);
    }

    [Fact]
    public void Operation_on_what_the_agent_does_not_have_is_dropped_and_changes_nothing()
    {
        Apply(Operations.Unreserve("disk:100", Role));
        Assert.Equal(OperationState.OperationDropped, Outcome()!.State);
        Assert.Equal("", Stored());
    }

    [Fact]
    public void Volume_that_can_have_no_directory_is_dropped()
    {
        Apply(Operations.Reserve("disk:100", Role));
        Apply(Operations.Create(Operations.Volume("..", 100, Role)));
        Assert.Equal(OperationState.OperationDropped, Outcome()!.State);
    }

    [Fact]
    public void Task_is_taken_only_with_the_reservations_and_volumes_that_are_here()
    {
        var task = AgentEngineHarness.Task(change: info => info.Resources.Add(Operations.Volume("v1", 100, Role)));
        _agent.Tell(new AgentEvent { RunTask = new AgentEvent.Types.RunTask { FrameworkInfo = AgentEngineHarness.Framework(), Task = task } });
        Assert.Equal((TaskState.TaskLost, TaskStatus.Types.Reason.ResourcesUnknown), (_agent.Sent.Single().State, _agent.Sent.Single().Reason));
        Apply(Operations.Reserve("disk:100", Role));
        Apply(Operations.Create(Operations.Volume("v1", 100, Role)));
        _agent.RunToRunning(task);
    }

    private void Apply(Offer.Types.Operation operation) => _agent.Tell(new AgentEvent
    {
        ApplyOperation = new AgentEvent.Types.ApplyOperation { OperationUuid = MasterHarness.Uuid(++_uuids), Operation = operation },
    });

    private OperationStatus? Outcome() => _agent.Effects.Calls.SingleOrDefault(call => call.UpdateOperation is not null)?.UpdateOperation.Status;

    private string Stored() => ResourceList.FromProto(_agent.Checkpoints.OfType<AgentCheckpoint.ResourcesStored>().Last().Record.Resources).ToFullText();
}
