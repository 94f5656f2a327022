using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Marathon.Health;

/// <summary>Results of health checks, of this host and of agents.</summary>
public sealed class HealthBookTests
{
    private static ServicesHarness Running(string check = "{'protocol':'HTTP','gracePeriodSeconds':10,'maxConsecutiveFailures':3}")
    {
        var services = new ServicesHarness().Subscribed();
        services.Create($"{{'id':'/web','cmd':'x','cpus':0.1,'mem':32,'healthChecks':[{check}]}}");
        return services;
    }

    [Fact]
    public void Instance_is_healthy_once_its_check_succeeds_and_the_deployment_ends_then()
    {
        var services = Running();
        Assert.Null(services.App().Instances.Single().Healthy);
        Assert.Single(services.Snapshot.Deployments);

        services.CheckAll("/web", true);

        var instance = services.App().Instances.Single();
        Assert.True(instance.Healthy);
        Assert.Equal((1, 0), (services.App().TasksHealthy, services.App().TasksUnhealthy));
        Assert.Equal((true, 0, services.Now), (instance.HealthResults.Single().Alive, instance.HealthResults.Single().ConsecutiveFailures, instance.HealthResults.Single().FirstSuccess));
        Assert.Empty(services.Snapshot.Deployments);
        var flip = services.EventsOf("health_status_changed_event").Single();
        Assert.Equal((instance.Id, true), (flip.GetProperty("instanceId").GetString(), flip.GetProperty("alive").GetBoolean()));
        Assert.Single(services.EventsOf("instance_health_changed_event"));
    }

    [Fact]
    public void Failures_in_the_grace_period_do_not_count()
    {
        var services = Running();
        for (var i = 0; i < 5; i++)
        {
            services.CheckAll("/web", false);
        }

        Assert.Null(services.App().Instances.Single().Healthy);
        Assert.Empty(services.EventsOf("failed_health_check_event"));
    }

    [Fact]
    public void Failures_after_the_first_success_count_in_the_grace_period_too()
    {
        var services = Running();
        services.CheckAll("/web", true);

        services.CheckAll("/web", false);

        Assert.False(services.App().Instances.Single().Healthy);
        Assert.Equal(1, services.App().TasksUnhealthy);
        Assert.Single(services.EventsOf("failed_health_check_event"));
    }

    [Fact]
    public void Failures_in_a_row_up_to_the_limit_replace_the_instance()
    {
        var services = Running();
        services.Pass(TimeSpan.FromSeconds(11));
        var task = services.TaskIds().Single();
        services.Check(task, false, cause: "refused");
        services.Check(task, false, cause: "refused");
        Assert.Equal([task], services.TaskIds());

        services.Check(task, false, cause: "refused");

        Assert.Equal(task[..^1] + "2", services.TaskIds().Single());
        Assert.Null(services.App().Instances.Single().Healthy);
        var kill = services.EventsOf("unhealthy_instance_kill_event").Single();
        Assert.Equal((task, "refused"), (kill.GetProperty("taskId").GetString(), kill.GetProperty("reason").GetString()));
        Assert.Equal(3, services.EventsOf("failed_health_check_event").Count());
    }

    [Fact]
    public void Success_between_failures_starts_the_count_anew()
    {
        var services = Running();
        foreach (var alive in new[] { true, false, false, true, false, false })
        {
            services.CheckAll("/web", alive);
        }

        Assert.Equal(2, services.App().Instances.Single().HealthResults.Single().ConsecutiveFailures);
        Assert.Empty(services.EventsOf("unhealthy_instance_kill_event"));
    }

    [Fact]
    public void Limit_of_zero_never_replaces()
    {
        var services = Running("{'protocol':'TCP','gracePeriodSeconds':0,'maxConsecutiveFailures':0}");
        for (var i = 0; i < 50; i++)
        {
            services.CheckAll("/web", false);
        }

        Assert.Empty(services.EventsOf("unhealthy_instance_kill_event"));
    }

    [Fact]
    public void Instance_being_killed_is_not_killed_again()
    {
        var services = Running("{'protocol':'TCP','gracePeriodSeconds':0,'maxConsecutiveFailures':1}");
        services.AutoKill = false;
        services.CheckAll("/web", false);
        services.CheckAll("/web", false);

        Assert.Single(services.EventsOf("unhealthy_instance_kill_event"));
        Assert.Single(services.Calls, call => call.Kill is not null);
    }

    [Fact]
    public void Results_without_a_verdict_or_of_another_task_change_nothing()
    {
        var services = Running();
        var before = services.Snapshot;

        services.Check(services.TaskIds().Single(), null);
        services.Check("web.instance-1._app.1", false);
        services.Check(services.TaskIds().Single(), true, index: 7);
        services.Check(services.TaskIds().Single(), true, index: -1);

        Assert.Same(before, services.Snapshot);
    }

    [Fact]
    public void Health_that_the_agent_reports_counts_and_never_kills_from_here()
    {
        var services = Running("{'protocol':'COMMAND','command':{'value':'true'},'gracePeriodSeconds':0,'maxConsecutiveFailures':1}");
        var task = services.TaskIds().Single();

        services.Say(task, TaskState.TaskRunning, TaskStatus.Types.Reason.TaskHealthCheckStatusUpdated, healthy: false);
        Assert.False(services.App().Instances.Single().Healthy);
        services.Say(task, TaskState.TaskRunning, TaskStatus.Types.Reason.TaskHealthCheckStatusUpdated, healthy: true);

        Assert.True(services.App().Instances.Single().Healthy);
        Assert.DoesNotContain(services.Calls, call => call.Kill is not null);
        Assert.Empty(services.Snapshot.Deployments);
    }

    [Fact]
    public void Health_survives_a_restart_of_the_host_and_nothing_is_killed_for_it()
    {
        var services = Running();
        services.CheckAll("/web", true);
        var before = services.App().Instances.Single().HealthResults.Single();

        var next = services.Restart().Subscribed();
        next.Pass(TimeSpan.FromSeconds(5));

        Assert.Equal(before, next.App().Instances.Single().HealthResults.Single());
        Assert.Equal((1, 1, 0), (next.App().TasksRunning, next.App().TasksHealthy, next.App().TasksUnhealthy));
        Assert.Equal(services.TaskIds(), next.TaskIds());
        Assert.DoesNotContain(next.Calls, call => call.Kill is not null);
    }

    [Fact]
    public void Failures_from_before_a_restart_do_not_count_towards_a_kill()
    {
        var services = Running("{'protocol':'HTTP','gracePeriodSeconds':0,'maxConsecutiveFailures':3}");
        var task = services.TaskIds().Single();
        services.Check(task, false);
        services.Check(task, false);

        var next = services.Restart().Subscribed();
        Assert.False(next.App().Instances.Single().Healthy);
        next.Check(task, false);
        next.Check(task, false);
        Assert.DoesNotContain(next.Calls, call => call.Kill is not null);
        next.Check(task, false);
        Assert.Contains(next.Calls, call => call.Kill?.TaskId.Value == task);
    }

    [Fact]
    public void Result_is_durable_when_it_changes_and_only_then()
    {
        var services = Running();
        var task = services.TaskIds().Single();
        services.Check(task, true);
        var records = services.Log.Count;

        services.Check(task, true);
        services.Check(task, true);
        Assert.Equal(records, services.Log.Count);
        services.Check(task, false);
        Assert.Equal(records + 1, services.Log.Count);
    }

    [Fact]
    public void Instance_with_two_checks_is_unhealthy_when_one_fails()
    {
        var services = Running("{'protocol':'HTTP','gracePeriodSeconds':0},{'protocol':'TCP','gracePeriodSeconds':0}");
        var task = services.TaskIds().Single();

        services.Check(task, true, 0);
        services.Check(task, false, 1);
        Assert.False(services.App().Instances.Single().Healthy);
        services.Check(task, true, 1);
        Assert.True(services.App().Instances.Single().Healthy);
        Assert.Equal(2, services.EventsOf("add_health_check_event").Count());
    }
}
