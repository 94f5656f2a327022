using Google.Protobuf;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.Store;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Marathon.Instances;

/// <summary>Each instance has a number that its replacement takes over.</summary>
public sealed class OrdinalSourceTests
{
    private static ServicesHarness Running(int instances, string strategy = "{'minimumHealthCapacity':1,'maximumOverCapacity':1}", string cmd = "one")
    {
        var services = new ServicesHarness().Subscribed();
        services.Create($"{{'id':'/web','cmd':'{cmd}','cpus':0.1,'mem':32,'instances':{instances},'backoffSeconds':0,'upgradeStrategy':{strategy}}}");
        return services;
    }

    private static int[] Of(ServicesHarness services) => [.. services.App().Instances.Select(instance => instance.Ordinal).Order()];

    private static string Told(ServicesHarness services, string taskId) =>
        services.Tasks[taskId].Info.Command.Environment.Variables.Single(variable => variable.Name == "ORCHESTRATOR_INSTANCE_ORDINAL").Value;

    [Fact]
    public void Instances_are_numbered_from_0_and_their_tasks_are_told()
    {
        var services = Running(3);

        Assert.Equal([0, 1, 2], Of(services));
        Assert.All(services.App().Instances, instance => Assert.Equal($"{instance.Ordinal}", Told(services, instance.TaskId)));
    }

    [Fact]
    public void Number_is_kept_through_a_failure_and_a_restart_of_the_host()
    {
        var services = Running(3);
        var failing = services.App().Instances.Single(instance => instance.Ordinal == 1);

        services.Say(failing.TaskId, TaskState.TaskFailed);
        services.Pass(TimeSpan.FromSeconds(5));
        var next = services.Restart().Subscribed();

        Assert.Equal(1, next.App().Instances.Single(instance => instance.Id == failing.Id).Ordinal);
        Assert.Equal([0, 1, 2], Of(next));
    }

    [Fact]
    public void Replacement_takes_the_number_of_what_was_wiped()
    {
        var services = Running(3);
        var wiped = services.App().Instances.Single(instance => instance.Ordinal == 1);

        services.Kill("/web", [wiped.TaskId], wipe: true);

        Assert.DoesNotContain(services.App().Instances, instance => instance.Id == wiped.Id);
        Assert.Equal([0, 1, 2], Of(services));
    }

    [Theory]
    [InlineData("{'minimumHealthCapacity':1,'maximumOverCapacity':1}")]
    [InlineData("{'minimumHealthCapacity':0.5,'maximumOverCapacity':0}")]
    public void Numbers_after_an_upgrade_are_those_from_before(string strategy)
    {
        var services = Running(4, strategy);

        services.Update("/web", "{'cmd':'two'}");

        Assert.All(services.Tasks.Values, task => Assert.Equal("two", task.Info.Command.Value));
        Assert.Equal([0, 1, 2, 3], Of(services));
    }

    [Fact]
    public void Instances_that_an_older_version_stored_get_numbers()
    {
        var services = Running(3);
        foreach (var key in services.Journal.Keys.Where(key => key.StartsWith("instance/", StringComparison.Ordinal)).ToArray())
        {
            var stored = StoredInstance.Parser.ParseFrom(services.Journal[key]);
            stored.ClearOrdinal();
            services.Journal[key] = stored.ToByteArray();
        }

        Assert.Equal([0, 1, 2], Of(services.Restart().Subscribed()));
    }

    [Fact]
    public void Scaling_fills_the_gaps_first()
    {
        var services = Running(4);
        services.Kill("/web", [services.App().Instances.Single(instance => instance.Ordinal == 1).TaskId], scale: true);
        Assert.Equal([0, 2, 3], Of(services));

        services.Update("/web", "{'instances':5}");

        Assert.Equal([0, 1, 2, 3, 4], Of(services));
    }
}
