using Orchestrator.Core.Allocator;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Allocator;

/// <summary>Who may be offered what at all.</summary>
public sealed class EligibilityTests
{
    [Theory]
    [InlineData(true, false, 0)]
    [InlineData(true, true, 1)]
    [InlineData(false, false, 1)]
    public void Agent_with_gpus_is_for_frameworks_that_know_them_unless_the_flag_is_off(bool filter, bool capable, int offers)
    {
        var cluster = new AllocatorHarness(new AllocatorOptions { FilterGpuResources = filter });
        cluster.AddFramework(0, AllocatorHarness.NoTraits with { GpuResources = capable });
        cluster.AddAgent(0, "cpus:4;mem:512;gpus:1");
        Assert.Equal(offers, cluster.Cycle().Count);
    }

    [Theory]
    [InlineData(null, false, 1)]
    [InlineData("here", false, 1)]
    [InlineData("elsewhere", false, 0)]
    [InlineData("elsewhere", true, 1)]
    public void Agent_of_another_region_is_for_frameworks_that_know_regions(string? region, bool aware, int offers)
    {
        var cluster = new AllocatorHarness(new AllocatorOptions { Region = "here" });
        cluster.AddFramework(0, AllocatorHarness.NoTraits with { RegionAware = aware });
        cluster.AddAgent(0, "cpus:4;mem:512", region);
        Assert.Equal(offers, cluster.Cycle().Count);
    }

    [Theory]
    [InlineData("cpus:0.01", 1)]
    [InlineData("cpus:0.009;mem:31.999", 0)]
    [InlineData("mem:32", 1)]
    [InlineData("disk:1000;ports:[1-9]", 0)]
    public void Least_worth_offering_is_a_hundredth_cpu_or_32_mib(string resources, int offers)
    {
        var cluster = new AllocatorHarness();
        cluster.AddFramework(0);
        cluster.AddAgent(0, resources);
        Assert.Equal(offers, cluster.Cycle().Count);
    }

    [Fact]
    public void Least_of_a_framework_for_its_role_replaces_the_cluster_wide_one()
    {
        var own = new Dictionary<string, IReadOnlyList<IReadOnlyDictionary<string, Quantity>>>
        {
            ["picky"] = [new Dictionary<string, Quantity> { ["cpus"] = Quantity.FromDouble(8) }],
            ["any"] = [],
        };
        var cluster = new AllocatorHarness();
        cluster.AddFramework(0, AllocatorHarness.NoTraits with { MinAllocatable = own }, "picky");
        cluster.AddAgent(0, "cpus:4;mem:512");
        Assert.Empty(cluster.Cycle());
        cluster.AddAgent(1, "cpus:8;mem:512");
        Assert.Equal(1, Assert.Single(cluster.Cycle()).Agent);

        cluster = new AllocatorHarness();
        cluster.AddFramework(0, AllocatorHarness.NoTraits with { MinAllocatable = own }, "any");
        cluster.AddAgent(0, "disk:5");
        Assert.Single(cluster.Cycle());
    }

    [Fact]
    public void Reserved_resources_go_to_their_role_and_roles_below_it_only()
    {
        var cluster = new AllocatorHarness();
        cluster.AddFramework(0, "web");
        cluster.AddFramework(1, "db");
        cluster.AddFramework(2, "web/shop");
        cluster.AddAgent(0, "cpus(web):4;mem(web):512");
        Assert.Equal("web", Assert.Single(cluster.Cycle()).Role);
        cluster.Recover(0, 0, "cpus(web):4;mem(web):512", TimeSpan.FromMinutes(1), "web");
        Assert.Equal("web/shop", Assert.Single(cluster.Cycle()).Role);
        cluster.Recover(2, 0, "cpus(web):4;mem(web):512", TimeSpan.FromMinutes(1), "web/shop");
        Assert.Empty(cluster.Cycle());
    }

    [Fact]
    public void Rest_of_an_agent_beside_another_roles_reservation_is_offered_to_the_next_role()
    {
        var cluster = new AllocatorHarness();
        cluster.AddFramework(0, "web");
        cluster.AddFramework(1, "db");
        cluster.AddAgent(0, "cpus:1;mem:64;cpus(web):4;mem(web):512");
        var given = cluster.Cycle();
        Assert.Equal([(0, "cpus(web):4; mem(web):512"), (1, "cpus:1; mem:64")], given.Select(one => (one.Framework, one.Resources)));
    }

    [Fact]
    public void Resources_that_need_a_capability_are_left_out_for_who_lacks_it()
    {
        var cluster = new AllocatorHarness();
        cluster.AddFramework(0);
        var revocable = new Resource { Name = "cpus", Type = Value.Types.Type.Scalar, Scalar = new Value.Types.Scalar { Value = 8 }, Revocable = new Resource.Types.RevocableInfo() };
        cluster.Allocator.AddAgent(0, ResourceList.Parse("cpus:1;mem:64") + ResourceList.FromProto([revocable]), null);
        Assert.Equal("cpus:1; mem:64", Assert.Single(cluster.Cycle()).Resources);
        cluster.AddFramework(1, AllocatorHarness.NoTraits with { Revocable = true });
        var given = Assert.Single(cluster.Cycle());
        Assert.Equal((1, "cpus:8"), (given.Framework, given.Resources));
    }

    [Fact]
    public void Agent_that_is_not_active_is_offered_to_nobody_until_it_is()
    {
        var cluster = new AllocatorHarness();
        cluster.AddFramework(0);
        cluster.AddAgent(0, "cpus:4;mem:512");
        cluster.Allocator.SetAgentActive(0, false);
        Assert.Empty(cluster.Cycle());
        cluster.Allocator.SetAgentActive(0, true);
        Assert.Single(cluster.Cycle());
    }

    [Fact]
    public void Allocator_without_changes_has_no_work()
    {
        var cluster = new AllocatorHarness();
        cluster.AddFramework(0);
        cluster.AddAgent(0, "cpus:4;mem:512");
        Assert.True(cluster.Allocator.HasWork);
        cluster.Cycle();
        Assert.False(cluster.Allocator.HasWork);
        cluster.Recover(0, 0, "cpus:1");
        Assert.True(cluster.Allocator.HasWork);
    }

    [Fact]
    public void Cycle_after_cycle_gives_away_all_and_never_more_than_there_is()
    {
        // Random refusals and task ends from a seed: what is offered and what is free is always the total.
        var random = new SeededRandom(11);
        var cluster = new AllocatorHarness(seed: 12);
        var held = new List<Allocation>();
        for (var i = 0; i < 20; i++)
        {
            cluster.AddAgent(i, "cpus:8;mem:1024;ports:[1-50]");
            cluster.AddFramework(i, $"role-{i % 5}");
        }

        for (var round = 0; round < 200; round++)
        {
            held.AddRange(cluster.Allocator.Cycle(cluster.Now).ToArray());
            for (var i = held.Count - 1; i >= 0 && random.NextInt32(3) > 0; i--)
            {
                DateTimeOffset? refused = random.NextInt32(2) == 0 ? cluster.Now.AddSeconds(1 + random.NextInt32(5)) : null;
                cluster.Allocator.Recover(held[i].Framework, held[i].Role, held[i].Agent, held[i].Resources, refused);
                held.RemoveAt(i);
            }

            for (var agent = 0; agent < 20; agent++)
            {
                var sum = held.Where(given => given.Agent == agent).Aggregate(cluster.Allocator.Available(agent), (total, given) => total + given.Resources);
                Assert.Equal("cpus:8; mem:1024; ports:[1-50]", string.Join("; ", sum.ToString().Split("; ").Order(StringComparer.Ordinal)));
            }

            cluster.Now += TimeSpan.FromSeconds(1);
        }
    }
}
