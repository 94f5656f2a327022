using System.Globalization;
using Orchestrator.Core.Simulation.Cluster;

namespace Orchestrator.Tests.Simulation.Cluster;

/// <summary>
/// The real engines under faults, seed after seed. ORCHESTRATOR_SEEDS sets how many; the first is ORCHESTRATOR_FIRST_SEED.
/// </summary>
[Trait("Category", "Simulation")]
public sealed class ClusterSimulationTests
{
    private static ulong Number(string variable, ulong otherwise) =>
        ulong.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    [Fact]
    public void Cluster_of_a_seed_has_the_same_history_each_time()
    {
        Assert.Equal(History(7), History(7));
        Assert.NotEqual(History(7), History(8));

        static string History(ulong seed)
        {
            var world = new ClusterSimulation(seed);
            world.Run();
            return world.Trace.Text(int.MaxValue);
        }
    }

    [Fact]
    public void Cluster_in_which_nothing_goes_wrong_loses_no_link_and_settles_at_once()
    {
        var world = new ClusterSimulation(1, FaultPlan.None);

        world.Run();

        Assert.Equal(0, world.Agents.Sum(agent => agent.LinksLost));
        Assert.DoesNotContain("crashes", world.Trace.Text(int.MaxValue), StringComparison.Ordinal);
    }

    [Fact]
    public void Clusters_of_many_seeds_under_faults_break_no_promise()
    {
        var first = Number("ORCHESTRATOR_FIRST_SEED", 1);
        var failures = new List<string>();
        for (var seed = first; seed < first + Number("ORCHESTRATOR_SEEDS", 300); seed++)
        {
            try
            {
                new ClusterSimulation(seed).Run();
            }
            catch (SimulationFailedException error)
            {
                failures.Add(error.Message);
            }
        }

        Assert.True(failures.Count == 0, $"{failures.Count} seeds failed; the first:\n{string.Join("\n\n", failures.Take(1))}\n\nothers:\n{string.Join('\n', failures.Skip(1).Take(20).Select(failure => failure.Split('\n')[0]))}");
    }
}
