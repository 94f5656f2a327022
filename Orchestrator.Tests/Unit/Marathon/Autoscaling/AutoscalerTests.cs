using Orchestrator.Core.Marathon;
using Orchestrator.Core.Marathon.Autoscaling;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Marathon.Autoscaling;

/// <summary>Apps that follow their load, within the whole engine.</summary>
public sealed class AutoscalerTests
{
    private const string Rule = "'autoscaling':{'min':2,'max':6,'target':0.5,'cooldownSeconds':60,'scaleDownCooldownSeconds':120,'warmUpSeconds':30}";

    private static ServicesHarness Running(string rule = Rule)
    {
        var services = new ServicesHarness().Subscribed();
        var reply = services.Create("{'id':'/web','cmd':'x','cpus':0.5,'mem':100,'portDefinitions':[]," + rule + "}");
        Assert.True(reply.IsSuccess, ServicesHarness.Body(reply).ToString());
        services.Pass(TimeSpan.FromSeconds(40));
        return services;
    }

    /// <summary>All tasks of the app use so many cores.</summary>
    private static void Measure(ServicesHarness services, double cpus, int? only = null, double memMiB = 50)
    {
        services.Tell(new MarathonCommand.UsageMeasured(services.TaskIds().Where(id => id.Length > 0).Take(only ?? int.MaxValue).ToDictionary(id => id, _ => new InstanceUse(cpus, memMiB))));
        services.Run();
    }

    [Fact]
    public void App_that_names_no_instances_begins_with_the_least() => Assert.Equal(2, Running().App().Instances.Count);

    [Fact]
    public void App_under_load_grows_by_a_deployment_and_says_why()
    {
        var services = Running();

        Measure(services, 0.5);

        var app = services.App();
        Assert.Equal((4, 4, 0), (app.Definition.Instances, app.TasksRunning, services.Snapshot.Deployments.Count));
        var decision = Assert.Single(app.Autoscaling!.Decisions);
        Assert.Equal(("ScaleUp", 2, 4, 1.0), (decision.Action, decision.From, decision.To, decision.Utilization));
        Assert.Equal("CPU use is 100% of what is asked for, the target 50%: the load of 2 needs 4.", decision.Reason);
        Assert.Contains(services.EventsOf("deployment_success"), happened => happened.GetProperty("id").GetString() == decision.DeploymentId);
        Assert.Equal(2, services.Log.Count(record => record.Key.StartsWith("version/", StringComparison.Ordinal)));
    }

    [Fact]
    public void App_shrinks_after_a_long_time_of_little_load_and_the_surplus_ends()
    {
        var services = Running();
        Measure(services, 0.5);
        services.Pass(TimeSpan.FromSeconds(40));

        for (var i = 0; i < 13; i++)
        {
            Assert.Equal(4, services.Tasks.Count);
            Measure(services, 0.01);
            services.Pass(TimeSpan.FromSeconds(10));
        }

        Assert.Equal((2, 2), (services.App().Definition.Instances, services.Tasks.Count));
        Assert.Equal(["ScaleUp", "ScaleDown"], services.App().Autoscaling!.Decisions.Select(decision => decision.Action));
    }

    [Fact]
    public void Memory_is_tracked_when_the_rule_says_so()
    {
        var services = Running(Rule.Replace("'target'", "'metric':'mem','target'", StringComparison.Ordinal));

        Measure(services, cpus: 0.5, memMiB: 90);

        Assert.Equal(4, services.App().Definition.Instances);
    }

    [Fact]
    public void App_that_a_deployment_holds_is_left_alone()
    {
        var services = Running();
        services.AutoRun = false;
        services.Update("/web", "{'cmd':'y'}");

        Measure(services, 0.5);

        Assert.Equal(2, services.App().Definition.Instances);
        Assert.Equal("Locked", services.App().Autoscaling!.Latest!.Action);
        Assert.Single(services.Snapshot.Deployments);
    }

    [Fact]
    public void Missing_figures_stop_the_shrinking_and_are_told_once()
    {
        var services = Running();
        services.Update("/web", "{'instances':6}");
        services.Pass(TimeSpan.FromSeconds(40));

        for (var i = 0; i < 20; i++)
        {
            Measure(services, 0, only: 5);
            services.Pass(TimeSpan.FromSeconds(10));
        }

        Assert.Equal(6, services.App().Definition.Instances);
        Assert.Equal("NoFigures", Assert.Single(services.App().Autoscaling!.Decisions).Action);
    }

    [Fact]
    public void New_instances_warm_up_before_they_count()
    {
        var services = Running();
        Measure(services, 0.5);
        services.Pass(TimeSpan.FromSeconds(10));

        Measure(services, 0.5);

        var latest = services.App().Autoscaling!.Latest!;
        Assert.Equal((2, 2, 4), (latest.Measured, latest.Warming, latest.Instances));
    }

    [Fact]
    public void Schedule_moves_the_bounds_and_the_number_with_them()
    {
        // The harness begins at midnight of a day; 40 s later the app runs.
        var services = Running(Rule[..^1] + ",'schedule':[{'cron':'1 0 * * *','min':4,'durationSeconds':600}]}");
        Measure(services, 0.2);
        Assert.Equal(2, services.App().Definition.Instances);

        services.Pass(TimeSpan.FromSeconds(30));
        Measure(services, 0.2);

        Assert.Equal(4, services.App().Definition.Instances);
        Assert.Equal("There must be at least 4, by the schedule '1 0 * * *'.", services.App().Autoscaling!.Decisions[^1].Reason);
        Assert.Equal("1 0 * * *", services.App().Autoscaling!.Latest!.Schedule);
    }

    [Fact]
    public void History_and_cooldown_survive_a_restart_and_go_with_the_rule()
    {
        var services = Running();
        Measure(services, 0.5);
        var before = services.App().Autoscaling!.Decisions;

        services = services.Restart().Subscribed();
        services.Pass(TimeSpan.FromSeconds(40));
        Measure(services, 0.5);

        Assert.Equal(before, services.App().Autoscaling!.Decisions);
        Assert.Equal("Waiting", services.App().Autoscaling!.Latest!.Action);

        services.Update("/web", "{'cmd':'x','cpus':0.5,'instances':3,'portDefinitions':[]}", partial: false);
        Measure(services, 0.5);
        Assert.Null(services.App().Autoscaling);
        Assert.DoesNotContain("autoscaling//web", services.Journal.Keys);
        Assert.Equal(3, services.Tasks.Count);
    }

    [Fact]
    public void Rule_changes_without_a_restart_of_any_instance()
    {
        var services = Running();
        var tasks = services.TaskIds();

        var reply = services.Update("/web", "{'autoscaling':{'min':2,'max':9,'target':0.7}}");

        Assert.Equal(200, reply.Status);
        Assert.Equal((9, 0.7), (services.App().Definition.Autoscaling!.Max, services.App().Definition.Autoscaling!.Target));
        Assert.Equal(tasks, services.TaskIds());
        Assert.Equal(2, services.App().Versions.Count);
        Assert.Equal(9, services.Restart().App().Definition.Autoscaling!.Max);
    }

    [Fact]
    public void Whole_definition_that_leaves_the_number_to_the_load_does_not_reset_it()
    {
        var services = Running();
        Measure(services, 0.5);

        services.Update("/web", "{'cmd':'z','cpus':0.5,'mem':100,'portDefinitions':[]," + Rule + "}", partial: false);

        Assert.Equal(4, services.App().Definition.Instances);
    }

    [Fact]
    public void Deleted_app_leaves_nothing_in_the_journal()
    {
        var services = Running();
        Measure(services, 0.5);

        services.Delete("/web");

        Assert.Equal(["framework"], services.Journal.Keys.Where(key => !key.StartsWith("outcome/", StringComparison.Ordinal) && !key.StartsWith("tree/", StringComparison.Ordinal)));
    }

    [Fact]
    public void History_is_bounded()
    {
        var scaling = new ScalingState();
        for (var i = 0; i < 1000; i++)
        {
            scaling.Note(new Core.Views.Services.ScalingDecisionView(DateTimeOffset.UnixEpoch, "ScaleUp", i, i + 1, "", null, null));
        }

        Assert.Equal((ScalingState.MaxDecisions, 999), (scaling.Decisions.Count, scaling.Decisions[^1].From));
    }

    [Theory]
    [InlineData("{'target':0.5}", "/autoscaling/max", "error.path.missing")]
    [InlineData("{'max':5}", "/autoscaling/target", "error.path.missing")]
    [InlineData("{'max':5,'target':'high'}", "/autoscaling/target", "error.expected.jsnumber")]
    [InlineData("{'max':5,'target':60}", "/autoscaling/target", "for example 0.6 for 60 percent")]
    [InlineData("{'min':0,'max':5,'target':0.5}", "/autoscaling/min", "suspend an app by setting instances to 0")]
    [InlineData("{'min':6,'max':5,'target':0.5}", "/autoscaling/max", "greater than or equal to min (6)")]
    [InlineData("{'max':5,'target':0.5,'metric':'disk'}", "/autoscaling/metric", "'disk' is not one of cpu, mem")]
    [InlineData("{'max':5,'target':0.5,'cooldownSeconds':-1}", "/autoscaling/cooldownSeconds", "between 0 and 86400")]
    [InlineData("{'max':5,'target':0.5,'tolerance':1}", "/autoscaling/tolerance", "between 0 and 0.9")]
    [InlineData("{'max':5,'target':0.5,'schedule':[{'min':1}]}", "/autoscaling/schedule(0)/cron", "error.path.missing")]
    [InlineData("{'max':5,'target':0.5,'schedule':[{'cron':'at noon','min':1}]}", "/autoscaling/schedule(0)/cron", "'at noon' is not a cron expression of five fields")]
    [InlineData("{'max':5,'target':0.5,'schedule':[{'cron':'0 8 * * *','min':1,'timeZone':'Mars'}]}", "/autoscaling/schedule(0)/timeZone", "'Mars' is not a time zone that this host knows")]
    [InlineData("{'max':5,'target':0.5,'schedule':[{'cron':'0 8 * * *','min':6}]}", "/autoscaling/schedule(0)", "must leave min (6) less than or equal to max (5)")]
    [InlineData("{'max':5,'target':0.5,'schedule':[{'cron':'0 8 * * *'}]}", "/autoscaling/schedule(0)", "must have min, max or both")]
    [InlineData("{'max':5,'target':0.5,'schedule':[{'cron':'0 8 * * *','min':2,'durationSeconds':0}]}", "/autoscaling/schedule(0)/durationSeconds", "must be above 0")]
    [InlineData("7", "/autoscaling", "error.expected.jsobject")]
    public void Wrong_rule_is_refused_with_the_field_and_a_remedy(string rule, string path, string text)
    {
        var reply = new ServicesHarness().Subscribed().Create("{'id':'/web','cmd':'x','autoscaling':" + rule + "}");

        Assert.Equal(422, reply.Status);
        var detail = ServicesHarness.Body(reply).GetProperty("details").EnumerateArray().First(detail => detail.GetProperty("path").GetString() == path);
        Assert.Contains(text, detail.GetProperty("errors")[0].GetString(), StringComparison.Ordinal);
    }
}
