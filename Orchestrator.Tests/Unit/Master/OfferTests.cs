using Orchestrator.Core.Contract;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Tests.Support;
using Capability = Orchestrator.Core.Contract.Mesos.FrameworkInfo.Types.Capability.Types.Type;

namespace Orchestrator.Tests.Unit.Master;

/// <summary>Offers from their making to their end, and what a refusal holds back for how long.</summary>
public sealed class OfferTests
{
    private readonly MasterHarness _master = new();

    [Fact]
    public void Offer_of_a_plain_framework_says_the_agent_and_its_resources_without_allocation()
    {
        var framework = _master.Subscribe();
        var agent = _master.Register("cpus:4;mem:1024;disk:1000;ports:[31000-32000]", change: subscribe =>
            subscribe.AgentInfo.Attributes.Add(new Core.Contract.Mesos.Attribute { Name = "rack", Type = Value.Types.Type.Text, Text = new Value.Types.Text { Value = "r1" } }));
        var offer = framework.TakeOffer();
        Assert.Equal(agent.Id, offer.AgentId.Value);
        Assert.Equal(framework.Id, offer.FrameworkId.Value);
        Assert.Equal("master-1-O0", offer.Id.Value);
        Assert.Equal("node-1", offer.Hostname);
        Assert.Equal(("http", "10.0.0.1", 5051, "/slave(1)"), (offer.Url.Scheme, offer.Url.Address.Ip, offer.Url.Address.Port, offer.Url.Path));
        Assert.Equal("r1", Assert.Single(offer.Attributes).Text.Value);
        Assert.Equal(["cpus", "mem", "disk", "ports"], offer.Resources.Select(resource => resource.Name));
        Assert.Null(offer.AllocationInfo);
        Assert.All(offer.Resources, resource => Assert.Null(resource.AllocationInfo));
    }

    [Fact]
    public void Offer_of_a_framework_with_roles_says_the_role_on_itself_and_each_resource()
    {
        var framework = _master.Subscribe(HarnessFramework.Roles("web"));
        _master.Register();
        var offer = framework.TakeOffer();
        Assert.Equal("web", offer.AllocationInfo.Role);
        Assert.All(offer.Resources, resource => Assert.Equal("web", resource.AllocationInfo.Role));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Reservation_is_written_in_the_form_that_the_framework_knows(bool refinement)
    {
        var framework = _master.Subscribe(info =>
        {
            HarnessFramework.Roles("web")(info);
            if (refinement)
            {
                info.Capabilities.Add(HarnessFramework.Capability(Capability.ReservationRefinement));
            }
        });
        _master.Register("cpus(web):4");
        var resource = Assert.Single(framework.TakeOffer().Resources);
#pragma warning disable CS0612 // The form of clients without RESERVATION_REFINEMENT.
        Assert.Equal(refinement ? null : "web", resource.HasRole ? resource.Role : null);
#pragma warning restore CS0612
        Assert.Equal(refinement ? ["web"] : [], resource.Reservations.Select(reservation => reservation.Role));
    }

    [Fact]
    public void Offers_of_one_turn_come_in_one_event()
    {
        _master.Register(hostname: "node-1");
        _master.Register(hostname: "node-2");
        _master.Register(hostname: "node-3");
        Assert.Equal(3, _master.Subscribe().TakeOffers().Count);
    }

    [Fact]
    public void Offers_of_one_turn_that_make_too_long_a_record_come_in_several()
    {
        for (var i = 0; i < 300; i++)
        {
            _master.Register(hostname: $"node-{i}", change: subscribe => subscribe.AgentInfo.Attributes.Add(
                new Core.Contract.Mesos.Attribute { Name = "about", Type = Value.Types.Type.Text, Text = new Value.Types.Text { Value = new string('x', 10_000) } }));
        }

        var events = _master.Subscribe().Waiting.Where(waiting => waiting.Type == Event.Types.Type.Offers).ToList();
        Assert.Equal(300, events.Sum(one => one.Offers.Offers_.Count));
        Assert.Equal(3, events.Count);
        Assert.All(events, one => Assert.InRange(MessageCodec.EncodeRecord(MessageFormat.Json, one).Length, 1, 4 * 1024 * 1024));
    }

    [Theory]
    [InlineData(null, 5.0)]
    [InlineData(5.0, 5.0)]
    [InlineData(-1.0, 5.0)]
    [InlineData(double.NaN, 5.0)]
    [InlineData(double.PositiveInfinity, 5.0)]
    [InlineData(0.1, 1.0)]
    [InlineData(7.5, 7.5)]
    public void Declined_resources_are_offered_again_after_the_refusal_and_not_before(double? refuseSeconds, double expected)
    {
        _master.Register();
        var framework = _master.Subscribe();
        framework.Decline(framework.TakeOffer(), refuseSeconds);
        _master.Pass(TimeSpan.FromSeconds(expected) - TimeSpan.FromMilliseconds(1));
        Assert.False(framework.Has(Event.Types.Type.Offers));
        _master.Pass(TimeSpan.FromMilliseconds(1));
        framework.TakeOffer();
    }

    [Fact]
    public void Refusal_beyond_a_year_is_one_of_a_year()
    {
        _master.Register();
        var framework = _master.Subscribe();
        framework.Decline(framework.TakeOffer(), 1e12);
        _master.Pass(TimeSpan.FromSeconds(20));
        Assert.False(framework.Has(Event.Types.Type.Offers));
        framework.Revive();
        framework.TakeOffer();
    }

    [Fact]
    public void Refusal_of_no_seconds_offers_again_in_the_same_turn()
    {
        _master.Register();
        var framework = _master.Subscribe();
        framework.Decline(framework.TakeOffer(), 0);
        Assert.True(framework.Has(Event.Types.Type.Offers));
    }

    [Fact]
    public void Decline_of_offers_that_are_not_its_own_is_ignored()
    {
        _master.Register();
        var first = _master.Subscribe();
        var second = _master.Subscribe();
        var offer = first.TakeOffer();
        second.Decline(offer, 0);
        second.Decline(new Offer { Id = new OfferID { Value = "nope" } }, 0);
        Assert.Equal(offer.Id.Value, Assert.Single(Assert.Single(_master.Snapshot.Frameworks, framework => framework!.Id.Value == first.Id)!.Offers).Id.Value);
    }

    [Fact]
    public void Revive_brings_offers_back_before_the_filter_ends()
    {
        _master.Register();
        var framework = _master.Subscribe();
        framework.Decline(framework.TakeOffer(), 3600);
        framework.Revive();
        framework.TakeOffer();
    }

    [Fact]
    public void Suppressed_framework_gets_no_offers_until_it_revives()
    {
        var framework = _master.Subscribe();
        framework.Suppress();
        _master.Register();
        Assert.False(framework.Has(Event.Types.Type.Offers));
        framework.Revive();
        framework.TakeOffer();
    }

    [Fact]
    public void Subscription_with_a_suppressed_role_gets_offers_for_the_others_only()
    {
        _master.Register(hostname: "node-1");
        _master.Register(hostname: "node-2");
        var framework = _master.Subscribe(HarnessFramework.Roles("a", "b"), null, "a");
        Assert.All(framework.TakeOffers(), offer => Assert.Equal("b", offer.AllocationInfo.Role));
    }

    [Fact]
    public void Revive_or_suppress_of_a_role_it_does_not_have_changes_nothing()
    {
        _master.Register();
        var framework = _master.Subscribe(HarnessFramework.Roles("a"));
        framework.Decline(framework.TakeOffer(), 60);
        framework.Revive("a", "stranger");
        Assert.False(framework.Has(Event.Types.Type.Offers));
        framework.Suppress("a", "stranger");
        framework.Revive();
        framework.TakeOffer();
    }

    [Fact]
    public void Link_of_an_agent_that_breaks_takes_its_offers_back()
    {
        var agent = _master.Register();
        var framework = _master.Subscribe();
        var offer = framework.TakeOffer();
        agent.Disconnect();
        Assert.Equal(offer.Id, framework.Take(Event.Types.Type.Rescind).Rescind.OfferId);
        agent.Subscribe();
        Assert.NotEqual(offer.Id, framework.TakeOffer().Id);
    }

    [Fact]
    public void Offer_that_times_out_is_taken_back_without_a_filter()
    {
        var master = new MasterHarness(options => options with { OfferTimeout = TimeSpan.FromSeconds(10) });
        var agent = master.Register();
        var framework = master.Subscribe();
        var offer = framework.TakeOffer();
        master.Pass(TimeSpan.FromSeconds(9));
        agent.Pong();
        Assert.False(framework.Has(Event.Types.Type.Rescind));
        master.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(offer.Id, framework.Take(Event.Types.Type.Rescind).Rescind.OfferId);
        framework.TakeOffer();
    }

    [Fact]
    public void Role_that_a_framework_gives_up_has_its_offers_rescinded()
    {
        _master.Register();
        var framework = _master.Subscribe(HarnessFramework.Roles("a"));
        var offer = framework.TakeOffer();
        var info = new FrameworkInfo { User = "root", Name = "f", Id = offer.FrameworkId, FailoverTimeout = 60 };
        HarnessFramework.Roles("b")(info);
        Assert.Equal(200, framework.Send(new Call { Type = Call.Types.Type.UpdateFramework, UpdateFramework = new Call.Types.UpdateFramework { FrameworkInfo = info } }).Status);
        Assert.Equal(offer.Id, framework.Take(Event.Types.Type.Rescind).Rescind.OfferId);
        Assert.Equal("b", framework.TakeOffer().AllocationInfo.Role);
    }

    [Fact]
    public void Offer_names_the_executors_that_the_framework_has_on_the_agent()
    {
        var agent = _master.Register();
        var framework = _master.Subscribe();
        var other = _master.Subscribe();
        framework.Launch(framework.TakeOffer(), HarnessFramework.Task("t1", agent.Id, change: task =>
        {
            task.Command = null;
            task.Executor = new ExecutorInfo { ExecutorId = new ExecutorID { Value = "e1" }, Command = new CommandInfo { Value = "run" } };
        }));
        Assert.Empty(other.TakeOffer().ExecutorIds);
        other.Disconnect();
        Assert.Equal("e1", Assert.Single(framework.TakeOffer().ExecutorIds).Value);
        Assert.True(agent.Has(AgentEvent.EventOneofCase.RunTask));
    }
}
