using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Marathon.Deployments;

/// <summary>A forced call takes over what the deployment that it replaces has left undone.</summary>
public sealed class SupersedingTests
{
    private static ServicesHarness Upgrading()
    {
        var services = new ServicesHarness().Subscribed();
        services.Create("{'id':'/web','cmd':'old','cpus':0.1,'mem':32,'instances':3}");
        services.AutoRun = false;
        services.Update("/web", "{'cmd':'new'}");
        Assert.Single(services.Snapshot.Deployments);
        services.AutoRun = true;
        return services;
    }

    private static string[] Commands(ServicesHarness services) => [.. services.Tasks.Values.Select(task => task.Info.Command.Value)];

    private static void RunAll(ServicesHarness services)
    {
        for (var round = 0; round < 10; round++)
        {
            foreach (var task in services.Tasks.Where(task => task.Value.State == Core.Contract.Mesos.TaskState.TaskStaging).Select(task => task.Key).ToArray())
            {
                services.Say(task, Core.Contract.Mesos.TaskState.TaskRunning);
            }
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(2)]
    public void Forced_scaling_during_an_upgrade_leaves_no_instance_of_the_old_configuration(int instances)
    {
        var services = Upgrading();

        Assert.Equal(200, services.Update("/web", $"{{'instances':{instances}}}", force: true).Status);
        RunAll(services);

        Assert.Empty(services.Snapshot.Deployments);
        Assert.Equal(Enumerable.Repeat("new", instances), Commands(services));
    }

    [Fact]
    public void Forced_kill_with_scaling_during_an_upgrade_ends_the_named_one_and_the_old_ones()
    {
        var services = Upgrading();
        var victim = services.App().Instances.First(instance => instance.State == "TASK_RUNNING").TaskId;

        Assert.Equal(200, services.Kill("/web", [victim], scale: true, force: true).Status);
        RunAll(services);

        Assert.Empty(services.Snapshot.Deployments);
        Assert.DoesNotContain(victim, services.Tasks.Keys);
        Assert.Equal(["new", "new"], Commands(services));
    }
}
