using Orchestrator.Core.Simulation.Cluster;

namespace Orchestrator.Tests.Simulation.Cluster;

/// <summary>The real master and agents under faults, seed after seed.</summary>
[Trait("Category", "Simulation")]
public sealed class ClusterSimulationTests
{
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
    public void Clusters_of_many_seeds_under_faults_break_no_promise() => SimulationSeeds.Run(300, seed => new ClusterSimulation(seed).Run());

    [Fact]
    public void Clusters_whose_agents_are_drained_and_taken_out_of_use_break_no_promise() => SimulationSeeds.Run(100, seed => new ClusterSimulation(seed, maintenance: true).Run());

    [Fact]
    public void Simulation_drains_and_reactivates_agents()
    {
        var world = new ClusterSimulation(3, FaultPlan.None, maintenance: true);
        world.Run();
        Assert.Contains("is drained by an operator", world.Trace.Text(int.MaxValue), StringComparison.Ordinal);
        Assert.Contains("is taken back into use", world.Trace.Text(int.MaxValue), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)] // The link of an agent that reported its usage was silent towards it, and broke every 25 s.
    [InlineData(12)] // A task that its agent came back without stayed unreachable for ever.
    [InlineData(62)] // An ended task that an agent brought back freed the port of another one.
    [InlineData(252)] // And so an agent was oversubscribed.
    [InlineData(213)] // An agent whose registration was never answered left a second one behind.
    public void Cluster_of_a_seed_that_once_failed_breaks_no_promise(ulong seed) => new ClusterSimulation(seed).Run();
}
