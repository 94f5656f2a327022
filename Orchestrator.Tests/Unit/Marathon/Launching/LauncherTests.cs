using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Marathon.Launching;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Marathon.Launching;

/// <summary>From offers to launches: all of an offer is used, apps take turns, and what waits says why.</summary>
public sealed class LauncherTests
{
    private static string App(string id, int instances = 1, double cpus = 1, string more = "") =>
        FormattableString.Invariant($"{{'id':'{id}','cmd':'x','cpus':{cpus},'mem':32,'instances':{instances}{more}}}");

    [Fact]
    public void Large_app_is_launched_at_once_and_spread_over_the_offers()
    {
        var services = new ServicesHarness().Subscribed();

        services.Create(App("/web", 30));

        var launches = services.Calls.Where(call => call.Accept is not null).Select(call => call.Accept.Operations.Single().Launch.TaskInfos.Count).ToArray();
        Assert.Equal([10, 10, 10], launches);
        Assert.Equal(30, services.App().TasksRunning);
    }

    [Fact]
    public void Apps_that_wait_together_take_turns_on_a_small_offer()
    {
        var services = new ServicesHarness();
        services.Agents.Clear();
        services.Agents["S1"] = 10;
        services.Create(App("/a", 20));
        services.Create(App("/b", 20));

        services.Subscribed();

        Assert.Equal((5, 5), (services.App("/a").TasksRunning, services.App("/b").TasksRunning));
    }

    [Fact]
    public void Nothing_that_waits_means_that_offers_are_declined_for_long_and_suppressed()
    {
        var services = new ServicesHarness().Subscribed();

        var decline = services.Calls.Single(call => call.Decline is not null).Decline;
        Assert.Equal((3, 120.0), (decline.OfferIds.Count, decline.Filters.RefuseSeconds));
        Assert.Single(services.Calls, call => call.Type == Call.Types.Type.Suppress);
    }

    [Fact]
    public void Something_that_waits_revives_in_the_same_turn()
    {
        var services = new ServicesHarness().Subscribed();

        services.Tell(new MarathonCommand.CreateApp(ServicesHarness.Json(App("/web")), false, ServicesHarness.Origin));

        Assert.Contains(services.Effects.Calls, call => call.Type == Call.Types.Type.Revive);
    }

    [Fact]
    public void Crowd_of_changes_makes_few_calls()
    {
        var services = new ServicesHarness { AutoRun = false }.Subscribed();
        for (var i = 0; i < 50; i++)
        {
            services.Now += TimeSpan.FromMilliseconds(1);
            services.Tell(new MarathonCommand.CreateApp(ServicesHarness.Json(App($"/a{i}")), false, ServicesHarness.Origin));
        }

        Assert.Single(services.Calls, call => call.Type == Call.Types.Type.Revive);
        services.Run();
        Assert.Equal(50, services.Tasks.Count);
    }

    [Fact]
    public void App_whose_delay_has_not_ended_is_not_launched_and_offers_are_not_wanted()
    {
        var services = new ServicesHarness().Subscribed();
        services.Create(App("/web", more: ",'backoffSeconds':50"));
        services.Say(services.TaskIds().Single(), TaskState.TaskFailed);
        services.Calls.Clear();

        services.Pass(TimeSpan.FromSeconds(49));
        Assert.Equal(0, services.App().TasksRunning);
        Assert.DoesNotContain(services.Calls, call => call.Type == Call.Types.Type.Revive);

        services.Pass(TimeSpan.FromSeconds(2));
        Assert.Equal(1, services.App().TasksRunning);
        Assert.Single(services.Calls, call => call.Type == Call.Types.Type.Revive);
    }

    [Fact]
    public void App_that_fits_nowhere_says_what_each_agent_lacks()
    {
        var services = new ServicesHarness();
        services.Create(App("/web", cpus: 500, more: ",'constraints':[['rack','CLUSTER','r1']]"));
        services.Subscribed();

        var queue = services.App().Queue!;
        Assert.Equal((1, 3, 3), (queue.Count, queue.ProcessedOffers, queue.UnusedOffers));
        Assert.Equal(["S1", "S2", "S3"], queue.LastUnusedOffers.Select(unused => unused.AgentId).Order());
        Assert.All(queue.LastUnusedOffers, unused => Assert.Equal(["InsufficientCpus", "UnfulfilledConstraint"], unused.Reasons.Select(reason => reason.Reason).Order()));
        var cpus = queue.LastUnusedOffers[0].Reasons.Single(reason => reason.Reason == "InsufficientCpus");
        Assert.Equal(("500 cpus", "100 cpus"), (cpus.Needed, cpus.Offered));
    }

    [Fact]
    public void Unused_offers_that_are_kept_are_bounded_and_the_newest()
    {
        var services = new ServicesHarness();
        for (var i = 0; i < 80; i++)
        {
            services.Agents[$"T{i:D2}"] = 1;
        }

        services.Create(App("/web", cpus: 500));
        services.Subscribed();

        Assert.Equal(50, services.App().Queue!.LastUnusedOffers.Count);
    }

    [Fact]
    public void App_that_was_placed_has_no_queue()
    {
        var services = new ServicesHarness().Subscribed();
        services.Create(App("/web"));

        Assert.Null(services.App().Queue);
    }

    [Fact]
    public void Offer_that_was_rescinded_before_it_was_used_is_left_alone()
    {
        var services = new ServicesHarness();
        services.Tell(new MarathonCommand.SchedulerEvent(new Event { Type = Event.Types.Type.Subscribed, Subscribed = new Event.Types.Subscribed { FrameworkId = new FrameworkID { Value = "f" } } }));
        var offers = new Event.Types.Offers();
        offers.Offers_.Add(ServicesHarness.Offer("O-x", "S1", 4));

        services.Effects.Clear();
        services.Engine.Apply(new MarathonCommand.SchedulerEvent(new Event { Type = Event.Types.Type.Offers, Offers = offers }), services.Now, services.Effects);
        services.Engine.Apply(new MarathonCommand.SchedulerEvent(new Event { Type = Event.Types.Type.Rescind, Rescind = new Event.Types.Rescind { OfferId = new OfferID { Value = "O-x" } } }), services.Now, services.Effects);
        services.Engine.Advance(services.Now, services.Effects);

        Assert.DoesNotContain(services.Effects.Calls, call => call.Accept is not null || call.Decline is not null);
    }

    [Fact]
    public void Unique_hosts_are_kept_and_a_place_that_opens_is_used()
    {
        var services = new ServicesHarness().Subscribed();
        services.Create(App("/web", 4, more: ",'constraints':[['hostname','UNIQUE']]"));
        Assert.Equal(3, services.App().TasksRunning);
        Assert.Equal(3, services.App().Instances.Where(instance => instance.Host.Length > 0).Select(instance => instance.Host).Distinct().Count());

        services.Kill("/web", [services.App().Instances.First(instance => instance.Host.Length > 0).TaskId]);
        services.Pass(TimeSpan.FromSeconds(1));

        Assert.Equal(3, services.App().TasksRunning);
        Assert.Equal(1, services.App().Queue!.Count);
    }

    [Fact]
    public void More_work_than_a_turn_holds_goes_on_in_the_next_ones()
    {
        var services = new ServicesHarness(options => options with { MaxRunningDeployments = 1000 });
        for (var i = 0; i < 300; i++)
        {
            services.Agents[$"T{i:D3}"] = 1;
        }

        for (var i = 0; i < 120; i++)
        {
            services.Create(App($"/a{i}", cpus: 500));
        }

        Assert.True(120 * 300 > Launcher.MaxTriesPerTurn);
        services.Create(App("/fits", 300));
        services.Subscribed();
        services.Pass(TimeSpan.FromSeconds(1));

        Assert.Equal(300, services.App("/fits").TasksRunning);
    }
}
