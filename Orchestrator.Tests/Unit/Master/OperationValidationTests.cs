using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Master;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;
using Orchestrator.Tests.Support;
using Capability = Orchestrator.Core.Contract.Mesos.FrameworkInfo.Types.Capability.Types.Type;

namespace Orchestrator.Tests.Unit.Master;

public sealed class OperationValidationTests
{
    private const string Role = "db";
    private readonly MasterHarness _master = new();
    private readonly HarnessAgent _agent;
    private readonly HarnessFramework _framework;

    public OperationValidationTests()
    {
        _agent = _master.Register();
        _framework = _master.Subscribe(info =>
        {
            HarnessFramework.Roles(Role, "other")(info);
            info.Principal = "ops";
            info.Capabilities.Add(HarnessFramework.Capability(Capability.ReservationRefinement));
        }, null, "other");
    }

    public static TheoryData<string, Func<Offer.Types.Operation>> Refused => new()
    {
        { "names no resources", () => new() { Type = Offer.Types.Operation.Types.Type.Reserve, Reserve = new() } },
        { "'reserve' is not set", () => new() { Type = Offer.Types.Operation.Types.Type.Reserve } },
        { "is not dynamically reserved", () => new() { Type = Offer.Types.Operation.Types.Type.Reserve, Reserve = new() { Resources = { ResourceList.Parse("cpus(db):1").ToProto() } } } },
        { "can only reserve resources with its roles: db, other", () => Owned(Operations.Reserve("cpus:1", "web")) },
        { "allocated to role 'db', but its reservation is for role 'other'", () => Owned(Operations.Reserve("cpus:1", "other")) },
        { "is refined for 'other', which is not below the role 'db'", () => Owned(Operations.Reserve("cpus:1", "db>other")) },
        { "does not contain a reservation principal", () => Operations.Reserve("cpus:1", Role) },
        { "which does not match a reserved resource in it with reservation principal 'eve'", () => Owned(Operations.Reserve("cpus:1", Role), "eve") },
        { "does not contain cpus:9", () => Owned(Operations.Reserve("cpus:9", Role)) },
        { "'source' must not be set by frameworks", () => WithSource(Owned(Operations.Reserve("cpus:1", Role))) },
        { "must be made of reserved disk", () => Unreserved() },
        { "is not a persistent volume", () => Operations.Create([.. Operations.Reserved("disk:1", Role)]) },
        { "does not contain a 'disk.persistence.principal'", () => Operations.Create(Operations.Volume("v", 1, Role)) },
        { "disk.volume.container_path' of persistent volume", () => Operations.Create(Volume("../etc")) },
        { "'disk.persistence.id' 'a/b'", () => Operations.Create(Volume("data", "a/b")) },
        { "Shared volume", () => Operations.Create(Volume("data", "s", shared: true)) },
        { "does not exist on agent", () => Operations.Destroy(Volume("data")) },
        { "does not exist on agent", () => Operations.Grow(Volume("data"), 1) },
        { "resource providers", () => new() { Type = Offer.Types.Operation.Types.Type.CreateDisk, CreateDisk = new() { Source = Operations.Volume("v", 1, Role), TargetType = Resource.Types.DiskInfo.Types.Source.Types.Type.Mount } } },
        { "not dynamically reserved: static", () => new() { Type = Offer.Types.Operation.Types.Type.Unreserve, Unreserve = new() { Resources = { ResourceList.Parse("cpus(db):1").ToProto() } } } },
        { "has no name", () => Nameless() },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Operation_that_makes_no_sense_is_answered_and_changes_nothing(string expected, Func<Offer.Types.Operation> make)
    {
        var operation = make();
        operation.Id = new OperationID { Value = "o1" };
        var before = _master.Snapshot.Agents[0]!.Total.ToFullText();
        _framework.Accept(_framework.TakeOffers(), null, operation);
        var status = _framework.Take(Event.Types.Type.UpdateOperationStatus).UpdateOperationStatus.Status;
        Assert.Equal((OperationState.OperationError, "o1", null), (status.State, status.OperationId.Value, status.Uuid));
        Assert.Contains(expected, status.Message, StringComparison.Ordinal);
        Assert.Equal(before, _master.Snapshot.Agents[0]!.Total.ToFullText());
        Assert.False(_agent.Has(AgentEvent.EventOneofCase.ApplyOperation));
    }

    [Fact]
    public void Volume_id_is_used_once_for_a_role_and_a_volume_in_use_stays()
    {
        _framework.Accept(_framework.TakeOffers(), new Filters { RefuseSeconds = 0 }, Owned(Operations.Reserve("cpus:1;mem:32;disk:10", Role)), Operations.Create(Volume("data")));
        var task = HarnessFramework.Task("t1", _agent.Id, "cpus:1;mem:32", info => info.Resources.Add(Volume("data")));
        _framework.Accept(_framework.TakeOffers(), new Filters { RefuseSeconds = 0 }, HarnessFramework.Launching(task), WithId(Operations.Destroy(Volume("data")), "o1"), WithId(Operations.Create(Volume("data")), "o2"));
        Assert.Contains("is in use by a task", Message(), StringComparison.Ordinal);
        Assert.Contains("'v' is used on the agent already for the role 'db'", Message(), StringComparison.Ordinal);
    }

    [Fact]
    public void Agent_without_operation_feedback_takes_no_operation_ids()
    {
        _agent.Subscribe(subscribe => subscribe.Capabilities.Clear());
        _framework.Accept(_framework.TakeOffers(), null, WithId(Owned(Operations.Reserve("cpus:1", Role)), "o1"));
        Assert.Contains("AGENT_OPERATION_FEEDBACK", Message(), StringComparison.Ordinal);
    }

    [Fact]
    public void Operator_takes_offers_back_for_what_is_reserved_and_is_refused_what_tasks_hold()
    {
        var offer = _framework.TakeOffers()[0];
        Assert.Equal(202, Operate(Operations.Reserve("cpus:4", "batch")).Status);
        Assert.Equal(offer.Id, _framework.Take(Event.Types.Type.Rescind).Rescind.OfferId);
        var refused = Operate(Operations.Reserve("cpus:1", "batch"));
        Assert.Equal((409, true), (refused.Status, refused.Message.Contains("does not contain cpus:1", StringComparison.Ordinal)));
        Assert.Equal(202, Operate(Operations.Unreserve("cpus:4", "batch")).Status);
        Assert.Equal(4, _master.Snapshot.Agents[0]!.Total.Unreserved().Scalar("cpus").ToDouble());
        Assert.Equal(400, Operate(Unreserved()).Status);
        Assert.Equal(400, _master.Tell(new MasterCommand.ChangeResources(new AgentId("nobody"), Operations.Reserve("cpus:1", "a"), null)).Status);
        _agent.Disconnect();
        Assert.Equal(409, Operate(Operations.Reserve("cpus:1", "batch")).Status);
    }

    [Fact]
    public void Operator_moves_a_reservation_to_another_role_with_source()
    {
        Operate(Operations.Reserve("cpus:1", "batch"));
        var move = Operations.Reserve("cpus:1", "web");
        move.Reserve.Source.Add(Operations.Reserved("cpus:1", "batch"));
        Assert.Equal(202, Operate(move).Status);
        Assert.Equal(["web"], _master.Snapshot.Agents[0]!.Total.ReservedByRole().Keys);
        move.Reserve.Source.Clear();
        move.Reserve.Source.Add(Operations.Reserved("cpus:2", "web"));
        Assert.Contains("same amounts", Operate(move).Message, StringComparison.Ordinal);
    }

    private MasterReply Operate(Offer.Types.Operation operation) => _master.Tell(new MasterCommand.ChangeResources(new AgentId(_agent.Id), operation, null));

    private string Message() => _framework.Take(Event.Types.Type.UpdateOperationStatus).UpdateOperationStatus.Status.Message;

    private static Resource Volume(string path, string id = "v", bool shared = false)
    {
        var volume = Operations.Volume(id, 10, Role, path, shared);
        volume.Disk.Persistence.Principal = "ops";
        volume.Reservations[0].Principal = "ops";
        return volume;
    }

    private static Offer.Types.Operation Unreserved()
    {
        var volume = Volume("data");
        volume.Reservations.Clear();
        return Operations.Create(volume);
    }

    private static Offer.Types.Operation Nameless()
    {
        var operation = Owned(Operations.Reserve("cpus:1", Role));
        operation.Reserve.Resources[0].Name = "";
        return operation;
    }

    private static Offer.Types.Operation WithSource(Offer.Types.Operation operation)
    {
        operation.Reserve.Source.Add(operation.Reserve.Resources[0].Clone());
        return operation;
    }

    private static Offer.Types.Operation WithId(Offer.Types.Operation operation, string id)
    {
        operation.Id = new OperationID { Value = id };
        return operation;
    }

    private static Offer.Types.Operation Owned(Offer.Types.Operation operation, string principal = "ops")
    {
        foreach (var resource in operation.Reserve.Resources)
        {
            resource.Reservations[^1].Principal = principal;
        }

        return operation;
    }
}
