using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Marathon;
using Orchestrator.Tests.Support;
using static Orchestrator.Tests.Support.ServicesHarness;

namespace Orchestrator.Tests.Unit.Marathon.Deployments;

/// <summary>Plans, locks, cancelling and rolling back.</summary>
public sealed class DeploymentBoardTests
{
    private const string Web = "{'id':'/web','cmd':'one','cpus':0.1,'mem':32,'instances':2}";

    private static ServicesHarness Running(string app = Web)
    {
        var services = new ServicesHarness().Subscribed();
        services.Create(app);
        return services;
    }

    private static string[] Steps(ServicesHarness services) =>
        [.. services.EventsOf("deployment_info").Select(info => string.Join('+', info.GetProperty("currentStep").GetProperty("actions").EnumerateArray().Select(action => $"{action.GetProperty("action").GetString()} {action.GetProperty("app").GetString()}")))];

    private static MarathonReply Cancel(ServicesHarness services, bool force)
    {
        var reply = services.Tell(new MarathonCommand.CancelDeployment(services.Snapshot.Deployments[0].Id, force, Origin));
        services.Run();
        return reply;
    }

    [Fact]
    public void New_app_has_a_start_step_and_a_scale_step()
    {
        var services = Running();

        Assert.Equal(["StartApplication /web", "ScaleApplication /web"], Steps(services));
        Assert.Equal(2, services.EventsOf("deployment_step_success").Count());
        Assert.Single(services.EventsOf("deployment_success"));
    }

    [Fact]
    public void Change_of_configuration_restarts_and_change_of_count_scales()
    {
        var services = Running();
        services.Events.Clear();

        services.Update("/web", "{'instances':3}");
        services.Update("/web", "{'cmd':'two','instances':4}");
        services.Delete("/web");

        Assert.Equal(["ScaleApplication /web", "RestartApplication /web", "StopApplication /web"], Steps(services));
    }

    [Fact]
    public void Dependencies_come_first_layer_by_layer()
    {
        var services = new ServicesHarness { AutoRun = false }.Subscribed();
        services.Tell(new MarathonCommand.UpdateApps(null, Json("[{'id':'/web','cmd':'x','dependencies':['/api','/gone']},{'id':'/api','cmd':'x','dependencies':['/db']},{'id':'/db','cmd':'x'},{'id':'/free','cmd':'x'}]"), true, true, false, Origin));
        services.Run();

        Assert.Equal(["/db", "/free"], services.Tasks.Values.Select(task => "/" + task.Info.Name).Order());
        Assert.Equal(2, services.Snapshot.Deployments[0].CurrentStep);
        foreach (var next in new[] { "/api", "/web" })
        {
            foreach (var task in services.Tasks.Where(task => task.Value.State == TaskState.TaskStaging).Select(task => task.Key).ToArray())
            {
                services.Say(task, TaskState.TaskRunning);
            }

            Assert.Contains(services.Tasks.Values, task => "/" + task.Info.Name == next);
        }

        Assert.Equal(["ScaleApplication /db+ScaleApplication /free", "ScaleApplication /api", "ScaleApplication /web"], Steps(services)[1..].Select(step => string.Join('+', step.Split('+').Order())));
    }

    [Fact]
    public void App_in_a_deployment_is_locked_and_the_answer_names_the_deployment()
    {
        var services = Running();
        services.AutoRun = false;
        services.Update("/web", "{'instances':5}");

        var reply = services.Update("/web", "{'instances':6}");

        Assert.Equal(409, reply.Status);
        Assert.Contains("?force=true", Body(reply).GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(services.Snapshot.Deployments[0].Id, Body(reply).GetProperty("deployments")[0].GetProperty("id").GetString());
        Assert.Equal([services.Snapshot.Deployments[0].Id], services.App().DeploymentIds);
        Assert.Equal(5, services.App().Definition.Instances);
        Assert.Equal(409, services.Delete("/web", force: false).Status);
        Assert.Equal(409, services.Restart("/web").Status);
        Assert.Equal(409, services.Kill("/web", scale: true).Status);
        Assert.Equal(201, services.Create("{'id':'/other','cmd':'x'}").Status);
    }

    [Fact]
    public void Force_takes_the_place_of_the_running_deployment()
    {
        var services = Running();
        services.AutoRun = false;
        services.Update("/web", "{'instances':5}");
        var first = services.Snapshot.Deployments[0].Id;
        services.AutoRun = true;

        var reply = services.Update("/web", "{'instances':3}", force: true);
        foreach (var task in services.Tasks.Where(task => task.Value.State == TaskState.TaskStaging).Select(task => task.Key).ToArray())
        {
            services.Say(task, TaskState.TaskRunning);
        }

        Assert.Equal(200, reply.Status);
        Assert.Equal(first, services.EventsOf("deployment_failed").Single().GetProperty("id").GetString());
        Assert.Empty(services.Snapshot.Deployments);
        Assert.Equal(3, services.Tasks.Count);
    }

    [Fact]
    public void Too_many_running_deployments_are_refused_with_the_limit()
    {
        var services = new ServicesHarness(options => options with { MaxRunningDeployments = 1 });
        services.Create(Web);

        var reply = services.Create("{'id':'/other','cmd':'x'}");

        Assert.Equal(403, reply.Status);
        Assert.Contains("(1)", Body(reply).GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Null(services.Snapshot.FindApp("/other"));
    }

    [Fact]
    public void Cancelled_upgrade_rolls_back_and_instances_that_were_not_touched_stay()
    {
        var services = Running("{'id':'/web','cmd':'one','cpus':0.1,'mem':32,'instances':4}");
        var old = services.TaskIds();
        (services.AutoRun, services.AutoKill) = (false, true);
        services.Update("/web", "{'cmd':'two'}");
        services.Say(services.Tasks.Keys.Except(old).First(), TaskState.TaskRunning);
        Assert.Equal(3, services.TaskIds().Intersect(old).Count());

        services.AutoRun = true;
        var reply = Cancel(services, force: false);

        Assert.Equal(200, reply.Status);
        Assert.Empty(services.Snapshot.Deployments);
        Assert.Equal("one", services.App().Definition.Cmd);
        Assert.Equal(4, services.Tasks.Count);
        Assert.All(services.Tasks.Values, task => Assert.Equal("one", task.Info.Command.Value));
        Assert.Equal(3, services.TaskIds().Intersect(old).Count());
        Assert.All(services.App().Instances, instance => Assert.Equal(services.App().Definition.Version, instance.Version));
    }

    [Fact]
    public void Cancelled_creation_removes_the_app()
    {
        var services = new ServicesHarness { AutoRun = false }.Subscribed();
        services.Create(Web);

        Cancel(services, force: false);

        Assert.Null(services.Snapshot.FindApp("/web"));
        Assert.Empty(services.Tasks);
        Assert.Equal(["framework"], services.Journal.Keys.Where(key => !key.StartsWith("outcome/", StringComparison.Ordinal) && !key.StartsWith("tree/", StringComparison.Ordinal)));
    }

    [Fact]
    public void Cancelled_deletion_brings_the_app_back()
    {
        var services = Running();
        services.AutoKill = false;
        services.Delete("/web");
        services.AutoKill = true;

        Cancel(services, force: false);
        services.Pass(TimeSpan.FromMinutes(1));

        Assert.Equal(2, services.App().TasksRunning);
        Assert.Equal(2, services.Tasks.Count);
    }

    [Fact]
    public void Forced_cancel_leaves_what_was_asked_for_and_answers_202_without_a_body()
    {
        var services = Running();
        services.AutoRun = false;
        services.Update("/web", "{'cmd':'two'}");

        var reply = Cancel(services, force: true);

        Assert.Equal((202, 0), (reply.Status, reply.Json.Length));
        Assert.Empty(services.Snapshot.Deployments);
        Assert.Equal("two", services.App().Definition.Cmd);
        Assert.Single(services.EventsOf("deployment_failed"));
        Assert.Single(services.EventsOf("deployment_step_failure"));
    }

    [Fact]
    public void App_left_half_way_is_made_whole_by_the_same_definition_again()
    {
        var services = Running();
        services.AutoRun = false;
        services.Update("/web", "{'cmd':'two'}");
        Cancel(services, force: true);
        services.AutoRun = true;

        services.Update("/web", "{'cmd':'two'}");
        foreach (var task in services.Tasks.Where(task => task.Value.State == TaskState.TaskStaging).Select(task => task.Key).ToArray())
        {
            services.Say(task, TaskState.TaskRunning);
        }

        Assert.Empty(services.Snapshot.Deployments);
        Assert.All(services.Tasks.Values, task => Assert.Equal("two", task.Info.Command.Value));
        Assert.Equal(2, services.Tasks.Count);
    }

    [Fact]
    public void Rollback_keeps_later_changes_of_other_apps()
    {
        var services = Running();
        services.Create("{'id':'/other','cmd':'x','cpus':0.1,'mem':32}");
        services.AutoRun = false;
        services.Update("/web", "{'cmd':'two'}");
        services.AutoRun = true;
        services.Update("/other", "{'instances':3}");

        Cancel(services, force: false);

        Assert.Equal((2, 3), (services.App().TasksRunning, services.App("/other").TasksRunning));
    }

    [Fact]
    public void Deployment_that_does_not_exist_is_not_found()
    {
        var reply = new ServicesHarness().Tell(new MarathonCommand.CancelDeployment("nope", false, Origin));

        Assert.Equal((404, "DeploymentPlan nope does not exist"), (reply.Status, Body(reply).GetProperty("message").GetString()));
    }

    [Fact]
    public void Deployment_resumes_after_a_restart_of_the_host()
    {
        var services = new ServicesHarness { AutoRun = false }.Subscribed();
        services.Create(Web);
        var id = services.Snapshot.Deployments[0].Id;

        var next = services.Restart();
        Assert.Equal(id, next.Snapshot.Deployments.Single().Id);
        next.Subscribed();
        foreach (var task in next.Tasks.Keys.ToArray())
        {
            next.Say(task, TaskState.TaskRunning);
        }

        Assert.Empty(next.Snapshot.Deployments);
        Assert.Equal(2, next.Tasks.Count);
        Assert.DoesNotContain(next.Journal.Keys, key => key.StartsWith("deployment/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 0)]
    public void Scaling_down_ends_the_youngest_or_the_oldest_as_told(bool oldestFirst, int kept)
    {
        var services = new ServicesHarness().Subscribed();
        services.Create($"{{'id':'/web','cmd':'x','cpus':0.1,'mem':32,'killSelection':'{(oldestFirst ? "OLDEST_FIRST" : "YOUNGEST_FIRST")}'}}");
        for (var i = 2; i <= 3; i++)
        {
            services.Pass(TimeSpan.FromSeconds(10));
            services.Update("/web", $"{{'instances':{i}}}");
        }

        var byAge = services.App().Instances.OrderBy(instance => instance.StartedAt).Select(instance => instance.Id).ToArray();
        services.Update("/web", "{'instances':1}");

        Assert.Equal(byAge[2 - kept], services.App().Instances.Single().Id);
    }

    [Fact]
    public void Scaling_down_ends_what_does_not_run_first()
    {
        var services = Running("{'id':'/web','cmd':'x','cpus':0.1,'mem':32,'instances':2,'killSelection':'OLDEST_FIRST'}");
        var running = services.TaskIds();
        services.AutoRun = false;
        services.Update("/web", "{'instances':3}");

        services.Update("/web", "{'instances':2}", force: true);

        Assert.Equal(running.Order(), services.TaskIds().Order());
    }

    [Fact]
    public void Scaling_that_cannot_be_placed_waits_and_ends_when_it_is_made_smaller()
    {
        var services = Running();
        services.Update("/web", "{'instances':5000}");
        Assert.Single(services.Snapshot.Deployments);

        services.Update("/web", "{'instances':2}", force: true);

        Assert.Empty(services.Snapshot.Deployments);
        Assert.Equal(2, services.App().TasksRunning);
        Assert.Null(services.App().Queue);
    }
}
