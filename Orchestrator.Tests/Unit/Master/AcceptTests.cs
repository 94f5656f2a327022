using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Resources;
using Orchestrator.Tests.Support;
using Reason = Orchestrator.Core.Contract.Mesos.TaskStatus.Types.Reason;

namespace Orchestrator.Tests.Unit.Master;

/// <summary>ACCEPT: what is launched, what is left, and what is said when offers do not hold.</summary>
public sealed class AcceptTests
{
    private readonly MasterHarness _master = new();
    private readonly HarnessAgent _agent;
    private readonly HarnessFramework _framework;

    public AcceptTests()
    {
        _agent = _master.Register("cpus:4;mem:1024;disk:10;ports:[31000-31009]");
        _framework = _master.Subscribe();
    }

    [Fact]
    public void Launch_reaches_the_agent_and_the_rest_is_offered_again()
    {
        _framework.Launch(_framework.TakeOffer(), HarnessFramework.Task("t1", _agent.Id, "cpus:1;mem:64;ports:[31000-31000]"));
        var run = _agent.Take(AgentEvent.EventOneofCase.RunTask).RunTask;
        Assert.Equal(("t1", _framework.Id), (run.Task.TaskId.Value, run.FrameworkInfo.Id.Value));
        Assert.Equal("cpus:3; mem:960; disk:10; ports:[31001-31009]", ResourceList.FromProto(_framework.TakeOffer().Resources).ToString());
        var task = Assert.Single(_master.Snapshot.Tasks)!;
        Assert.Equal((TaskState.TaskStaging, _agent.Id), (task.State, task.AgentId.Value));
        Assert.Equal("cpus:1; mem:64; ports:[31000-31000]", Assert.Single(_master.Snapshot.Agents)!.Used.ToString());
    }

    [Fact]
    public void Rest_of_an_offer_is_refused_for_five_seconds_unless_said_otherwise()
    {
        _framework.Accept([_framework.TakeOffer()], null, HarnessFramework.Launching(HarnessFramework.Task("t1", _agent.Id)));
        _master.Pass(TimeSpan.FromSeconds(4.9));
        Assert.False(_framework.Has(Event.Types.Type.Offers));
        _master.Pass(TimeSpan.FromSeconds(0.1));
        _framework.TakeOffer();
    }

    [Fact]
    public void Tasks_of_one_call_are_launched_in_order_while_the_offer_lasts()
    {
        _framework.Launch(_framework.TakeOffer(), [.. Enumerable.Range(1, 5).Select(i => HarnessFramework.Task($"t{i}", _agent.Id))]);
        Assert.Equal(["t1", "t2", "t3", "t4"], _agent.Waiting.Where(sent => sent.RunTask is not null).Select(sent => sent.RunTask.Task.TaskId.Value));
        var refused = _framework.TakeUpdate();
        Assert.Equal(("t5", TaskState.TaskError, Reason.TaskInvalid), (refused.TaskId.Value, refused.State, refused.Reason));
        Assert.Equal(
            "Total resources cpus(allocated: *):1; mem(allocated: *):64 required by task and its executor is more than available mem(allocated: *):768; disk(allocated: *):10; ports(allocated: *):[31000-31009]",
            refused.Message);
    }

    [Fact]
    public void Two_offers_of_one_agent_are_one_pool()
    {
        var first = _framework.TakeOffer();
        _framework.Launch(first, HarnessFramework.Task("t1", _agent.Id, "cpus:2;mem:512"));
        var rest = _framework.TakeOffer();
        _agent.Report(_framework.Id, "t1", TaskState.TaskFinished);
        var freed = _framework.TakeOffer();
        _framework.Accept([rest, freed], new Filters { RefuseSeconds = 0 }, HarnessFramework.Launching(HarnessFramework.Task("t2", _agent.Id, "cpus:4;mem:1024")));
        Assert.Equal("t2", Assert.Single(_agent.Waiting, sent => sent.RunTask?.Task.TaskId.Value == "t2").RunTask.Task.TaskId.Value);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Accept_that_launches_nothing_declines(bool withEmptyLaunch)
    {
        _framework.Accept([_framework.TakeOffer()], new Filters { RefuseSeconds = 3 }, withEmptyLaunch ? [HarnessFramework.Launching()] : []);
        _master.Pass(TimeSpan.FromSeconds(2.9));
        Assert.False(_framework.Has(Event.Types.Type.Offers));
        _master.Pass(TimeSpan.FromSeconds(0.1));
        _framework.TakeOffer();
    }

    [Theory]
    [InlineData(false, TaskState.TaskLost)]
    [InlineData(true, TaskState.TaskDropped)]
    public void Offer_that_is_gone_drops_every_task_of_the_call(bool partitionAware, TaskState expected)
    {
        var framework = _master.Subscribe(partitionAware ? HarnessFramework.PartitionAware : null);
        framework.Accept([new Offer { Id = new OfferID { Value = "gone" } }], null, HarnessFramework.Launching(HarnessFramework.Task("t1", _agent.Id), HarnessFramework.Task("t2", _agent.Id)));
        foreach (var id in new[] { "t1", "t2" })
        {
            var status = framework.TakeUpdate();
            Assert.Equal((id, expected, Reason.InvalidOffers, TaskStatus.Types.Source.Master), (status.TaskId.Value, status.State, status.Reason, status.Source));
            Assert.Equal("Task launched with invalid offers: Offer gone is no longer valid", status.Message);
            Assert.False(status.HasUuid);
        }
    }

    [Fact]
    public void Offer_of_another_framework_is_not_valid_and_stays_with_its_owner()
    {
        var offer = _framework.TakeOffer();
        var thief = _master.Subscribe();
        thief.Launch(offer, HarnessFramework.Task("t1", _agent.Id));
        Assert.Equal(Reason.InvalidOffers, thief.TakeUpdate().Reason);
        _framework.Launch(offer, HarnessFramework.Task("t1", _agent.Id));
        Assert.True(_agent.Has(AgentEvent.EventOneofCase.RunTask));
    }

    [Fact]
    public void Valid_offers_beside_an_invalid_one_are_offered_again_without_filter()
    {
        var offer = _framework.TakeOffer();
        _framework.Accept([offer, new Offer { Id = new OfferID { Value = "gone" } }], null, HarnessFramework.Launching(HarnessFramework.Task("t1", _agent.Id)));
        Assert.Equal(Reason.InvalidOffers, _framework.TakeUpdate().Reason);
        Assert.NotEqual(offer.Id, _framework.TakeOffer().Id);
    }

    [Fact]
    public void Same_offer_twice_is_not_valid()
    {
        var offer = _framework.TakeOffer();
        _framework.Accept([offer, offer], null, HarnessFramework.Launching(HarnessFramework.Task("t1", _agent.Id)));
        Assert.Contains("Duplicate offer", _framework.TakeUpdate().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Offers_of_two_agents_are_not_valid_together()
    {
        var first = _framework.TakeOffer();
        _master.Register(hostname: "node-2");
        _framework.Accept([first, _framework.TakeOffer()], null, HarnessFramework.Launching(HarnessFramework.Task("t1", _agent.Id)));
        Assert.Contains("another agent", _framework.TakeUpdate().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Accept_without_offers_drops_its_tasks()
    {
        _framework.Accept([], null, HarnessFramework.Launching(HarnessFramework.Task("t1", _agent.Id)));
        Assert.Equal("Task launched with invalid offers: No offers specified", _framework.TakeUpdate().Message);
    }

    [Fact]
    public void Operation_that_is_not_known_is_answered_when_it_has_an_id_and_its_offer_is_freed()
    {
        var operation = new Offer.Types.Operation { Type = Offer.Types.Operation.Types.Type.Reserve, Id = new OperationID { Value = "o1" }, Reserve = new Offer.Types.Operation.Types.Reserve() };
        _framework.Accept([_framework.TakeOffer()], new Filters { RefuseSeconds = 0 }, operation);
        var status = _framework.Take(Event.Types.Type.UpdateOperationStatus).UpdateOperationStatus.Status;
        Assert.Equal(("o1", OperationState.OperationError), (status.OperationId.Value, status.State));
        _framework.TakeOffer();
    }

    [Fact]
    public void Group_is_launched_whole_with_its_executor_in_each_task()
    {
        _framework.Accept([_framework.TakeOffer()], new Filters { RefuseSeconds = 0 }, Group(Member("g1"), Member("g2")));
        var run = _agent.Take(AgentEvent.EventOneofCase.RunTaskGroup).RunTaskGroup;
        Assert.Equal("pod", run.Executor.ExecutorId.Value);
        Assert.Equal(["g1", "g2"], run.TaskGroup.Tasks.Select(task => task.TaskId.Value));
        Assert.All(run.TaskGroup.Tasks, task => Assert.Equal("pod", task.Executor.ExecutorId.Value));
        Assert.Equal("cpus:1.1; mem:164; disk:1", Assert.Single(_master.Snapshot.Agents)!.Used.ToString());
    }

    [Fact]
    public void Group_with_one_bad_task_fails_whole()
    {
        _framework.Accept([_framework.TakeOffer()], new Filters { RefuseSeconds = 0 }, Group(Member("g1"), Member("a/b")));
        foreach (var id in new[] { "g1", "a/b" })
        {
            var status = _framework.TakeUpdate();
            Assert.Equal((id, TaskState.TaskError, Reason.TaskGroupInvalid), (status.TaskId.Value, status.State, status.Reason));
        }

        Assert.False(_agent.Has(AgentEvent.EventOneofCase.RunTaskGroup));
        Assert.True(Assert.Single(_master.Snapshot.Agents)!.Used.IsEmpty);
    }

    [Fact]
    public void Resources_of_an_executor_are_held_once_and_freed_with_its_last_task()
    {
        _framework.Accept([_framework.TakeOffer()], new Filters { RefuseSeconds = 0 }, Group(Member("g1")));
        _framework.Accept([_framework.TakeOffer()], new Filters { RefuseSeconds = 0 }, Group(Member("g2")));
        Assert.Equal("cpus:1.1; mem:164; disk:1", Assert.Single(_master.Snapshot.Agents)!.Used.ToString());
        _agent.Report(_framework.Id, "g1", TaskState.TaskFinished);
        Assert.Equal("cpus:0.6; mem:100; disk:1", Assert.Single(_master.Snapshot.Agents)!.Used.ToString());
        _agent.Report(_framework.Id, "g2", TaskState.TaskFinished);
        Assert.True(Assert.Single(_master.Snapshot.Agents)!.Used.IsEmpty);
        Assert.True(Assert.Single(_master.Snapshot.Frameworks)!.Used.IsEmpty);
    }

    [Fact]
    public void Custom_executor_holds_its_resources_until_its_agent_says_that_it_is_gone()
    {
        _framework.Launch(_framework.TakeOffer(), WithExecutor("e1"));
        _agent.Report(_framework.Id, "e1", TaskState.TaskFinished);
        Assert.Equal("cpus:0.1; mem:36", Assert.Single(_master.Snapshot.Agents)!.Used.ToString());
        _agent.Call(new AgentCall
        {
            ExecutorExited = new AgentCall.Types.ExecutorExited { FrameworkId = new FrameworkID { Value = _framework.Id }, ExecutorId = new ExecutorID { Value = "own" }, Status = 0 },
        });

        Assert.True(Assert.Single(_master.Snapshot.Agents)!.Used.IsEmpty);
    }

    [Fact]
    public void Custom_executor_that_a_returning_agent_does_not_bring_is_gone()
    {
        _framework.Launch(_framework.TakeOffer(), WithExecutor("e1"));
        _agent.Report(_framework.Id, "e1", TaskState.TaskFinished);
        _agent.SubscribeHolding(_framework.Id);

        Assert.True(Assert.Single(_master.Snapshot.Agents)!.Used.IsEmpty);
        var failure = _framework.Take(Event.Types.Type.Failure).Failure;
        Assert.Equal(("own", -1), (failure.ExecutorId.Value, failure.Status));
    }

    private TaskInfo WithExecutor(string id) => HarnessFramework.Task(id, _agent.Id, "cpus:0.5;mem:64", task =>
    {
        task.Command = null;
        task.Executor = new ExecutorInfo { ExecutorId = new ExecutorID { Value = "own" }, Command = new CommandInfo { Value = "run" } };
        task.Executor.Resources.Add(ResourceList.Parse("cpus:0.1;mem:36").ToProto(ResourceFormat.PreRefinement));
    });

    private static TaskInfo Member(string id) => HarnessFramework.Task(id, "master-1-S0", "cpus:0.5;mem:64");

    private static Offer.Types.Operation Group(params TaskInfo[] tasks) => new()
    {
        Type = Offer.Types.Operation.Types.Type.LaunchGroup,
        LaunchGroup = new Offer.Types.Operation.Types.LaunchGroup
        {
            Executor = new ExecutorInfo
            {
                Type = ExecutorInfo.Types.Type.Default,
                ExecutorId = new ExecutorID { Value = "pod" },
                Resources = { ResourceList.Parse("cpus:0.1;mem:36;disk:1").ToProto(ResourceFormat.PreRefinement) },
            },
            TaskGroup = new TaskGroupInfo { Tasks = { tasks } },
        },
    };
}
