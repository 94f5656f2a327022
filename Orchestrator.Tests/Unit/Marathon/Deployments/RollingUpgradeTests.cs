using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Marathon.Deployments;

/// <summary>Upgrades through the engine: how many old ones go and how many new ones come, before and after each event.</summary>
public sealed class RollingUpgradeTests
{
    private static string App(int instances, double minimum = 1, double over = 1, string cmd = "old", bool check = false) =>
        FormattableString.Invariant($"{{'id':'/web','cmd':'{cmd}','cpus':0.1,'mem':32,'instances':{instances},'upgradeStrategy':{{'minimumHealthCapacity':{minimum},'maximumOverCapacity':{over}}}")
        + (check ? ",'healthChecks':[{'protocol':'HTTP','portIndex':0,'gracePeriodSeconds':0,'maxConsecutiveFailures':0}]}" : "}");

    private static ServicesHarness Running(string app)
    {
        var services = new ServicesHarness().Subscribed();
        Assert.Equal(201, services.Create(app).Status);
        services.CheckAll("/web", true);
        (services.AutoRun, services.AutoKill) = (false, false);
        return services;
    }

    private static string[] Tasks(ServicesHarness services, string cmd) => [.. services.Tasks.Where(task => task.Value.Info.Command.Value == cmd).Select(task => task.Key)];

    private static (int Killed, int Launched) Counts(ServicesHarness services) =>
        (services.Calls.Where(call => call.Kill is not null).Select(call => call.Kill.TaskId.Value).Distinct().Count(), Tasks(services, "new").Length);

    private static string[] Killed(ServicesHarness services) => [.. services.Calls.Where(call => call.Kill is not null).Select(call => call.Kill.TaskId.Value).Where(services.Tasks.ContainsKey).Distinct()];

    [Theory]
    [InlineData(10, 10, 1, 1, 0, 10)]
    [InlineData(10, 10, 0.5, 0, 5, 0)]
    [InlineData(10, 10, 1, 0, 0, 1)]
    [InlineData(10, 10, 0.9, 0.1, 1, 1)]
    [InlineData(3, 3, 0.5, 0.2, 1, 0)]
    [InlineData(1, 1, 1, 1, 0, 1)]
    [InlineData(1, 1, 1, 0, 0, 1)]
    [InlineData(1, 1, 0, 0, 1, 0)]
    [InlineData(10, 10, 0, 0, 10, 0)]
    [InlineData(10, 5, 1, 1, 5, 0)]
    [InlineData(2, 10, 1, 1, 0, 10)]
    public void Upgrade_that_begins_kills_and_launches_as_the_arithmetic_says(int old, int target, double minimum, double over, int killed, int launched)
    {
        var services = Running(App(old, minimum, over));

        services.Update("/web", App(target, minimum, over, "new"));

        Assert.Equal((killed, launched), Counts(services));
    }

    [Fact]
    public void Upgrade_with_the_default_strategy_ends_one_old_for_each_new_that_runs()
    {
        var services = Running(App(10));
        services.Update("/web", App(10, cmd: "new"));

        var fresh = Tasks(services, "new");
        for (var i = 0; i < fresh.Length; i++)
        {
            services.Say(fresh[i], TaskState.TaskRunning);
            Assert.Equal(i + 1, Counts(services).Killed);
        }
    }

    [Fact]
    public void Upgrade_without_surge_launches_into_places_only_when_the_old_are_dead()
    {
        var services = Running(App(10, 0.5, 0));
        services.Update("/web", App(10, 0.5, 0, "new"));

        var dying = Killed(services);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(i, Counts(services).Launched);
            services.Say(dying[i], TaskState.TaskKilled);
        }

        Assert.Equal((5, 5), Counts(services));
        services.Say(Tasks(services, "new")[0], TaskState.TaskRunning);
        Assert.Equal((6, 5), Counts(services));
    }

    [Fact]
    public void Upgrade_with_unhealthy_old_instances_ends_those_first()
    {
        var services = Running(App(10, 0.5, 0, check: true));
        var bad = services.TaskIds()[3..7];
        foreach (var task in bad)
        {
            services.Check(task, false);
        }

        services.Update("/web", App(10, 0.5, 0, "new", check: true));

        Assert.Single(Killed(services), task => bad.Contains(task));
        services.Say(Killed(services).Single(), TaskState.TaskKilled);
        services.Say(Tasks(services, "new").Single(), TaskState.TaskRunning);
        Assert.Equal((1, 1), Counts(services));
        services.Check(Tasks(services, "new").Single(), true);
        Assert.Equal((2, 1), Counts(services));
        Assert.Single(Killed(services), task => bad.Contains(task));
    }

    [Fact]
    public void Upgrade_waits_for_health_and_not_only_for_running()
    {
        var services = Running(App(1, check: true));
        services.Update("/web", App(1, cmd: "new", check: true));
        var fresh = Tasks(services, "new").Single();

        services.Say(fresh, TaskState.TaskRunning);
        Assert.Empty(Killed(services));

        services.Check(fresh, true);
        services.Say(Killed(services).Single(), TaskState.TaskKilled);
        Assert.Empty(services.Snapshot.Deployments);
        Assert.Equal([fresh], services.TaskIds());
    }

    [Fact]
    public void Upgrade_interrupted_by_a_restart_goes_on_with_what_is_there()
    {
        var services = Running(App(10));
        services.Update("/web", App(10, cmd: "new"));
        foreach (var task in Tasks(services, "new").Take(5))
        {
            services.Say(task, TaskState.TaskRunning);
        }

        Assert.Equal((5, 10), Counts(services));
        var next = services.Restart();
        (next.AutoRun, next.AutoKill) = (true, true);
        next.Subscribed();
        foreach (var task in Tasks(next, "new").Where(task => next.Tasks[task].State != TaskState.TaskRunning))
        {
            next.Say(task, TaskState.TaskRunning);
        }

        Assert.Empty(next.Snapshot.Deployments);
        Assert.Equal(10, next.Tasks.Count);
        Assert.Equal(10, Tasks(next, "new").Length);
        Assert.Equal(next.Tasks.Keys.Order(), next.TaskIds().Order());
    }

    [Fact]
    public void Upgrade_with_health_unknown_after_a_restart_ends_no_old_instance_before_a_result()
    {
        var services = Running(App(4, check: true));
        services.Update("/web", App(4, cmd: "new", check: true));

        var next = services.Restart().Subscribed();
        foreach (var task in Tasks(next, "new"))
        {
            next.Say(task, TaskState.TaskRunning);
        }

        Assert.Empty(Killed(next));
        next.AutoKill = true;
        next.CheckAll("/web", true);
        Assert.Empty(next.Snapshot.Deployments);
        Assert.Equal(4, next.Tasks.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Strict_upgrade_goes_on_after_a_restart_before_anything_was_done(bool check)
    {
        var services = Running(App(3, 1, 0, check: check));
        services.Update("/web", App(3, 1, 0, "new", check));
        services.Tasks.Remove(Tasks(services, "new").Single());

        var next = services.Restart();
        (next.AutoRun, next.AutoKill) = (true, true);
        next.Subscribed();
        for (var i = 0; i < 10; i++)
        {
            next.Pass(TimeSpan.FromSeconds(2));
            next.CheckAll("/web", true);
            Assert.True(next.Tasks.Count <= 4);
        }

        Assert.Empty(next.Snapshot.Deployments);
        Assert.Equal(3, Tasks(next, "new").Length);
        Assert.Equal(3, next.Tasks.Count);
    }

    [Fact]
    public void Strict_upgrade_of_an_app_with_unhealthy_instances_replaces_those_first_and_ends()
    {
        var services = Running(App(4, 1, 0, check: true));
        services.Check(services.TaskIds()[2], false);
        var bad = services.TaskIds()[2];

        services.Update("/web", App(4, 1, 0, "new", check: true));
        Assert.Equal([bad], Killed(services));

        (services.AutoRun, services.AutoKill) = (true, true);
        services.Say(bad, TaskState.TaskKilled);
        for (var i = 0; i < 10; i++)
        {
            services.CheckAll("/web", true);
        }

        Assert.Empty(services.Snapshot.Deployments);
        Assert.Equal(4, Tasks(services, "new").Length);
    }

    [Fact]
    public void Strict_upgrade_of_an_app_that_never_became_healthy_ends()
    {
        var services = new ServicesHarness().Subscribed();
        services.Create(App(2, 1, 0, check: true));

        services.Update("/web", App(2, 1, 0, "new", check: true), force: true);
        for (var i = 0; i < 10; i++)
        {
            services.Check(Tasks(services, "new")[i % Tasks(services, "new").Length], true);
            Assert.True(services.Tasks.Count <= 3);
        }

        Assert.Empty(services.Snapshot.Deployments);
        Assert.Equal(2, services.Tasks.Count);
    }

    [Fact]
    public void Upgrade_to_no_instance_is_a_scaling()
    {
        var services = Running(App(3));
        services.AutoKill = true;

        services.Update("/web", App(0, cmd: "new"));

        Assert.Empty(services.Tasks);
        Assert.Equal("ScaleApplication", services.EventsOf("deployment_info").Last().GetProperty("currentStep").GetProperty("actions")[0].GetProperty("action").GetString());
    }

    [Fact]
    public void Old_instance_that_dies_in_an_upgrade_makes_room_for_a_new_one()
    {
        var services = Running(App(2, 1, 0));
        services.Update("/web", App(2, 1, 0, "new"));
        Assert.Equal((0, 1), Counts(services));

        services.Say(Tasks(services, "old")[0], TaskState.TaskFailed);

        Assert.Equal((0, 2), Counts(services));
        Assert.Single(Tasks(services, "old"));
    }

    [Fact]
    public void New_instance_that_was_healthy_and_fails_does_not_let_another_old_one_go()
    {
        var services = Running(App(4, 1, 1));
        services.Update("/web", App(4, 1, 1, "new"));
        var fresh = Tasks(services, "new");
        services.Say(fresh[0], TaskState.TaskRunning);
        services.Say(fresh[1], TaskState.TaskRunning);
        Assert.Equal(2, Counts(services).Killed);
        foreach (var task in Killed(services))
        {
            services.Say(task, TaskState.TaskKilled);
        }

        services.Say(fresh[0], TaskState.TaskFailed);
        services.Say(fresh[1], TaskState.TaskFailed);
        services.Say(fresh[2], TaskState.TaskRunning);

        Assert.Empty(Killed(services));
    }

    [Fact]
    public void Restart_replaces_every_instance_under_new_ids()
    {
        var services = Running(App(3));
        (services.AutoRun, services.AutoKill) = (true, true);
        var (before, version) = (services.TaskIds(), services.App().Definition);

        var reply = services.Restart("/web");

        Assert.Equal(200, reply.Status);
        Assert.Empty(before.Intersect(services.TaskIds()));
        Assert.Equal(3, services.App().TasksRunning);
        var after = services.App().Definition;
        Assert.Equal(version.LastScalingAt, after.LastScalingAt);
        Assert.Equal(after.Version, after.LastConfigChangeAt);
        Assert.True(after.Version > version.Version);
    }
}
