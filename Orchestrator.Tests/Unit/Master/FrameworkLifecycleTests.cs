using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Master;
using Orchestrator.Core.Primitives;
using Orchestrator.Tests.Support;
using Capability = Orchestrator.Core.Contract.Mesos.FrameworkInfo.Types.Capability.Types.Type;

namespace Orchestrator.Tests.Unit.Master;

/// <summary>Frameworks: subscribed, failed over, away, back, removed.</summary>
public sealed class FrameworkLifecycleTests
{
    private static readonly Dictionary<string, (Action<FrameworkInfo> Change, string[] Suppressed, string Message)> s_bad = new()
    {
        ["role with roles"] = (info => Old(info, "a", Capability.MultiRole), [], "'FrameworkInfo.role' must not be set when the framework is MULTI_ROLE capable"),
        ["roles without capability"] = (info => info.Roles.Add("a"), [], "'FrameworkInfo.roles' must not be set when the framework is not MULTI_ROLE capable"),
        ["role twice"] = (HarnessFramework.Roles("a", "a"), [], "'FrameworkInfo.roles' contains duplicate items: { a }"),
        ["role empty"] = (HarnessFramework.Roles(""), [], "A role must not be empty; '*' is the default role"),
        ["role with a slash"] = (HarnessFramework.Roles("/a"), [], "Role '/a' must not begin or end with a slash, nor have two in a row"),
        ["role of two slashes"] = (HarnessFramework.Roles("a//b"), [], "Role 'a//b' must not begin or end with a slash, nor have two in a row"),
        ["role of dots"] = (HarnessFramework.Roles("a/.."), [], "Role 'a/..' has the part '..', which must not be '.', '..', '*' nor begin with a dash"),
        ["role with a star below"] = (HarnessFramework.Roles("a/*"), [], "Role 'a/*' has the part '*', which must not be '.', '..', '*' nor begin with a dash"),
        ["role with a dash"] = (HarnessFramework.Roles("-a"), [], "Role '-a' has the part '-a', which must not be '.', '..', '*' nor begin with a dash"),
        ["role with a space"] = (HarnessFramework.Roles("a b"), [], "Role 'a b' contains white space or a control character"),
        ["stray suppressed role"] = (HarnessFramework.Roles("a"), ["b"], "suppressed_roles has 'b', which is not among the roles of the framework"),
        ["timeout out of range"] = (info => info.FailoverTimeout = 1e10, [], "FrameworkInfo.failover_timeout is not a number of seconds that fits 64-bit nanoseconds"),
        ["timeout not a number"] = (info => info.FailoverTimeout = double.NaN, [], "FrameworkInfo.failover_timeout is not a number of seconds that fits 64-bit nanoseconds"),
        ["empty offer filter"] = (info => info.OfferFilters["*"] = Filter(null), [], "FrameworkInfo.offer_filters['*'] has an empty set of quantities"),
        ["negative offer filter"] = (info => info.OfferFilters["*"] = Filter(-1), [], "FrameworkInfo.offer_filters['*'] has an invalid quantity of 'cpus'"),
    };

    private readonly MasterHarness _master = new();

    /// <summary>Names of bad subscriptions.</summary>
    public static TheoryData<string> Bad => [.. s_bad.Keys];

    [Fact]
    public void Subscription_gets_an_id_the_heartbeat_interval_and_the_master()
    {
        var framework = _master.Subscribe();
        Assert.Equal("master-1-0000", framework.Id);
        var subscribed = framework.Take(Event.Types.Type.Subscribed).Subscribed;
        Assert.Equal(15, subscribed.HeartbeatIntervalSeconds);
        Assert.Equal(("master-1", "master@127.0.0.1:5050", 16777343u), (subscribed.MasterInfo.Id, subscribed.MasterInfo.Pid, subscribed.MasterInfo.Ip));
        Assert.Equal("master-1-0001", _master.Subscribe().Id);
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void Subscription_that_is_wrong_hears_why_and_is_closed(string what)
    {
        var (change, suppressed, message) = s_bad[what];
        var framework = _master.Subscribe(change, null, suppressed);
        Assert.Equal(message, Assert.Single(framework.Waiting).Error.Message);
        Assert.True(framework.IsClosed);
        Assert.Empty(_master.Journal);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("a\tb")]
    public void Framework_id_of_its_own_choosing_must_be_an_id(string id)
    {
        var framework = _master.Subscribe(id: id);
        Assert.StartsWith("FrameworkInfo.id", Assert.Single(framework.Waiting).Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Root_is_refused_when_the_flag_says_so()
    {
        var master = new MasterHarness(options => options with { RootSubmissions = false });
        Assert.Contains("root_submissions", Assert.Single(master.Subscribe().Waiting).Error.Message, StringComparison.Ordinal);
        Assert.True(master.Subscribe(info => info.User = "nobody").Has(Event.Types.Type.Subscribed));
    }

    [Fact]
    public void Second_subscription_takes_over_from_the_first()
    {
        _master.Register();
        var framework = _master.Subscribe();
        var offer = framework.TakeOffer();
        var first = framework.Stream;
        framework.SubscribeAgain();
        var left = _master.Inbox(first);
        Assert.Equal("Framework failed over", Assert.Single(left, delivery => delivery.Scheduler?.Type == Event.Types.Type.Error).Scheduler!.Error.Message);
        Assert.True(left[^1].IsClose);
        Assert.DoesNotContain(left, delivery => delivery.Scheduler?.Type == Event.Types.Type.Rescind);
        Assert.Equal([Event.Types.Type.Subscribed, Event.Types.Type.Offers], framework.Waiting.Select(waiting => waiting.Type));
        Assert.NotEqual(offer.Id, framework.TakeOffer().Id);
        _master.Tell(new MasterCommand.DisconnectScheduler(first));
        Assert.True(Assert.Single(_master.Snapshot.Frameworks)!.Connected);
    }

    [Fact]
    public void Calls_of_the_old_stream_are_refused_after_a_failover()
    {
        var framework = _master.Subscribe();
        var first = framework.Stream;
        framework.SubscribeAgain();
        var reply = _master.Tell(new MasterCommand.CallScheduler(first.ToString(), new Call { Type = Call.Types.Type.Revive, FrameworkId = new FrameworkID { Value = framework.Id } }, null));
        Assert.Equal(400, reply.Status);
        Assert.Contains("didn't match the stream ID", reply.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unknown", "s", null, 400, "Framework cannot be found")]
    [InlineData("known", "s", "mallory", 400, "Authenticated principal 'mallory' does not match")]
    [InlineData("away", "s", null, 403, "Framework is not subscribed")]
    [InlineData("known", null, null, 400, "All non-subscribe calls should include the 'Mesos-Stream-Id' header")]
    [InlineData("known", "other", null, 400, "The stream ID 'other' included in this request didn't match")]
    public void Call_is_judged_in_the_order_of_the_contract(string framework, string? stream, string? principal, int status, string message)
    {
        _master.Subscribe(info => info.Principal = "alice", "known");
        _master.Subscribe(id: "away").Disconnect();
        var reply = _master.Tell(new MasterCommand.CallScheduler(stream, new Call { Type = Call.Types.Type.Revive, FrameworkId = new FrameworkID { Value = framework } }, principal));
        Assert.Equal(status, reply.Status);
        Assert.StartsWith(message, reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Framework_that_is_away_keeps_its_tasks_until_its_failover_timeout()
    {
        var agent = _master.Register();
        var framework = Launched(agent, info => info.FailoverTimeout = 30);
        framework.Disconnect();
        Pass(agent, 29);
        Assert.NotNull(Assert.Single(_master.Snapshot.Frameworks));
        Assert.Equal(TaskState.TaskStaging, Assert.Single(_master.Snapshot.Tasks)!.State);
        Pass(agent, 1);
        Assert.Null(Assert.Single(_master.Snapshot.Frameworks));
        Assert.Equal(framework.Id, agent.Take(AgentEvent.EventOneofCase.ShutdownFramework).ShutdownFramework.FrameworkId.Value);
        var completed = Assert.Single(_master.Snapshot.CompletedFrameworks);
        Assert.Equal(TaskState.TaskKilled, Assert.Single(completed.CompletedTasks).State);
        Assert.True(Assert.Single(_master.Snapshot.Agents)!.Used.IsEmpty);
        framework.SubscribeAgain();
        Assert.Equal("Framework has been removed", Assert.Single(framework.Waiting).Error.Message);
    }

    [Fact]
    public void Framework_without_failover_timeout_is_removed_as_it_disconnects()
    {
        var framework = _master.Subscribe(info => info.FailoverTimeout = 0);
        framework.Disconnect();
        Assert.Null(Assert.Single(_master.Snapshot.Frameworks));
        Assert.False(_master.Journal.ContainsKey("framework/" + framework.Id));
    }

    [Fact]
    public void Framework_that_returns_in_time_is_not_removed_by_the_timer_of_its_absence()
    {
        var agent = _master.Register();
        var framework = _master.Subscribe(info => info.FailoverTimeout = 30);
        framework.Disconnect();
        Pass(agent, 20);
        framework.SubscribeAgain();
        Pass(agent, 20);
        Assert.True(Assert.Single(_master.Snapshot.Frameworks)!.Connected);
        framework.Disconnect();
        Pass(agent, 20);
        Assert.NotNull(Assert.Single(_master.Snapshot.Frameworks));
        Pass(agent, 10);
        Assert.Null(Assert.Single(_master.Snapshot.Frameworks));
    }

    [Fact]
    public void Subscribing_again_keeps_user_and_checkpoint_and_takes_the_rest()
    {
        var framework = _master.Subscribe(info => info.Name = "old");
        framework.Subscribe(info =>
        {
            info.User = "other";
            info.Checkpoint = true;
            info.Name = "new";
            info.FailoverTimeout = 5;
        });
        var info = Assert.Single(_master.Snapshot.Frameworks)!.Info;
        Assert.Equal(("root", false, "new", 5.0), (info.User, info.Checkpoint, info.Name, info.FailoverTimeout));
    }

    [Fact]
    public void Subscribing_again_as_another_principal_is_refused_and_the_first_goes_on()
    {
        var framework = _master.Subscribe(info => info.Principal = "alice");
        var first = framework.Stream;
        framework.Subscribe(info => info.Principal = "bob");
        Assert.Equal("Changing FrameworkInfo.principal is not allowed", Assert.Single(framework.Waiting).Error.Message);
        Assert.DoesNotContain(_master.Inbox(first), delivery => delivery.IsClose);
    }

    [Theory]
    [InlineData("user", "FrameworkInfo update is not valid: Updating 'FrameworkInfo.user' is unsupported; attempted to update from 'root' to 'other'")]
    [InlineData("checkpoint", "FrameworkInfo update is not valid: Updating 'FrameworkInfo.checkpoint' is unsupported; attempted to update from 'false' to 'true'")]
    [InlineData("principal", "FrameworkInfo update is not valid: Updating 'FrameworkInfo.principal' is unsupported; attempted to update from '' to 'p'")]
    [InlineData("roles", "FrameworkInfo update is not valid: 'FrameworkInfo.roles' must not be set when the framework is not MULTI_ROLE capable")]
    [InlineData("name", null)]
    public void Update_changes_what_may_change_and_refuses_the_rest(string field, string? refusal)
    {
        var agent = _master.Register();
        var framework = _master.Subscribe();
        var info = new FrameworkInfo { User = field == "user" ? "other" : "root", Name = field == "name" ? "new" : "f", FailoverTimeout = 60, Id = new FrameworkID { Value = framework.Id } };
        if (field == "checkpoint")
        {
            info.Checkpoint = true;
        }
        else if (field == "principal")
        {
            info.Principal = "p";
        }
        else if (field == "roles")
        {
            info.Roles.Add("a");
        }

        var reply = framework.Send(new Call { Type = Call.Types.Type.UpdateFramework, UpdateFramework = new Call.Types.UpdateFramework { FrameworkInfo = info } });
        Assert.Equal((refusal is null ? 200 : 400, refusal ?? ""), (reply.Status, reply.Message));
        Assert.Equal(refusal is null, agent.Has(AgentEvent.EventOneofCase.UpdateFramework));
        Assert.Equal(refusal is null ? "new" : "f", Assert.Single(_master.Snapshot.Frameworks)!.Info.Name);
    }

    [Fact]
    public void Teardown_kills_the_tasks_frees_everything_and_closes_the_stream()
    {
        var agent = _master.Register();
        var framework = Launched(agent);
        framework.Drop();
        framework.Teardown();
        Assert.True(framework.IsClosed);
        Assert.Empty(framework.Waiting);
        Assert.True(agent.Has(AgentEvent.EventOneofCase.ShutdownFramework));
        Assert.Equal("cpus:4; mem:1024; disk:1000; ports:[31000-32000]", Total(Assert.Single(_master.Subscribe().TakeOffers())));
        Assert.DoesNotContain("framework/" + framework.Id, _master.Journal.Keys);
        Assert.Equal(400, framework.Send(new Call { Type = Call.Types.Type.Revive }).Status);
    }

    [Fact]
    public void Operator_tears_a_framework_down_and_kills_a_task()
    {
        var agent = _master.Register();
        var framework = Launched(agent);
        var key = new TaskKey(new FrameworkId(framework.Id), new TaskId("t1"));
        Assert.Equal(202, _master.Tell(new MasterCommand.KillTask(key)).Status);
        Assert.Equal("t1", agent.Take(AgentEvent.EventOneofCase.KillTask).KillTask.TaskId.Value);
        Assert.Equal(404, _master.Tell(new MasterCommand.KillTask(key with { TaskId = new TaskId("t9") })).Status);
        Assert.Equal(200, _master.Tell(new MasterCommand.TeardownFramework(new FrameworkId(framework.Id))).Status);
        Assert.Equal(400, _master.Tell(new MasterCommand.TeardownFramework(new FrameworkId(framework.Id))).Status);
    }

    [Fact]
    public void Removed_frameworks_are_remembered_up_to_the_flag()
    {
        var master = new MasterHarness(options => options with { MaxCompletedFrameworks = 2 });
        for (var i = 0; i < 3; i++)
        {
            master.Subscribe(id: $"f{i}").Teardown();
        }

        Assert.Equal(["f1", "f2"], master.Snapshot.CompletedFrameworks.Select(framework => framework.Id.Value));
        Assert.True(master.Subscribe(id: "f0").Has(Event.Types.Type.Subscribed));
        Assert.True(master.Subscribe(id: "f2").Has(Event.Types.Type.Error));
    }

    private HarnessFramework Launched(HarnessAgent agent, Action<FrameworkInfo>? change = null)
    {
        var framework = _master.Subscribe(change);
        framework.Launch(framework.TakeOffer(), HarnessFramework.Task("t1", agent.Id));
        return framework;
    }

    /// <summary>Time goes by while the agent says that it is there.</summary>
    private void Pass(HarnessAgent agent, int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            _master.Pass(TimeSpan.FromSeconds(1));
            agent.Pong();
        }
    }

    private static string Total(Offer offer) => Core.Resources.ResourceList.FromProto(offer.Resources).ToString();

    private static void Old(FrameworkInfo info, string role, Capability capability)
    {
#pragma warning disable CS0612 // The role of frameworks without MULTI_ROLE.
        info.Role = role;
#pragma warning restore CS0612
        info.Capabilities.Add(HarnessFramework.Capability(capability));
    }

    private static OfferFilters Filter(double? cpus)
    {
        var quantities = new OfferFilters.Types.ResourceQuantities();
        if (cpus is { } amount)
        {
            quantities.Quantities["cpus"] = new Value.Types.Scalar { Value = amount };
        }

        return new OfferFilters { MinAllocatableResources = new OfferFilters.Types.MinAllocatableResources { Quantities = { quantities } } };
    }
}
