using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Marathon.Deployments;

/// <summary>Deployments that are late or cost too many failures: taken back, stopped or left to go on, and remembered.</summary>
public sealed class DeploymentJudgeTests
{
    private static string App(string cmd, string strategy = "", int instances = 2) =>
        $"{{'id':'/web','cmd':'{cmd}','cpus':0.1,'mem':32,'instances':{instances},'backoffSeconds':0,'upgradeStrategy':{{'minimumHealthCapacity':1,'maximumOverCapacity':1{strategy}}}}}";

    private static ServicesHarness Good(string strategy = "")
    {
        var services = new ServicesHarness().Subscribed();
        Assert.Equal(201, services.Create(App("good", strategy)).Status);
        Assert.Empty(services.Snapshot.Deployments);
        return services;
    }

    private static string[] Tasks(ServicesHarness services, string cmd) => [.. services.Tasks.Where(task => task.Value.Info.Command.Value == cmd).Select(task => task.Key)];

    private static void FailNew(ServicesHarness services, int times)
    {
        for (var i = 0; i < times; i++)
        {
            services.Say(Tasks(services, "bad")[0], TaskState.TaskFailed, message: "exit 1");
        }
    }

    [Fact]
    public void Upgrade_that_is_late_is_taken_back_and_no_good_instance_is_restarted()
    {
        var services = Good();
        var before = services.TaskIds().Order().ToArray();
        services.AutoRun = false;

        services.Update("/web", App("bad", ",'deadlineSeconds':60"));
        services.Pass(TimeSpan.FromSeconds(58));
        Assert.Equal(services.Snapshot.Deployments.Single().StartedAt.AddSeconds(60), services.Snapshot.Deployments.Single().Steps[0][0].Deadline);
        services.Pass(TimeSpan.FromSeconds(2));

        Assert.Empty(services.Snapshot.Deployments);
        Assert.Equal("good", services.App().Definition.Cmd);
        Assert.Equal(before, services.TaskIds().Order());
        Assert.Equal(before, services.Tasks.Keys.Order());
        var (back, late) = (services.Snapshot.History[0], services.Snapshot.History[1]);
        Assert.Equal(("rolledBack", "succeeded", late.Id), (late.Outcome, back.Outcome, back.RollbackOf));
        Assert.Contains("deadlineSeconds=60, 0 of 2 instances serve", late.Reason, StringComparison.Ordinal);
        Assert.Equal(late.Reason, services.EventsOf("deployment_failed").Single().GetProperty("reason").GetString());
    }

    [Fact]
    public void Upgrade_whose_instances_fail_too_often_is_taken_back()
    {
        var services = Good();
        services.AutoRun = false;
        services.Update("/web", App("bad", ",'maxFailures':2"));

        FailNew(services, 2);
        Assert.Equal(2, services.Snapshot.Deployments.Single().Failures);
        FailNew(services, 1);

        Assert.Empty(services.Snapshot.Deployments);
        Assert.Empty(Tasks(services, "bad"));
        Assert.Equal(2, Tasks(services, "good").Length);
        Assert.Contains("3 instances of /web failed, more than maxFailures=2; the last: TASK_FAILED exit 1", services.Snapshot.History[1].Reason, StringComparison.Ordinal);
        Assert.Equal(3, services.Snapshot.History[1].Failures);
    }

    [Fact]
    public void Old_instances_that_fail_do_not_count()
    {
        var services = Good();
        services.AutoRun = false;
        services.Update("/web", App("bad", ",'maxFailures':0"));

        services.Say(Tasks(services, "good")[0], TaskState.TaskFailed);

        Assert.Equal(0, services.Snapshot.Deployments.Single().Failures);
    }

    [Fact]
    public void Instance_that_is_killed_for_its_health_counts_as_a_failure()
    {
        var services = Good();
        services.Update("/web", App("bad", ",'maxFailures':0").TrimEnd('}') + "},'healthChecks':[{'protocol':'HTTP','gracePeriodSeconds':0,'maxConsecutiveFailures':1}]}");

        services.Check(Tasks(services, "bad")[0], false);

        Assert.Equal("good", services.App().Definition.Cmd);
        Assert.Equal("rolledBack", services.Snapshot.History[1].Outcome);
    }

    [Fact]
    public void Failed_upgrade_that_is_to_stop_stays_where_it_stands()
    {
        var services = Good();
        services.AutoRun = false;
        services.Update("/web", App("bad", ",'maxFailures':0,'onFailure':'STOP'"));

        FailNew(services, 1);

        Assert.Empty(services.Snapshot.Deployments);
        Assert.Equal("bad", services.App().Definition.Cmd);
        Assert.Equal("failed", services.Snapshot.History[0].Outcome);
    }

    [Fact]
    public void Failed_upgrade_that_is_to_wait_goes_on_and_says_that_it_is_late()
    {
        var services = Good();
        services.AutoRun = false;
        services.Update("/web", App("bad", ",'deadlineSeconds':10,'onFailure':'WAIT'"));

        services.Pass(TimeSpan.FromSeconds(11));
        Assert.Contains("late", services.Snapshot.Deployments.Single().Late, StringComparison.Ordinal);
        Assert.Single(services.EventsOf("deployment_late"));

        services.AutoRun = true;
        foreach (var task in Tasks(services, "bad"))
        {
            services.Say(task, TaskState.TaskRunning);
        }

        Assert.Empty(services.Snapshot.Deployments);
        Assert.Equal("succeeded", services.Snapshot.History[0].Outcome);
    }

    [Fact]
    public void New_app_that_fails_has_nothing_to_go_back_to_and_stays()
    {
        var services = new ServicesHarness { AutoRun = false }.Subscribed();
        services.Create(App("bad", ",'maxFailures':0"));

        FailNew(services, 1);

        Assert.Empty(services.Snapshot.Deployments);
        Assert.Equal("bad", services.App().Definition.Cmd);
        Assert.Equal("failed", services.Snapshot.History[0].Outcome);
    }

    [Fact]
    public void Rollback_goes_to_what_last_was_good_and_not_to_a_change_that_never_succeeded()
    {
        var services = Good();
        services.AutoRun = false;
        services.Update("/web", App("worse"));
        services.Update("/web", App("bad", ",'maxFailures':0"), force: true);

        services.AutoRun = true;
        FailNew(services, 1);

        Assert.Equal("good", services.App().Definition.Cmd);
        Assert.Equal(2, Tasks(services, "good").Length);
        Assert.Equal(["succeeded", "rolledBack", "superseded", "succeeded"], services.Snapshot.History.Select(ended => ended.Outcome));
    }

    [Fact]
    public void Rollback_itself_is_never_given_up()
    {
        var services = Good(",'deadlineSeconds':30");
        services.AutoRun = false;
        services.Update("/web", App("bad", ",'deadlineSeconds':30"));
        services.Say(Tasks(services, "good")[0], TaskState.TaskFailed);

        services.Pass(TimeSpan.FromSeconds(31));
        var back = services.Snapshot.Deployments.Single();
        Assert.NotNull(back.RollbackOf);
        services.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal(back.Id, services.Snapshot.Deployments.Single().Id);
        Assert.NotNull(services.Snapshot.Deployments.Single().Late);

        services.AutoRun = true;
        foreach (var task in services.Tasks.Where(task => task.Value.State == TaskState.TaskStaging).Select(task => task.Key).ToArray())
        {
            services.Say(task, TaskState.TaskRunning);
        }

        Assert.Empty(services.Snapshot.Deployments);
        Assert.Equal(2, Tasks(services, "good").Length);
    }

    [Fact]
    public void Limits_of_the_host_hold_for_apps_that_name_none()
    {
        var services = new ServicesHarness(options => options with { DeploymentDeadline = TimeSpan.FromSeconds(20), DeploymentMaxFailures = 1, DeploymentOnFailure = FailureReaction.Stop }) { AutoRun = false }.Subscribed();
        services.Create(App("bad"));

        FailNew(services, 1);
        Assert.Single(services.Snapshot.Deployments);
        FailNew(services, 1);
        Assert.Empty(services.Snapshot.Deployments);

        services.Update("/web", App("other"));
        services.Pass(TimeSpan.FromSeconds(21));
        Assert.Empty(services.Snapshot.Deployments);
        Assert.All(services.Snapshot.History, ended => Assert.Equal("failed", ended.Outcome));
    }

    [Fact]
    public void Failures_and_the_deadline_survive_a_restart_of_the_host()
    {
        var services = Good();
        services.AutoRun = false;
        services.Update("/web", App("bad", ",'maxFailures':2,'deadlineSeconds':100"));
        FailNew(services, 2);
        var deadline = services.Snapshot.Deployments.Single().Steps[0][0].Deadline;

        var next = services.Restart().Subscribed();
        Assert.Equal((2, deadline), (next.Snapshot.Deployments.Single().Failures, next.Snapshot.Deployments.Single().Steps[0][0].Deadline));
        FailNew(next, 1);

        Assert.Equal("good", next.App().Definition.Cmd);
    }

    [Fact]
    public void Deadline_that_passed_while_the_host_was_down_leaves_a_moment_to_go_on()
    {
        var services = Good();
        services.AutoRun = false;
        services.Update("/web", App("bad", ",'deadlineSeconds':60"));
        services.Now += TimeSpan.FromHours(1);

        var next = services.Restart().Subscribed();
        Assert.Single(next.Snapshot.Deployments);
        next.AutoRun = true;
        foreach (var task in Tasks(next, "bad"))
        {
            next.Say(task, TaskState.TaskRunning);
        }

        Assert.Empty(next.Snapshot.Deployments);
        Assert.Equal("bad", next.App().Definition.Cmd);
    }

    [Fact]
    public void History_tells_the_times_of_each_step_survives_a_restart_and_is_bounded()
    {
        var services = new ServicesHarness(options => options with { MaxDeploymentHistory = 3 }).Subscribed();
        services.Create(App("one"));
        var begun = services.Now;
        services.AutoRun = false;
        services.Update("/web", "{'instances':3}");
        services.Pass(TimeSpan.FromSeconds(7));
        var end = services.Now;
        services.AutoRun = true;
        services.Say(services.TaskIds()[2], TaskState.TaskRunning);

        var ended = services.Snapshot.History[0];
        Assert.Equal(("succeeded", begun, end), (ended.Outcome, ended.StartedAt, ended.EndedAt));
        Assert.Equal([(begun, end)], ended.Times.Select(times => (times.Began!.Value, times.Ended!.Value)));
        Assert.Equal(["/web"], ended.AffectedApps);

        for (var i = 0; i < 3; i++)
        {
            services.Restart("/web");
        }

        var kept = services.Snapshot.History.Select(row => row.Id).ToArray();
        Assert.Equal(3, kept.Length);
        Assert.Equal(3, services.Journal.Keys.Count(key => key.StartsWith("outcome/", StringComparison.Ordinal)));
        Assert.Equal(kept, services.Restart().Snapshot.History.Select(row => row.Id));
        Assert.DoesNotContain(services.Journal.Keys, key => key.StartsWith("progress/", StringComparison.Ordinal));
    }
}
