using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Marathon;
using Orchestrator.Tests.Support;
using static Orchestrator.Tests.Support.ServicesHarness;

namespace Orchestrator.Tests.Unit.Marathon;

/// <summary>An app's life through the engine's commands: create, scale, kill, delete.</summary>
public sealed class MarathonEngineTests
{
    private const string Sleeper = "{'id':'/web','cmd':'sleep 100','cpus':0.1,'mem':32,'instances':3}";

    [Fact]
    public void App_that_is_created_runs_and_its_deployment_ends()
    {
        var services = new ServicesHarness().Subscribed();

        var reply = services.Create(Sleeper);

        Assert.Equal(201, reply.Status);
        Assert.Equal("/web", reply.Location);
        Assert.Equal(reply.DeploymentId, Body(reply).GetProperty("deployments")[0].GetProperty("id").GetString());
        Assert.Equal(3, services.App().TasksRunning);
        Assert.Empty(services.Snapshot.Deployments);
        Assert.Equal(3, services.Tasks.Count);
        Assert.Equal(FrameworkName, services.Snapshot.FrameworkId);
    }

    [Fact]
    public void App_with_an_id_that_exists_is_refused_with_409()
    {
        var services = new ServicesHarness().Subscribed();
        services.Create(Sleeper);

        var reply = services.Create(Sleeper);

        Assert.Equal(409, reply.Status);
        Assert.Equal("An app with id [/web] already exists.", Body(reply).GetProperty("message").GetString());
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1)]
    [InlineData(0)]
    public void App_that_is_scaled_runs_so_many_instances(int instances)
    {
        var services = new ServicesHarness().Subscribed();
        services.Create(Sleeper);
        var before = services.TaskIds();

        var reply = services.Update("/web", $"{{'instances':{instances}}}");

        Assert.Equal(200, reply.Status);
        Assert.Equal(instances, services.App().TasksRunning);
        Assert.Equal(instances, services.Tasks.Count);
        Assert.Equal(Math.Min(3, instances), services.TaskIds().Intersect(before).Count());
        Assert.Empty(services.Snapshot.Deployments);
    }

    [Fact]
    public void App_that_is_deleted_leaves_no_task_and_no_record()
    {
        var services = new ServicesHarness().Subscribed();
        services.Create(Sleeper);

        var reply = services.Delete("/web");

        Assert.Equal(200, reply.Status);
        Assert.Empty(services.Tasks);
        Assert.Empty(services.Snapshot.Apps);
        Assert.Equal(["framework"], services.Journal.Keys.Where(key => !key.StartsWith("outcome/", StringComparison.Ordinal) && !key.StartsWith("tree/", StringComparison.Ordinal)));
        Assert.Single(services.EventsOf("app_terminated_event"));
    }

    [Fact]
    public void Deleted_app_is_not_found_while_its_tasks_still_end()
    {
        var services = new ServicesHarness { AutoKill = false }.Subscribed();
        services.Create(Sleeper);

        services.Delete("/web");

        Assert.Null(services.Snapshot.FindApp("/web"));
        Assert.Single(services.Snapshot.Deployments);
        Assert.Equal(409, services.Create(Sleeper).Status);
    }

    [Fact]
    public void App_created_again_with_force_while_the_old_one_ends_runs_new_instances_only()
    {
        var services = new ServicesHarness { AutoKill = false }.Subscribed();
        services.Create(Sleeper);
        var old = services.TaskIds();
        services.Delete("/web");

        Assert.Equal(201, services.Create(Sleeper, force: true).Status);
        foreach (var id in old)
        {
            services.Say(id, TaskState.TaskKilled);
        }

        Assert.Equal(3, services.App().TasksRunning);
        Assert.Empty(services.TaskIds().Intersect(old));
        Assert.Empty(services.Snapshot.Deployments);
    }

    [Fact]
    public void Task_that_dies_is_replaced_under_the_next_incarnation()
    {
        var services = new ServicesHarness().Subscribed();
        services.Create("{'id':'/web','cmd':'sleep 100','cpus':0.1,'mem':32,'backoffSeconds':0}");
        var task = services.TaskIds().Single();
        Assert.Matches(@"^web\.instance-[0-9a-f-]{36}\._app\.1$", task);

        services.Say(task, TaskState.TaskFailed, message: "exit 1");

        Assert.Equal(task[..^1] + "2", services.TaskIds().Single());
        Assert.Equal(1, services.App().TasksRunning);
        Assert.Equal(("exit 1", "TASK_FAILED", task), (services.App().LastTaskFailure!.Message, services.App().LastTaskFailure!.State, services.App().LastTaskFailure!.TaskId));
    }

    [Fact]
    public void Killed_task_is_replaced_at_once()
    {
        var services = new ServicesHarness().Subscribed();
        services.Create(Sleeper);
        var victim = services.TaskIds()[0];

        var reply = services.Kill("/web", [victim]);

        Assert.Equal(victim, Body(reply).GetProperty("task").GetProperty("id").GetString());
        services.Pass(TimeSpan.FromMilliseconds(200));
        Assert.DoesNotContain(victim, services.TaskIds());
        Assert.Equal(3, services.App().TasksRunning);
    }

    [Fact]
    public void Updates_are_acknowledged_each_once()
    {
        var services = new ServicesHarness().Subscribed();
        services.Create(Sleeper);

        Assert.Equal(3, services.Calls.Count(call => call.Type == Call.Types.Type.Acknowledge));
        Assert.Equal(3, services.Calls.Where(call => call.Type == Call.Types.Type.Acknowledge).Select(call => call.Acknowledge.Uuid).Distinct().Count());
    }

    [Fact]
    public void Instance_is_durable_before_its_launch_leaves()
    {
        var services = new ServicesHarness().Subscribed();
        services.Tell(new MarathonCommand.CreateApp(Json(Sleeper), false, Origin));
        while (services.Effects.Calls.All(call => call.Type != Call.Types.Type.Accept))
        {
            services.RunOne();
        }

        var launched = services.Effects.Calls.Where(call => call.Type == Call.Types.Type.Accept).SelectMany(call => call.Accept.Operations[0].Launch.TaskInfos).Select(task => "instance/" + task.TaskId.Value[..^"._app.1".Length]);
        Assert.Subset(services.Effects.Records.Select(record => record.Key).ToHashSet(), launched.ToHashSet());
    }

    [Fact]
    public void Snapshot_without_a_change_is_the_same_object()
    {
        var services = new ServicesHarness().Subscribed();
        services.Create(Sleeper);
        services.Create(Sleeper.Replace("/web", "/other", StringComparison.Ordinal));
        var before = services.Snapshot;

        services.Pass(TimeSpan.FromSeconds(1));
        Assert.Same(before, services.Snapshot);

        services.Update("/web", "{'instances':4}");
        Assert.True(services.Snapshot.Version > before.Version);
        Assert.Same(before.FindApp("/other"), services.App("/other"));
        Assert.NotSame(before.FindApp("/web"), services.App());
    }
}
