using Orchestrator.Core.Primitives;
using Orchestrator.Core.Simulation.Cluster;

namespace Orchestrator.Tests.Simulation.Cluster;

/// <summary>The services engine in the host that crashes, with somebody who deploys, scales, changes, kills and deletes apps.</summary>
[Trait("Category", "Simulation")]
public sealed class ServicesSimulationTests
{
    [Fact]
    public void Clusters_with_services_of_many_seeds_under_faults_break_no_promise() => SimulationSeeds.Run(100, seed => new ClusterSimulation(seed, services: true).Run());

    [Theory]
    [InlineData(9)] // An upgrade that began while an instance was starting could neither end an old one nor launch a new one.
    [InlineData(14)] // The same with another strategy.
    [InlineData(94)] // A forced scaling took the place of an upgrade, and the old instances stayed for ever.
    [InlineData(172)] // An upgrade to fewer instances spent what it might end on those that were not healthy.
    public void Cluster_with_services_of_a_seed_that_once_failed_breaks_no_promise(ulong seed) => new ClusterSimulation(seed, services: true).Run();

    [Theory]
    [InlineData("app/", "was promised to be")]
    [InlineData("instance/", "forgot")]
    [InlineData("framework", "the services were")]
    public void Record_of_the_services_that_the_journal_forgets_is_found(string key, string expected)
    {
        for (var seed = 1UL; seed <= 60; seed++)
        {
            try
            {
                new ClusterSimulation(seed, tamper: new Forget(key), services: true).Run();
            }
            catch (SimulationFailedException error)
            {
                Assert.Contains(expected, error.Message, StringComparison.Ordinal);
                return;
            }
            catch (FormatException)
            {
                // The engine itself saw that something is missing.
                return;
            }
        }

        Assert.Fail("60 seeds did not find it.");
    }

    private sealed class Forget(string key) : Tamper
    {
        public override IReadOnlyList<JournalRecord> Commit(IReadOnlyList<JournalRecord> records) =>
            [.. records.Where(record => record.Area != "marathon" || record.Value is null || !record.Key.StartsWith(key, StringComparison.Ordinal))];
    }
}
