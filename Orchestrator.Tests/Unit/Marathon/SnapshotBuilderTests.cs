using Orchestrator.Core.Marathon;
using Orchestrator.Core.Primitives;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Marathon;

/// <summary>Snapshots that are made from the ones before.</summary>
public sealed class SnapshotBuilderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Snapshots_of_apps_that_come_and_go_hold_what_there_is_in_order(ulong seed)
    {
        var random = new SeededRandom(seed);
        var services = new ServicesHarness().Subscribed();
        var there = new SortedSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 200; i++)
        {
            // Several changes between two snapshots, the same app among them more than once.
            for (var j = random.NextInt32(3); j >= 0; j--)
            {
                var id = $"/g{random.NextInt32(4)}/a{random.NextInt32(6)}";
                if (there.Remove(id))
                {
                    services.Tell(new MarathonCommand.DeleteApp(id, true, ServicesHarness.Origin));
                }
                else
                {
                    there.Add(id);
                    Assert.True(services.Tell(new MarathonCommand.CreateApp(ServicesHarness.Json($"{{'id':'{id}','cmd':'x','cpus':0.1}}"), true, ServicesHarness.Origin)).IsSuccess);
                }
            }

            if (random.NextInt32(2) == 0)
            {
                services.Run();
            }

            Assert.Equal(there, services.Snapshot.Apps.Select(app => app.Id));
        }
    }

    [Fact]
    public void Views_of_apps_that_did_not_change_are_shared_when_others_come_and_go()
    {
        var services = new ServicesHarness().Subscribed();
        services.Create("{'id':'/b','cmd':'x','cpus':0.1}");
        var before = services.App("/b");

        services.Create("{'id':'/a','cmd':'x','cpus':0.1}");
        services.Create("{'id':'/c','cmd':'x','cpus':0.1}");
        services.Delete("/a");

        Assert.Same(before, services.App("/b"));
    }
}
