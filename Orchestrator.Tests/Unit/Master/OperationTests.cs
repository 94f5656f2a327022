using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Resources;
using Orchestrator.Tests.Support;
using Capability = Orchestrator.Core.Contract.Mesos.FrameworkInfo.Types.Capability.Types.Type;
using Link = Orchestrator.Core.Contract.Link.AgentEvent.EventOneofCase;

namespace Orchestrator.Tests.Unit.Master;

public sealed class OperationTests
{
    private const string Role = "db";
    private readonly MasterHarness _master = new();
    private readonly HarnessAgent _agent;
    private readonly HarnessFramework _framework;
    private readonly Resource _volume = Operations.Volume("v1", 100, Role);

    public OperationTests()
    {
        _agent = _master.Register();
        _framework = _master.Subscribe(Refining(Role));
    }

    [Fact]
    public void Reserve_create_and_launch_in_one_call_see_each_others_results_and_reach_the_agent_in_order()
    {
        var task = HarnessFramework.Task("t1", _agent.Id, "cpus:1", info =>
        {
            info.Resources.Clear();
            info.Resources.Add(Operations.Reserved("cpus:1;mem:64", Role));
            info.Resources.Add(_volume);
        });
        _framework.Accept([_framework.TakeOffer()], null, Operations.Reserve("cpus:1;mem:64;disk:100", Role), Operations.Create(_volume), HarnessFramework.Launching(task));
        Assert.Equal([Link.ApplyOperation, Link.ApplyOperation, Link.RunTask], _agent.Waiting.Select(waiting => waiting.EventCase).Where(kind => kind != Link.Subscribed));
        var view = _master.Snapshot.Agents[0]!;
        Assert.Equal(100, view.Used.Scalar("disk").ToDouble());
        Assert.Equal(["db"], view.Total.ReservedByRole().Keys);
        Assert.Equal("cpus(reservations: [(DYNAMIC,db)]):1; mem(reservations: [(DYNAMIC,db)]):64; disk(reservations: [(DYNAMIC,db)])[v1:data]:100", Text(view.Total.Where(item => item.IsReserved)));
    }

    [Fact]
    public void What_operations_made_and_nothing_used_is_offered_again_at_once_and_the_rest_is_refused()
    {
        _framework.Accept([_framework.TakeOffer()], new Filters { RefuseSeconds = 100 }, Operations.Reserve("cpus:1;mem:64", Role));
        var offer = _framework.TakeOffer();
        Assert.Contains(offer.Resources, resource => resource.Reservations.Count == 1);
        Assert.Equal(Role, offer.Resources.Single(resource => resource.Name == "cpus" && resource.Reservations.Count > 0).Reservations[0].Role);
    }

    [Fact]
    public void Reserved_resources_are_offered_to_their_role_only_and_the_rest_to_all()
    {
        _framework.Accept([_framework.TakeOffer()], new Filters { RefuseSeconds = 100 }, Operations.Reserve("cpus:1;mem:64", Role));
        _framework.Suppress();
        foreach (var offer in _framework.TakeOffers())
        {
            _framework.Decline(offer, 100);
        }

        var other = _master.Subscribe(Refining("web"));
        var offered = ResourceList.FromProto(other.TakeOffer().Resources);
        Assert.Equal((3.0, 960.0), (offered.Scalar("cpus").ToDouble(), offered.Scalar("mem").ToDouble()));
        Assert.True(offered.Unreserved().Contains(offered));
    }

    [Fact]
    public void Sub_role_is_offered_what_is_reserved_for_the_role_above_it()
    {
        _framework.Accept([_framework.TakeOffer()], new Filters { RefuseSeconds = 100 }, Operations.Reserve("cpus:4;mem:1024;disk:1000", Role));
        _framework.Disconnect();
        Assert.False(_master.Subscribe(Refining("web")).Has(Event.Types.Type.Offers));
        var below = _master.Subscribe(Refining("db/eu"));
        Assert.Equal(4, ResourceList.FromProto(below.TakeOffer().Resources).Scalar("cpus").ToDouble());
    }

    [Fact]
    public void Refinement_is_reserved_below_and_taken_off_again()
    {
        var eu = _master.Subscribe(Refining("db/eu"));
        _framework.Accept([_framework.TakeOffer()], new Filters { RefuseSeconds = 0 }, Operations.Reserve("cpus:1;mem:64", Role));
        _framework.Disconnect();
        eu.Accept(eu.TakeOffers(), new Filters { RefuseSeconds = 0 }, Operations.Reserve("cpus:1", "db>db/eu"));
        Assert.Contains("(DYNAMIC,db),(DYNAMIC,db/eu)", Text(_master.Snapshot.Agents[0]!.Total), StringComparison.Ordinal);
        eu.Accept(eu.TakeOffers(), new Filters { RefuseSeconds = 0 }, Operations.Unreserve("cpus:1", "db>db/eu"));
        Assert.DoesNotContain("db/eu", Text(_master.Snapshot.Agents[0]!.Total), StringComparison.Ordinal);
        Assert.Contains("cpus(reservations: [(DYNAMIC,db)]):1", Text(_master.Snapshot.Agents[0]!.Total), StringComparison.Ordinal);
    }

    [Fact]
    public void Framework_without_refinement_reserves_in_the_old_form_and_is_offered_it_so()
    {
        var old = _master.Subscribe(info =>
        {
#pragma warning disable CS0612 // The old form is what this is about.
            info.Role = "old";
#pragma warning restore CS0612
        });
        _framework.Disconnect();
        var resource = new Resource { Name = "cpus", Type = Value.Types.Type.Scalar, Scalar = new Value.Types.Scalar { Value = 1 }, Reservation = new Resource.Types.ReservationInfo { Principal = "p" } };
#pragma warning disable CS0612
        resource.Role = "old";
        old.Accept(old.TakeOffers(), new Filters { RefuseSeconds = 0 }, new Offer.Types.Operation { Type = Offer.Types.Operation.Types.Type.Reserve, Reserve = new() { Resources = { resource } } });
        var offered = old.TakeOffers().SelectMany(offer => offer.Resources).Single(given => given.Name == "cpus" && given.Role == "old");
#pragma warning restore CS0612
        Assert.Equal(("p", 0, 1.0), (offered.Reservation.Principal, offered.Reservations.Count, offered.Scalar.Value));
    }

    [Fact]
    public void Volume_grows_and_shrinks_from_one_offer_to_the_next_but_not_within_one_call()
    {
        _framework.Accept([_framework.TakeOffer()], new Filters { RefuseSeconds = 0 }, Operations.Reserve("disk:150", Role), Operations.Create(_volume), Operations.Grow(_volume, 50), Operations.Destroy(Operations.Volume("v1", 150, Role)));
        Assert.Equal(150, VolumeSize("v1"));
        _framework.Accept(_framework.TakeOffers(), new Filters { RefuseSeconds = 0 }, Operations.Shrink(Operations.Volume("v1", 150, Role), 120));
        Assert.Equal(30, VolumeSize("v1"));
        Assert.Equal(1000, _master.Snapshot.Agents[0]!.Total.Scalar("disk").ToDouble());
    }

    [Fact]
    public void Shared_volume_goes_into_several_tasks_and_stays_on_offer()
    {
        var sharing = _master.Subscribe(info =>
        {
            Refining("db")(info);
            info.Capabilities.Add(HarnessFramework.Capability(Capability.SharedResources));
        });
        _framework.Teardown();
        var volume = Operations.Volume("s1", 10, Role, shared: true);
        var tasks = new[] { "t1", "t2" }.Select(id => HarnessFramework.Task(id, _agent.Id, "cpus:1;mem:32", info => info.Resources.Add(volume))).ToArray();
        sharing.Accept(sharing.TakeOffers(), new Filters { RefuseSeconds = 0 }, Operations.Reserve("disk:10", Role), Operations.Create(volume), HarnessFramework.Launching(tasks));
        Assert.Empty(sharing.TakeUpdates());
        Assert.Equal(2, _master.Snapshot.Agents[0]!.ActiveTasks);
        _agent.Report(sharing.Id, "t1", TaskState.TaskFinished, acknowledged: false);
        var offered = sharing.TakeOffers().SelectMany(offer => offer.Resources).Where(resource => resource.Shared is not null).ToList();
        Assert.Single(offered);
        sharing.Drop();
        sharing.Accept(_master.Snapshot.Frameworks[sharingSlot()]!.Offers.Select(offer => new Offer { Id = new OfferID { Value = offer.Id.Value } }), null, Operations.Destroy(volume));
        Assert.Equal(10, VolumeSize("s1"));

        int sharingSlot() => Enumerable.Range(0, _master.Snapshot.Frameworks.Count).Single(slot => _master.Snapshot.Frameworks[slot]?.Id.Value == sharing.Id);
    }

    [Fact]
    public void Operation_with_an_id_is_told_until_it_is_acknowledged()
    {
        _framework.Accept([_framework.TakeOffer()], null, Operations.Reserve("cpus:1", Role, "o1"));
        var sent = _agent.Take(Link.ApplyOperation).ApplyOperation;
        Assert.Equal(("o1", _framework.Id), (sent.Operation.Id.Value, sent.FrameworkId.Value));
        Reconcile("o1", OperationState.OperationPending);
        var uuid = MasterHarness.Uuid(9);
        _agent.Call(new AgentCall { UpdateOperation = new() { OperationUuid = sent.OperationUuid, FrameworkId = sent.FrameworkId, Status = new OperationStatus { State = OperationState.OperationFinished, OperationId = sent.Operation.Id, Uuid = new UUID { Value = uuid } } } });
        var status = _framework.Take(Event.Types.Type.UpdateOperationStatus).UpdateOperationStatus.Status;
        Assert.Equal((OperationState.OperationFinished, "o1", _agent.Id, uuid), (status.State, status.OperationId.Value, status.AgentId.Value, status.Uuid.Value));
        Assert.Equal(OperationState.OperationFinished, Assert.Single(_master.Snapshot.Operations).LatestStatus.State);
        _framework.SubscribeAgain();
        Assert.Equal("o1", _framework.Take(Event.Types.Type.UpdateOperationStatus).UpdateOperationStatus.Status.OperationId.Value);
        _framework.Send(new Call { Type = Call.Types.Type.AcknowledgeOperationStatus, AcknowledgeOperationStatus = new() { AgentId = status.AgentId, OperationId = status.OperationId, Uuid = uuid } });
        Assert.Equal((sent.OperationUuid, uuid), (_agent.Take(Link.AcknowledgeOperation).AcknowledgeOperation is var ack ? ack.OperationUuid : null, ack.StatusUuid));
        Assert.Empty(_master.Snapshot.Operations);
        Reconcile("o1", OperationState.OperationUnknown);
    }

    [Fact]
    public void Operation_that_did_not_reach_its_agent_is_dropped_when_the_agent_is_back_with_what_it_has()
    {
        _framework.Accept([_framework.TakeOffer()], null, Operations.Reserve("cpus:1", Role, "o1"));
        _agent.Disconnect();
        _agent.Subscribe();
        Assert.Equal(OperationState.OperationDropped, _framework.Take(Event.Types.Type.UpdateOperationStatus).UpdateOperationStatus.Status.State);
        Assert.Empty(_master.Snapshot.Agents[0]!.Total.ReservedByRole());
    }

    [Fact]
    public void Reservations_and_outcomes_come_back_with_their_agent_after_a_restart_of_the_master()
    {
        _framework.Accept([_framework.TakeOffer()], null, Operations.Reserve("cpus:1;disk:100", Role, "o1"), Operations.Create(_volume));
        var sent = _agent.Take(Link.ApplyOperation).ApplyOperation;
        var restarted = _master.Restart();
        var framework = restarted.Subscribe(Refining(Role), _framework.Id);
        var agent = _agent.At(restarted);
        agent.Subscribe(subscribe =>
        {
            subscribe.CheckpointedResources.Add(Operations.Reserved("cpus:1", Role));
            subscribe.CheckpointedResources.Add(_volume);
            subscribe.Operations.Add(new Operation
            {
                FrameworkId = sent.FrameworkId,
                Info = sent.Operation,
                Uuid = new UUID { Value = sent.OperationUuid },
                LatestStatus = new OperationStatus { State = OperationState.OperationFinished, Uuid = new UUID { Value = MasterHarness.Uuid(3) } },
            });
        });
        Assert.Equal("o1", framework.Take(Event.Types.Type.UpdateOperationStatus).UpdateOperationStatus.Status.OperationId.Value);
        var offered = ResourceList.FromProto(framework.TakeOffer().Resources);
        Assert.Contains("[v1:data]:100", Text(offered), StringComparison.Ordinal);
        Assert.Equal((4.0, 1000.0), (offered.Scalar("cpus").ToDouble(), offered.Scalar("disk").ToDouble()));
    }

    [Fact]
    public void Agent_that_no_longer_declares_what_is_reserved_is_refused_with_the_reason()
    {
        _agent.Disconnect();
        _agent.Subscribe(subscribe => subscribe.CheckpointedResources.Add(Operations.Reserved("cpus:9", Role)));
        Assert.Equal(400, _agent.Reply.Status);
        Assert.Contains("cpus(reservations: [(DYNAMIC,db)]):9 was reserved on the agent", _agent.Reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Operation_that_the_agent_could_not_do_closes_its_link_so_that_it_registers_anew()
    {
        _framework.Accept([_framework.TakeOffer()], null, Operations.Reserve("cpus:1", Role));
        var sent = _agent.Take(Link.ApplyOperation).ApplyOperation;
        _agent.Call(new AgentCall { UpdateOperation = new() { OperationUuid = sent.OperationUuid, Status = new OperationStatus { State = OperationState.OperationDropped, Message = "no" } } });
        Assert.True(_agent.IsClosed);
    }

    [Fact]
    public void Outcomes_of_a_removed_framework_are_acknowledged_for_it()
    {
        _framework.Accept([_framework.TakeOffer()], null, Operations.Reserve("cpus:1", Role, "o1"));
        var sent = _agent.Take(Link.ApplyOperation).ApplyOperation;
        _framework.Teardown();
        _agent.Call(new AgentCall { UpdateOperation = new() { OperationUuid = sent.OperationUuid, FrameworkId = sent.FrameworkId, Status = new OperationStatus { State = OperationState.OperationFinished, Uuid = new UUID { Value = MasterHarness.Uuid(9) } } } });
        Assert.Equal(sent.OperationUuid, _agent.Take(Link.AcknowledgeOperation).AcknowledgeOperation.OperationUuid);
    }

    private void Reconcile(string id, OperationState expected)
    {
        _framework.Send(new Call
        {
            Type = Call.Types.Type.ReconcileOperations,
            ReconcileOperations = new() { Operations = { new Call.Types.ReconcileOperations.Types.Operation { OperationId = new OperationID { Value = id }, AgentId = new AgentID { Value = _agent.Id } } } },
        });
        var status = _framework.Take(Event.Types.Type.UpdateOperationStatus).UpdateOperationStatus.Status;
        Assert.Equal((id, expected, null), (status.OperationId.Value, status.State, status.Uuid));
    }

    private double VolumeSize(string id) => _master.Snapshot.Agents[0]!.Total.Items.ToArray().Single(item => item.VolumeId == id).Scalar.ToDouble();

    private static string Text(ResourceList list) => list.ToFullText();

    private static Action<FrameworkInfo> Refining(params string[] roles) => info =>
    {
        HarnessFramework.Roles(roles)(info);
        info.Capabilities.Add(HarnessFramework.Capability(Capability.ReservationRefinement));
    };
}
