using Orchestrator.Core.Allocator;
using Orchestrator.Core.Resources;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Allocator;

/// <summary>Weighted dominant resource fairness in numbers.</summary>
public sealed class FairShareTests
{
    [Fact]
    public void Agent_with_several_frameworks_goes_whole_to_one_of_them()
    {
        var cluster = new AllocatorHarness();
        cluster.AddFramework(0);
        cluster.AddFramework(1);
        cluster.AddAgent(0, "cpus:4;mem:1024;ports:[31000-31009]");
        Assert.Equal([(0, "*", 0, "cpus:4; mem:1024; ports:[31000-31009]")], cluster.Cycle());
        Assert.Empty(cluster.Cycle());
        Assert.True(cluster.Allocator.Available(0).IsEmpty);
    }

    [Fact]
    public void Equal_frameworks_on_equal_agents_get_as_many_each()
    {
        var cluster = new AllocatorHarness();
        for (var i = 0; i < 3; i++)
        {
            cluster.AddFramework(i);
        }

        for (var i = 0; i < 30; i++)
        {
            cluster.AddAgent(i, "cpus:2;mem:512");
        }

        Assert.Equal(new Dictionary<int, int> { [0] = 10, [1] = 10, [2] = 10 }, cluster.CountByFramework());
    }

    [Theory]
    [InlineData(2.0, 1.0, 20, 10)]
    [InlineData(1.0, 1.0, 15, 15)]
    [InlineData(0.5, 1.0, 10, 20)]
    [InlineData(5.0, 1.0, 25, 5)]
    public void Roles_with_weights_share_in_their_proportion(double first, double second, int agentsOfFirst, int agentsOfSecond)
    {
        var cluster = new AllocatorHarness(new AllocatorOptions { Weights = new Dictionary<string, double> { ["a"] = first, ["b"] = second } });
        cluster.AddFramework(0, "a");
        cluster.AddFramework(1, "b");
        for (var i = 0; i < 30; i++)
        {
            cluster.AddAgent(i, "cpus:2;mem:512");
        }

        Assert.Equal(new Dictionary<int, int> { [0] = agentsOfFirst, [1] = agentsOfSecond }, cluster.CountByFramework());
    }

    [Fact]
    public void Weight_of_a_role_counts_once_however_many_frameworks_it_has()
    {
        var cluster = new AllocatorHarness();
        cluster.AddFramework(0, "a");
        cluster.AddFramework(1, "b");
        cluster.AddFramework(2, "b");
        for (var i = 0; i < 40; i++)
        {
            cluster.AddAgent(i, "cpus:2;mem:512");
        }

        Assert.Equal(new Dictionary<int, int> { [0] = 20, [1] = 10, [2] = 10 }, cluster.CountByFramework());
    }

    [Fact]
    public void Next_agent_goes_to_the_least_dominant_share_whatever_resource_it_is_of()
    {
        // Of 100 cpus and 1000 mem: the first has a mem share of 0.5, the second a cpus share of 0.4.
        var cluster = new AllocatorHarness();
        cluster.AddFramework(0);
        cluster.AddFramework(1);
        cluster.AddAgent(0, "cpus:90;mem:900");
        cluster.Allocator.Charge(0, "*", 0, ResourceList.Parse("cpus:1;mem:500"));
        cluster.Allocator.Charge(1, "*", 0, ResourceList.Parse("cpus:40;mem:10"));
        cluster.AddAgent(1, "cpus:10;mem:100");
        cluster.Allocator.SetAgentActive(0, false);
        Assert.Equal([(1, "*", 1, "cpus:10; mem:100")], cluster.Cycle());
    }

    [Fact]
    public void Tie_of_shares_goes_to_who_was_given_fewer_allocations()
    {
        var cluster = new AllocatorHarness();
        cluster.AddFramework(0);
        cluster.AddFramework(1);
        cluster.AddAgent(0, "cpus:1;mem:64");
        Assert.Equal(0, Assert.Single(cluster.Cycle()).Framework);
        cluster.Recover(0, 0, "cpus:1;mem:64");
        Assert.Equal(1, Assert.Single(cluster.Cycle()).Framework);
        cluster.Recover(1, 0, "cpus:1;mem:64");
        Assert.Equal(0, Assert.Single(cluster.Cycle()).Framework);
    }

    [Fact]
    public void Tie_of_new_roles_goes_by_their_names()
    {
        var cluster = new AllocatorHarness();
        cluster.AddFramework(0, "zebra");
        cluster.AddFramework(1, "ant");
        cluster.AddAgent(0, "cpus:1;mem:64");
        Assert.Equal("ant", Assert.Single(cluster.Cycle()).Role);
    }

    [Fact]
    public void Resource_excluded_from_fairness_does_not_count()
    {
        var cluster = new AllocatorHarness(new AllocatorOptions { ExcludedFromFairness = new HashSet<string> { "gpus" } });
        cluster.AddFramework(0, AllocatorHarness.NoTraits with { GpuResources = true });
        cluster.AddFramework(1, AllocatorHarness.NoTraits with { GpuResources = true });
        cluster.AddAgent(0, "cpus:10;mem:640;gpus:4");
        cluster.Allocator.Charge(0, "*", 0, ResourceList.Parse("cpus:1;gpus:4"));
        cluster.Allocator.Charge(1, "*", 0, ResourceList.Parse("cpus:2"));
        Assert.Equal(0, Assert.Single(cluster.Cycle()).Framework);
    }

    [Fact]
    public void Shares_are_of_the_total_that_agents_bring_and_take_away()
    {
        var cluster = new AllocatorHarness();
        cluster.AddFramework(0);
        cluster.AddFramework(1);
        cluster.AddAgent(0, "cpus:10;mem:100");
        cluster.AddAgent(1, "mem:900");
        cluster.Allocator.Charge(0, "*", 0, ResourceList.Parse("cpus:2"));
        cluster.Allocator.Charge(1, "*", 0, ResourceList.Parse("mem:40"));

        // cpus 2 of 10 against mem 40 of 1000; without the second agent it is mem 40 of 100.
        cluster.Allocator.SetAgentActive(1, false);
        Assert.Equal(1, Assert.Single(cluster.Cycle()).Framework);
        cluster.Recover(1, 0, "cpus:8;mem:60");
        cluster.Allocator.RemoveAgent(1);
        Assert.Equal(0, Assert.Single(cluster.Cycle()).Framework);
    }

    [Fact]
    public void Framework_that_ends_its_tasks_comes_first_again()
    {
        var cluster = new AllocatorHarness();
        cluster.AddFramework(0);
        cluster.AddFramework(1);
        cluster.AddAgent(0, "cpus:10;mem:640");
        cluster.Allocator.Charge(0, "*", 0, ResourceList.Parse("cpus:3"));
        cluster.Allocator.Charge(1, "*", 0, ResourceList.Parse("cpus:2"));
        cluster.Allocator.Recover(0, "*", 0, ResourceList.Parse("cpus:3"), null);
        Assert.Equal(0, Assert.Single(cluster.Cycle()).Framework);
    }

    [Fact]
    public void Framework_that_is_removed_leaves_no_share_to_its_role()
    {
        var cluster = new AllocatorHarness();
        cluster.AddFramework(0, "a");
        cluster.AddFramework(1, "b");
        cluster.AddAgent(0, "cpus:10;mem:640");
        cluster.Cycle();
        cluster.Recover(0, 0, "cpus:10;mem:640", role: "a");
        cluster.Allocator.RemoveFramework(0);
        Assert.Equal([(1, "b", 0, "cpus:10; mem:640")], cluster.Cycle());
        cluster.AddFramework(0, "a");
        cluster.Recover(1, 0, "cpus:10;mem:640", role: "b");
        Assert.Equal([(0, "a", 0, "cpus:10; mem:640")], cluster.Cycle());
    }

    [Fact]
    public void Role_given_up_by_its_framework_gets_nothing_and_what_it_held_is_counted_until_freed()
    {
        var cluster = new AllocatorHarness();
        cluster.AddFramework(0, "a", "b");
        cluster.AddAgent(0, "cpus:4;mem:64");
        Assert.Equal("a", Assert.Single(cluster.Cycle()).Role);
        cluster.AddFramework(0, "b");
        cluster.Recover(0, 0, "cpus:4;mem:64", role: "a");
        Assert.Equal([(0, "b", 0, "cpus:4; mem:64")], cluster.Cycle());
    }
}
