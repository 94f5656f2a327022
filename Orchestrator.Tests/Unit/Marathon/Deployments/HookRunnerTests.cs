using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Marathon;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Marathon.Deployments;

/// <summary>The command that must finish well before a deployment replaces anything.</summary>
public sealed class HookRunnerTests
{
    private static string App(string cmd, string more = "", int instances = 2) =>
        $"{{'id':'/web','cmd':'{cmd}','cpus':0.1,'mem':32,'instances':{instances},'env':{{'DB':'x'}},'portDefinitions':[{{'port':0}}],'backoffSeconds':1,'upgradeStrategy':{{'minimumHealthCapacity':1,'maximumOverCapacity':1,'preDeployment':{{'cmd':'migrate','timeoutSeconds':60}}{more}}}}}";

    private static string[] Tasks(ServicesHarness services, string cmd) => [.. services.Tasks.Where(task => task.Value.Info.Command.Value == cmd).Select(task => task.Key)];

    private static string Hook(ServicesHarness services) => Tasks(services, "migrate").Single();

    /// <summary>An app that runs "old", and whose next deployment runs the command.</summary>
    private static ServicesHarness Old(string more = "")
    {
        var services = new ServicesHarness().Subscribed();
        services.Create(App("old", more));
        services.Say(Hook(services), TaskState.TaskFinished);
        Assert.Empty(services.Snapshot.Deployments);
        return services;
    }

    [Fact]
    public void New_app_starts_when_the_command_has_finished()
    {
        var services = new ServicesHarness().Subscribed();
        services.Create(App("old"));

        Assert.Single(services.Tasks);
        Assert.Equal("preDeployment", services.Snapshot.Deployments.Single().Steps[^1][0].Phase);
        Assert.Empty(services.App().Instances);
        var info = services.Tasks[Hook(services)].Info;
        Assert.Equal("x", info.Command.Environment.Variables.Single(variable => variable.Name == "DB").Value);
        Assert.DoesNotContain(info.Resources, resource => resource.Name == "ports");

        services.Say(Hook(services), TaskState.TaskFinished);

        Assert.Equal(2, Tasks(services, "old").Length);
        Assert.Empty(services.Snapshot.Deployments);
        Assert.DoesNotContain(services.Journal.Keys, key => key.StartsWith("progress/", StringComparison.Ordinal));
        Assert.Equal(["started", "finished"], services.EventsOf("pre_deployment_event").Select(happened => happened.GetProperty("state").GetString()));
    }

    [Fact]
    public void Upgrade_replaces_nothing_before_the_command_has_finished_and_keeps_the_old_whole()
    {
        var services = Old();
        services.Update("/web", App("new"));

        services.Say(Tasks(services, "old")[0], TaskState.TaskFailed);
        services.Pass(TimeSpan.FromSeconds(5));
        Assert.Equal((2, 0, 1), (Tasks(services, "old").Length, Tasks(services, "new").Length, Tasks(services, "migrate").Length));

        services.Say(Hook(services), TaskState.TaskFinished);
        Assert.Equal((0, 2, 0), (Tasks(services, "old").Length, Tasks(services, "new").Length, Tasks(services, "migrate").Length));
        Assert.Empty(services.Snapshot.Deployments);
    }

    [Fact]
    public void Command_that_fails_takes_the_deployment_back_without_touching_an_instance()
    {
        var services = Old();
        var before = services.TaskIds();
        services.Update("/web", App("new"));

        services.Say(Hook(services), TaskState.TaskFailed, message: "exit 3");

        Assert.Empty(services.Snapshot.Deployments);
        Assert.Equal(before, services.TaskIds());
        Assert.Equal("old", services.App().Definition.Cmd);
        Assert.Contains("the command before the deployment of /web failed", services.Snapshot.History[1].Reason, StringComparison.Ordinal);
        Assert.Equal("exit 3", services.App().LastTaskFailure!.Message);
        Assert.Empty(Tasks(services, "migrate"));
    }

    [Fact]
    public void Command_that_runs_for_too_long_is_killed_and_has_failed()
    {
        var services = Old(",'onFailure':'STOP'");
        services.Update("/web", App("new", ",'onFailure':'STOP'"));
        var hook = Hook(services);

        services.Pass(TimeSpan.FromSeconds(58));
        Assert.Contains(hook, services.Tasks.Keys);
        services.Pass(TimeSpan.FromSeconds(3));

        Assert.DoesNotContain(hook, services.Tasks.Keys);
        Assert.Equal("failed", services.Snapshot.History[0].Outcome);
        Assert.Contains("did not finish within 60 s", services.Snapshot.History[0].Reason, StringComparison.Ordinal);
        Assert.Empty(services.Snapshot.Deployments);
    }

    [Fact]
    public void Command_of_a_deployment_that_waits_runs_again_after_it_failed()
    {
        var services = Old();
        services.Update("/web", App("new", ",'onFailure':'WAIT'"));

        services.Say(Hook(services), TaskState.TaskFailed);
        services.Pass(TimeSpan.FromSeconds(5));
        Assert.NotNull(services.Snapshot.Deployments.Single().Late);
        services.Say(Hook(services), TaskState.TaskFinished);

        Assert.Empty(services.Snapshot.Deployments);
        Assert.Equal(2, Tasks(services, "new").Length);
    }

    [Fact]
    public void Scaling_runs_no_command()
    {
        var services = Old();

        services.Update("/web", "{'instances':4}");

        Assert.Empty(services.Snapshot.Deployments);
        Assert.Equal(4, Tasks(services, "old").Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Cancelled_deployment_ends_its_command(bool force)
    {
        var services = Old();
        var before = services.TaskIds();
        services.Update("/web", App("new"));

        services.Tell(new MarathonCommand.CancelDeployment(services.Snapshot.Deployments[0].Id, force, ServicesHarness.Origin));
        services.Run();

        Assert.Empty(Tasks(services, "migrate"));
        Assert.Equal(before, services.TaskIds());
        Assert.Empty(services.Snapshot.Deployments);
    }

    [Fact]
    public void Command_that_runs_goes_on_through_a_restart_and_does_not_run_twice()
    {
        var services = Old();
        services.Update("/web", App("new"));
        var hook = Hook(services);

        var next = services.Restart().Subscribed();
        Assert.Equal(hook, Hook(next));
        next.AutoRun = false;
        next.Say(hook, TaskState.TaskFinished);
        Assert.Equal(2, Tasks(next, "new").Length);

        var last = next.Restart().Subscribed();
        Assert.Empty(Tasks(last, "migrate"));
        last.AutoRun = true;
        foreach (var task in Tasks(last, "new"))
        {
            last.Say(task, TaskState.TaskRunning);
        }

        Assert.Empty(last.Snapshot.Deployments);
        Assert.Equal((0, 2), (Tasks(last, "old").Length, Tasks(last, "new").Length));
    }

    [Fact]
    public void Command_of_an_app_that_is_deleted_leaves_nothing_behind_through_a_restart()
    {
        var services = Old();
        services.AutoKill = false;
        services.Update("/web", App("new"));
        services.Delete("/web");

        var next = services.Restart();
        next.AutoKill = true;
        next.Subscribed();
        next.Pass(TimeSpan.FromMinutes(2));

        Assert.Empty(next.Tasks);
        Assert.Equal(["framework"], next.Journal.Keys.Where(key => !key.StartsWith("outcome/", StringComparison.Ordinal) && !key.StartsWith("tree/", StringComparison.Ordinal)));
    }

    [Fact]
    public void Command_that_never_reached_its_agent_runs_again_without_a_failure()
    {
        var services = Old();
        services.Update("/web", App("new"));
        var first = Hook(services);

        services.Tasks.Remove(first);
        services.Say(first, TaskState.TaskDropped);
        services.Pass(TimeSpan.FromSeconds(5));

        Assert.NotEqual(first, Hook(services));
        Assert.Single(services.Snapshot.Deployments);
    }
}
