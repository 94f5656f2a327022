using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Marathon;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Marathon.Deployments;

/// <summary>Blue-green upgrades: the new colour beside the old, the switch, the drain, and the way back at any time.</summary>
public sealed class BlueGreenUpgradeTests
{
    private static string App(string cmd, int instances = 3, string more = "") =>
        $"{{'id':'/web','cmd':'{cmd}','cpus':0.1,'mem':32,'instances':{instances},'backoffSeconds':0,'upgradeStrategy':{{'type':'BLUE_GREEN'{more}}},'healthChecks':[{{'protocol':'HTTP','portIndex':0,'gracePeriodSeconds':0,'maxConsecutiveFailures':0}}]}}";

    private static string[] Tasks(ServicesHarness services, string cmd) => [.. services.Tasks.Where(task => task.Value.Info.Command.Value == cmd).Select(task => task.Key).Order()];

    /// <summary>What a balancer would send traffic to.</summary>
    private static string[] Traffic(ServicesHarness services) =>
        [.. services.App().Instances.Where(instance => instance is { State: "TASK_RUNNING", Healthy: true }).Select(instance => instance.TaskId).Order()];

    private static void Heal(ServicesHarness services, string cmd)
    {
        foreach (var task in Tasks(services, cmd))
        {
            services.Check(task, true);
        }
    }

    private static ServicesHarness Blue(string more = "")
    {
        var services = new ServicesHarness().Subscribed();
        Assert.Equal(201, services.Create(App("blue", more: more)).Status);
        Heal(services, "blue");
        Assert.Empty(services.Snapshot.Deployments);
        return services;
    }

    private static void Cancel(ServicesHarness services, bool force = false)
    {
        Assert.True(services.Tell(new MarathonCommand.CancelDeployment(services.Snapshot.Deployments.Single().Id, force, ServicesHarness.Origin)).IsSuccess);
        services.Run();
    }

    [Fact]
    public void New_colour_comes_up_beside_the_old_and_takes_over_at_once_when_all_of_it_is_healthy()
    {
        var services = Blue();
        var blue = Tasks(services, "blue");
        services.Update("/web", App("green"));

        Assert.Equal((3, 3), (Tasks(services, "blue").Length, Tasks(services, "green").Length));
        Assert.Equal("starting", services.Snapshot.Deployments.Single().Steps[0][0].Phase);
        var green = Tasks(services, "green");
        services.Check(green[0], true);
        services.Check(green[1], true);
        Assert.Equal(blue, Traffic(services));
        Assert.All(services.App().Instances.Where(instance => green.Contains(instance.TaskId)), instance => Assert.Equal(("green", false, "TASK_STARTING"), (instance.Colour, instance.CarriesTraffic, instance.State)));

        services.Check(green[2], true);
        Assert.Equal(green, Traffic(services));
        Assert.Empty(Tasks(services, "blue"));
        Assert.Empty(services.Snapshot.Deployments);
        var switched = services.EventsOf("app_traffic_switched_event").Single();
        Assert.Equal("green", switched.GetProperty("colour").GetString());
        Assert.Equal(green, switched.GetProperty("taskIds").EnumerateArray().Select(task => task.GetString()!).Order());
    }

    [Fact]
    public void Next_upgrade_goes_back_to_the_first_colour()
    {
        var services = Blue();
        services.Update("/web", App("green"));
        Heal(services, "green");

        services.Update("/web", App("third"));
        Heal(services, "third");

        Assert.Equal(Tasks(services, "third"), Traffic(services));
        Assert.All(services.App().Instances, instance => Assert.Equal("blue", instance.Colour));
    }

    [Fact]
    public void Upgrade_that_is_taken_back_before_the_switch_loses_nothing()
    {
        var services = Blue();
        var blue = Tasks(services, "blue");
        services.Update("/web", App("green"));
        services.Check(Tasks(services, "green")[0], true);

        Cancel(services);

        Assert.Equal(blue, Traffic(services));
        Assert.Equal(blue, services.Tasks.Keys.Order());
        Assert.Empty(services.Snapshot.Deployments);
        Assert.Equal("blue", services.App().Definition.Cmd);
    }

    [Fact]
    public void Upgrade_that_is_taken_back_while_the_old_colour_waits_gives_it_the_traffic_again()
    {
        var services = Blue();
        var blue = Tasks(services, "blue");
        services.Update("/web", App("green", more: ",'soakSeconds':300"));
        Heal(services, "green");
        Assert.Equal(Tasks(services, "green"), Traffic(services));
        Assert.Equal("soaking", services.Snapshot.Deployments.Single().Steps[0][0].Phase);
        services.Pass(TimeSpan.FromSeconds(100));

        Cancel(services);

        Assert.Equal(blue, Traffic(services));
        Assert.Equal(blue, services.Tasks.Keys.Order());
        Assert.Empty(services.Snapshot.Deployments);
    }

    [Fact]
    public void Old_colour_goes_when_the_soak_is_over()
    {
        var services = Blue();
        services.Update("/web", App("green", more: ",'soakSeconds':300"));
        Heal(services, "green");

        services.Pass(TimeSpan.FromSeconds(295));
        Assert.Equal(3, Tasks(services, "blue").Length);
        services.Pass(TimeSpan.FromSeconds(6));

        Assert.Empty(Tasks(services, "blue"));
        Assert.Empty(services.Snapshot.Deployments);
    }

    [Fact]
    public void Old_instance_that_fails_before_the_switch_comes_again()
    {
        var services = Blue();
        services.Update("/web", App("green"));

        services.Say(Tasks(services, "blue")[0], TaskState.TaskFailed);
        services.Pass(TimeSpan.FromSeconds(5));
        Heal(services, "blue");

        Assert.Equal(3, Tasks(services, "blue").Length);
        Assert.Equal(Tasks(services, "blue"), Traffic(services));
        Heal(services, "green");
        Assert.Equal(Tasks(services, "green"), Traffic(services));
        Assert.Equal(3, services.Tasks.Count);
    }

    [Fact]
    public void Upgrade_that_fails_is_taken_back_by_itself()
    {
        var services = Blue();
        var blue = Tasks(services, "blue");
        services.Update("/web", App("green", more: ",'maxFailures':1"));

        services.Say(Tasks(services, "green")[0], TaskState.TaskFailed);
        services.Say(Tasks(services, "green")[1], TaskState.TaskFailed);

        Assert.Equal(blue, services.Tasks.Keys.Order());
        Assert.Equal(blue, Traffic(services));
        Assert.Equal("rolledBack", services.Snapshot.History[1].Outcome);
    }

    [Fact]
    public void Upgrade_that_is_stopped_keeps_the_instances_with_the_traffic()
    {
        var services = Blue();
        var blue = Tasks(services, "blue");
        services.Update("/web", App("green"));

        Cancel(services, force: true);

        Assert.Equal(blue, services.Tasks.Keys.Order());
        Assert.Equal(blue, Traffic(services));
    }

    [Fact]
    public void Upgrade_that_another_takes_the_place_of_ends_only_the_colour_without_traffic()
    {
        var services = Blue();
        var blue = Tasks(services, "blue");
        services.Update("/web", App("green"));

        services.Update("/web", App("third"), force: true);
        Assert.Equal((3, 0, 3), (Tasks(services, "blue").Length, Tasks(services, "green").Length, Tasks(services, "third").Length));
        Assert.Equal(blue, Traffic(services));
        Heal(services, "third");

        Assert.Equal(Tasks(services, "third"), Traffic(services));
        Assert.Equal(3, services.Tasks.Count);
    }

    [Theory]
    [InlineData("starting")]
    [InlineData("soaking")]
    [InlineData("draining")]
    public void Upgrade_goes_on_after_a_restart_in_any_phase(string phase)
    {
        var services = Blue();
        services.AutoKill = false;
        services.Update("/web", App("green", more: phase == "soaking" ? ",'soakSeconds':60" : ""));
        if (phase == "starting")
        {
            services.Check(Tasks(services, "green")[0], true);
        }
        else
        {
            Heal(services, "green");
        }

        Assert.Equal(phase, services.Snapshot.Deployments.Single().Steps[0][0].Phase);
        var traffic = Traffic(services);
        var next = services.Restart();
        next.AutoKill = true;
        next.Subscribed();
        Assert.Equal(traffic, Traffic(next));

        Heal(next, "green");
        next.Pass(TimeSpan.FromSeconds(61));

        Assert.Equal(Tasks(next, "green"), Traffic(next));
        Assert.Equal(3, next.Tasks.Count);
        Assert.Empty(next.Snapshot.Deployments);
    }

    [Fact]
    public void App_of_another_strategy_becomes_blue_green_and_back_without_a_moment_without_traffic()
    {
        var services = new ServicesHarness().Subscribed();
        services.Create(App("first").Replace("'type':'BLUE_GREEN'", "'minimumHealthCapacity':1,'maximumOverCapacity':1", StringComparison.Ordinal));
        Heal(services, "first");
        services.AfterTurn = () => Assert.True(Traffic(services).Length >= 3, "too few carry traffic");

        services.Update("/web", App("green"));
        Heal(services, "green");
        Assert.Equal(Tasks(services, "green"), Traffic(services));

        services.Update("/web", App("last").Replace("'type':'BLUE_GREEN'", "'minimumHealthCapacity':1,'maximumOverCapacity':1", StringComparison.Ordinal));
        Heal(services, "last");
        Assert.Equal(Tasks(services, "last"), Traffic(services));

        services.Update("/web", App("again"));
        Heal(services, "again");
        Assert.Equal(Tasks(services, "again"), Traffic(services));
        Assert.Equal(3, services.Tasks.Count);
    }

    [Fact]
    public void Ordered_start_launches_one_after_the_other()
    {
        var services = new ServicesHarness().Subscribed();
        services.Create(App("one", 3, ",'ordered':true"));
        for (var i = 1; i <= 3; i++)
        {
            Assert.Equal(i, services.Tasks.Count);
            Assert.Equal(Enumerable.Range(0, i), services.App().Instances.Select(instance => instance.Ordinal));
            Heal(services, "one");
        }

        services.Update("/web", App("two", 3, ",'ordered':true"));
        for (var i = 1; i <= 3; i++)
        {
            Assert.Equal(i, Tasks(services, "two").Length);
            Heal(services, "two");
        }

        Assert.Equal(3, services.Tasks.Count);
        services.Update("/web", "{'instances':1}");
        Assert.Equal(0, services.App().Instances.Single().Ordinal);
    }
}
