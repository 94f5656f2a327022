using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Views.Services;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Marathon.Health;

/// <summary>New instances are asked during a deployment whether they are ready, and the deployment waits for it.</summary>
public sealed class ReadinessBookTests
{
    private static string App(string cmd, int instances = 2, string more = "") =>
        $"{{'id':'/web','cmd':'{cmd}','cpus':0.1,'mem':32,'instances':{instances},'portDefinitions':[{{'port':0,'name':'http'}}],'readinessChecks':[{{'portName':'http','path':'/ready','httpStatusCodesForReady':[200,204]{more}}}]}}";

    private static void Answer(ServicesHarness services, string task, int status, string body = "")
    {
        services.Tell(new MarathonCommand.ReadinessChecked(task, 0, new ReadinessResponse(status, "text/plain", body)));
        services.Run();
    }

    private static string[] Awaited(ServicesHarness services) => [.. services.App().Instances.Where(instance => instance.AwaitsReadiness).Select(instance => instance.TaskId)];

    private static ServicesHarness Ready()
    {
        var services = new ServicesHarness().Subscribed();
        Assert.Equal(201, services.Create(App("old")).Status);
        foreach (var task in Awaited(services))
        {
            Answer(services, task, 200);
        }

        Assert.Empty(services.Snapshot.Deployments);
        return services;
    }

    [Fact]
    public void Deployment_of_a_new_app_ends_when_all_its_instances_are_ready()
    {
        var services = new ServicesHarness().Subscribed();
        services.Create(App("old"));
        var tasks = Awaited(services);
        Assert.Equal(2, tasks.Length);

        Answer(services, tasks[0], 204);
        Answer(services, tasks[1], 503);
        Assert.Single(services.Snapshot.Deployments);
        Assert.Equal([tasks[1]], Awaited(services));

        Answer(services, tasks[1], 200);
        Assert.Empty(services.Snapshot.Deployments);
        Assert.Equal(2, services.EventsOf("instance_ready_event").Count());
    }

    [Fact]
    public void Upgrade_ends_an_old_instance_only_for_a_new_one_that_is_ready()
    {
        var services = Ready();
        services.AutoKill = false;
        services.Update("/web", App("new"));
        var fresh = Awaited(services);
        Assert.Equal(2, fresh.Length);

        Assert.DoesNotContain(services.Calls, call => call.Kill is not null);
        Answer(services, fresh[0], 500);
        Assert.DoesNotContain(services.Calls, call => call.Kill is not null);
        Answer(services, fresh[0], 200);
        Assert.Single(services.Calls, call => call.Kill is not null);
    }

    [Fact]
    public void Ready_instance_is_not_asked_again_after_a_restart_and_the_upgrade_goes_on()
    {
        var services = Ready();
        services.Update("/web", App("new"));
        var fresh = Awaited(services);
        Answer(services, fresh[0], 200);

        var next = services.Restart().Subscribed();
        Assert.Equal([fresh[1]], Awaited(next));
        Answer(next, fresh[1], 200);

        Assert.Empty(next.Snapshot.Deployments);
        Assert.Equal(fresh.Order(), next.TaskIds().Order());
    }

    [Fact]
    public void Instance_that_is_relaunched_in_a_deployment_is_asked_again()
    {
        var services = new ServicesHarness().Subscribed();
        services.Create(App("old"));
        var tasks = Awaited(services);
        Answer(services, tasks[0], 200);

        services.Say(tasks[0], TaskState.TaskFailed);
        services.Pass(TimeSpan.FromSeconds(5));

        Assert.Equal(2, Awaited(services).Length);
        Assert.DoesNotContain(tasks[0], Awaited(services));
    }

    [Fact]
    public void Nobody_is_asked_outside_a_deployment()
    {
        var services = Ready();
        services.Say(services.TaskIds()[0], TaskState.TaskFailed);
        services.Pass(TimeSpan.FromSeconds(5));

        Assert.Equal(2, services.App().TasksRunning);
        Assert.Empty(Awaited(services));
    }

    [Fact]
    public void Answer_is_shown_while_the_deployment_runs_and_its_body_only_when_it_is_kept()
    {
        var services = new ServicesHarness().Subscribed();
        services.Create(App("old", 1, ",'preserveLastResponse':true"));
        var task = Awaited(services).Single();

        Answer(services, task, 503, new string('x', 10_000));
        var shown = services.App().Instances.Single().Readiness!;
        Assert.Equal(("readinessCheck", task, false, 503, 4096), (shown.Name, shown.TaskId, shown.Ready, shown.Response!.Status, shown.Response.Body.Length));

        Answer(services, task, 200);
        Assert.Null(services.App().Instances.Single().Readiness);
    }

    [Fact]
    public void Answer_that_nobody_asked_for_changes_nothing()
    {
        var services = Ready();
        var before = services.Snapshot;

        Answer(services, services.TaskIds()[0], 500);
        Answer(services, "web.instance-1._app.1", 200);

        Assert.Same(before, services.Snapshot);
    }
}
