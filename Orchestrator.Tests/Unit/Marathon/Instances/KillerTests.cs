using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Marathon;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Marathon.Instances;

/// <summary>Instances of apps that ask for it are drained before they are killed, whatever kills them.</summary>
public sealed class KillerTests
{
    private const string Check = "[{'protocol':'HTTP','gracePeriodSeconds':0,'maxConsecutiveFailures':1}]";

    private static ServicesHarness Running(int instances = 2)
    {
        var services = new ServicesHarness().Subscribed();
        services.Create($"{{'id':'/web','cmd':'one','cpus':0.1,'mem':32,'instances':{instances},'drainSeconds':20,'healthChecks':{Check}}}");
        services.CheckAll("/web", true);
        return services;
    }

    private static string[] Killed(ServicesHarness services) => [.. services.Calls.Where(call => call.Kill is not null).Select(call => call.Kill.TaskId.Value).Distinct()];

    private static string[] Draining(ServicesHarness services) => [.. services.App().Instances.Where(instance => instance.DrainsUntil is not null).Select(instance => instance.TaskId)];

    public static TheoryData<string> Ways => ["scale", "upgrade", "restart", "kill", "kill and scale", "wipe", "delete"];

    [Theory]
    [MemberData(nameof(Ways))]
    public void Every_way_to_end_an_instance_drains_it_first(string way)
    {
        var services = Running();
        var before = services.TaskIds();
        switch (way)
        {
            case "scale":
                services.Update("/web", "{'instances':0}");
                break;
            case "upgrade":
                services.Update("/web", "{'cmd':'two','upgradeStrategy':{'minimumHealthCapacity':0,'maximumOverCapacity':0}}");
                break;
            case "restart":
                services.Restart("/web");
                services.CheckAll("/web", true);
                break;
            case "kill":
                services.Kill("/web");
                break;
            case "kill and scale":
                services.Kill("/web", scale: true);
                break;
            case "wipe":
                services.Kill("/web", wipe: true);
                break;
            case "delete":
                services.Delete("/web");
                break;
        }

        var told = services.EventsOf("instance_draining_event").ToList();
        Assert.Equal(before.Order(), told.Select(happened => happened.GetProperty("taskId").GetString()!).Order());
        Assert.All(before, task => Assert.Contains(services.EventsOf("status_update_event"), happened => happened.GetProperty("taskId").GetString() == task && happened.GetProperty("taskStatus").GetString() == "TASK_KILLING"));
        services.Pass(TimeSpan.FromSeconds(19));
        Assert.Empty(Killed(services));
        services.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(before.Order(), Killed(services).Order());
    }

    /// <summary>For example one that a master heard which had just started and did not know the task yet.</summary>
    [Theory]
    [InlineData(2, true)]
    [InlineData(0, false)]
    public void Kill_of_a_task_that_is_said_to_run_a_while_later_is_sent_again_at_once(int seconds, bool isSentAgain)
    {
        var services = new ServicesHarness().Subscribed();
        services.AutoKill = false;
        services.Create("{'id':'/web','cmd':'one','cpus':0.1,'mem':32,'instances':1}");
        var task = services.TaskIds().Single();
        services.Kill("/web");
        services.Pass(TimeSpan.FromSeconds(seconds));
        services.AutoKill = true;

        services.Tell(new MarathonCommand.SchedulerEvent(new Event
        {
            Type = Event.Types.Type.Update,
            Update = new Event.Types.Update { Status = new TaskStatus { TaskId = new TaskID { Value = task }, State = TaskState.TaskRunning, Reason = TaskStatus.Types.Reason.Reconciliation } },
        }));

        Assert.Equal(isSentAgain ? 2 : 1, services.Calls.Count(call => call.Kill?.TaskId.Value == task));
        services.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(isSentAgain, services.TaskIds().All(id => id != task));
    }

    [Fact]
    public void Draining_instance_is_shown_as_being_killed()
    {
        var services = Running();
        var task = services.TaskIds()[0];

        services.Kill("/web", [task]);

        var instance = services.App().Instances.Single(instance => instance.TaskId == task);
        Assert.Equal(("TASK_KILLING", "Running", services.Now.AddSeconds(20), false), (instance.State, instance.Condition, instance.DrainsUntil!.Value, instance.CarriesTraffic));
    }

    [Fact]
    public void Forced_kill_ends_at_once_also_what_is_being_drained()
    {
        var services = Running();
        var tasks = services.TaskIds();

        services.Kill("/web", [tasks[0]]);
        Assert.Empty(Killed(services));
        services.Kill("/web", tasks, force: true);

        Assert.Equal(tasks.Order(), Killed(services).Order());
    }

    [Fact]
    public void Unhealthy_instance_is_not_drained()
    {
        var services = Running();
        var task = services.TaskIds()[0];

        services.Check(task, false);

        Assert.Equal([task], Killed(services));
        Assert.Empty(services.EventsOf("instance_draining_event"));
    }

    [Fact]
    public void Instance_that_does_not_run_yet_is_not_drained()
    {
        var services = new ServicesHarness { AutoRun = false }.Subscribed();
        services.Create("{'id':'/web','cmd':'one','cpus':0.1,'mem':32,'drainSeconds':20}");

        services.Delete("/web");

        Assert.Single(Killed(services));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Drain_goes_on_after_a_restart_of_the_host_and_ends_in_its_time(bool decommission)
    {
        var services = Running();
        var task = services.TaskIds()[0];
        services.Kill("/web", [task], wipe: decommission);
        services.Pass(TimeSpan.FromSeconds(5));

        var next = services.Restart().Subscribed();
        Assert.Equal([task], Draining(next));
        next.Pass(TimeSpan.FromSeconds(14));
        Assert.Empty(Killed(next));
        next.Pass(TimeSpan.FromSeconds(1));

        Assert.Equal([task], Killed(next));
        next.Pass(TimeSpan.FromSeconds(5));
        Assert.Equal(2, next.Tasks.Count);
        Assert.Empty(Draining(next));
    }

    [Fact]
    public void Draining_instance_does_not_count_as_healthy_in_an_upgrade()
    {
        var services = Running();
        services.Kill("/web", [services.TaskIds()[0]]);

        services.Update("/web", "{'cmd':'two','upgradeStrategy':{'minimumHealthCapacity':0.5,'maximumOverCapacity':0}}");
        services.Pass(TimeSpan.FromSeconds(19));

        // One of two must stay healthy, and one is on its way out: the other may not be drained as well.
        Assert.Single(Draining(services));
    }
}
