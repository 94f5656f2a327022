using Orchestrator.Core.Allocator;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Allocator;

/// <summary>Guarantees, limits and the headroom that is kept for them.</summary>
public sealed class QuotaTests
{
    private const string Node = "cpus:4;mem:1024;ports:[31000-31009]";

    [Fact]
    public void Limit_cuts_what_a_role_is_offered_and_leaves_the_rest_to_others()
    {
        var cluster = new AllocatorHarness();
        Limit(cluster, "web", "cpus:1;mem:256");
        cluster.AddFramework(0, "web");
        cluster.AddAgent(0, Node);
        Assert.Equal([(0, "web", 0, "cpus:1; mem:256; ports:[31000-31009]")], cluster.Cycle());
        cluster.AddFramework(1, "batch");
        Assert.Equal([(1, "batch", 0, "cpus:3; mem:768")], cluster.Cycle());
    }

    [Fact]
    public void Limit_counts_reservations_of_the_role_whether_used_or_not()
    {
        var cluster = new AllocatorHarness();
        Limit(cluster, "web", "cpus:3");
        cluster.AddFramework(0, "web");
        cluster.AddAgent(0, "cpus(web):2;cpus:4;mem:100");
        Assert.Equal([(0, "web", 0, "cpus(web):2; cpus:1; mem:100")], cluster.Cycle());
        Assert.Equal(Quantity.FromDouble(3), cluster.Allocator.Consumed("web", "cpus"));
    }

    [Fact]
    public void Limit_of_a_role_counts_for_the_roles_below_it()
    {
        var cluster = new AllocatorHarness();
        Limit(cluster, "web", "cpus:3");
        cluster.AddFramework(0, "web/front");
        cluster.AddFramework(1, "web/back");
        cluster.AddAgent(0, "cpus:2;mem:100");
        cluster.AddAgent(1, "cpus:2;mem:100");
        var given = cluster.Cycle();
        Assert.Equal(2, given.Count);
        Assert.Equal(Quantity.FromDouble(3), cluster.Allocator.Consumed("web", "cpus"));
    }

    [Fact]
    public void Limited_role_is_offered_more_when_it_gives_something_back()
    {
        var cluster = new AllocatorHarness();
        Limit(cluster, "web", "cpus:2;mem:512");
        cluster.AddFramework(0, "web");
        cluster.AddAgent(0, "cpus:2;mem:512");
        cluster.AddAgent(1, "cpus:2;mem:512");
        var first = Assert.Single(cluster.Cycle());
        Assert.Empty(cluster.Cycle());
        cluster.Recover(0, first.Agent, "cpus:1;mem:256", TimeSpan.FromHours(1), "web");
        Assert.Equal([(0, "web", 1 - first.Agent, "cpus:1; mem:256")], cluster.Cycle());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Reservation_counts_once_whether_made_of_free_or_of_held_resources(bool isFree)
    {
        var cluster = new AllocatorHarness();
        cluster.AddAgent(0, "cpus:4;mem:100");
        if (!isFree)
        {
            cluster.AddFramework(0, "web");
            Assert.Single(cluster.Cycle());
        }

        cluster.Allocator.Convert(0, ResourceList.Parse("cpus:1"), ResourceList.Parse("cpus(web):1"), isFree);
        if (!isFree)
        {
            cluster.Recover(0, 0, "cpus:3;mem:100", null, "web");
            cluster.Recover(0, 0, "cpus(web):1", null, "web");
        }

        Assert.Equal(Quantity.FromDouble(1), cluster.Allocator.Consumed("web", "cpus"));
        cluster.Allocator.RemoveAgent(0);
        Assert.Equal(Quantity.Zero, cluster.Allocator.Consumed("web", "cpus"));
    }

    [Fact]
    public void Guarantee_is_served_before_fairness()
    {
        var cluster = new AllocatorHarness();
        Guarantee(cluster, "web", "cpus:6");
        cluster.AddFramework(0, "web");
        cluster.AddFramework(1, "batch");
        for (var i = 0; i < 3; i++)
        {
            cluster.AddAgent(i, Node);
        }

        cluster.Cycle();
        Assert.True(cluster.Allocator.Consumed("web", "cpus") >= Quantity.FromDouble(6));
        Assert.True(cluster.Allocator.Consumed("batch", "cpus") >= Quantity.FromDouble(4));
    }

    [Fact]
    public void Headroom_for_a_guarantee_that_nobody_claims_is_offered_to_nobody()
    {
        var cluster = new AllocatorHarness();
        Guarantee(cluster, "web", "cpus:5");
        cluster.AddFramework(1, "batch");
        cluster.AddAgent(0, Node);
        cluster.AddAgent(1, Node);
        cluster.Cycle();
        Assert.Equal(Quantity.FromDouble(3), cluster.Allocator.Consumed("batch", "cpus"));
        Assert.Empty(cluster.Cycle());
        cluster.AddFramework(0, "web");
        cluster.Cycle();
        Assert.Equal(Quantity.FromDouble(5), cluster.Allocator.Consumed("web", "cpus"));
    }

    [Fact]
    public void Held_back_resources_are_offered_when_the_quota_goes()
    {
        var cluster = new AllocatorHarness();
        Guarantee(cluster, "web", "cpus:4;mem:1024");
        cluster.AddFramework(1, "batch");
        cluster.AddAgent(0, "cpus:4;mem:1024");
        Assert.Empty(cluster.Cycle());
        Guarantee(cluster, "web", "");
        Assert.Equal([(1, "batch", 0, "cpus:4; mem:1024")], cluster.Cycle());
    }

    [Fact]
    public void Held_back_resources_are_offered_when_other_agents_bring_the_headroom()
    {
        var cluster = new AllocatorHarness();
        Guarantee(cluster, "web", "cpus:4");
        cluster.AddFramework(1, "batch");
        cluster.AddAgent(0, "cpus:4");
        Assert.Empty(cluster.Cycle());
        cluster.AddAgent(1, "cpus:4");
        cluster.Cycle();
        Assert.Equal(Quantity.FromDouble(4), cluster.Allocator.Consumed("batch", "cpus"));
    }

    [Fact]
    public void Weight_changes_the_share_of_a_role()
    {
        var cluster = new AllocatorHarness();
        cluster.AddFramework(0, "a");
        cluster.AddFramework(1, "b");
        cluster.Allocator.SetWeight("a", 2);
        for (var i = 0; i < 30; i++)
        {
            cluster.AddAgent(i, "cpus:2;mem:512");
        }

        Assert.Equal(new Dictionary<int, int> { [0] = 20, [1] = 10 }, cluster.CountByFramework());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Random_cluster_never_exceeds_a_limit_and_meets_what_guarantees_it_can(ulong seed)
    {
        var random = new SeededRandom(seed);
        var cluster = new AllocatorHarness(new AllocatorOptions(), seed);
        string[] roles = ["a", "b", "c"];
        Limit(cluster, "a", "cpus:7;mem:2000");
        Guarantee(cluster, "b", "cpus:9");
        for (var i = 0; i < 6; i++)
        {
            cluster.AddFramework(i, roles[i % 3]);
        }

        for (var i = 0; i < 12; i++)
        {
            cluster.AddAgent(i, $"cpus:{random.NextInt32(4) + 1};mem:512");
        }

        var held = new List<(int Framework, string Role, int Agent, string Resources)>();
        for (var step = 0; step < 60; step++)
        {
            held.AddRange(cluster.Cycle().Select(given => (given.Framework, given.Role, given.Agent, given.Resources.Replace(" ", "", StringComparison.Ordinal))));
            Assert.True(cluster.Allocator.Consumed("a", "cpus") <= Quantity.FromDouble(7));
            Assert.True(cluster.Allocator.Consumed("a", "mem") <= Quantity.FromDouble(2000));
            Assert.True(cluster.Allocator.Consumed("b", "cpus") >= Quantity.FromDouble(9) || FreeCpus(cluster, 12) == Quantity.Zero, "a guarantee is met while anything is free");
            if (held.Count == 0)
            {
                continue;
            }

            var index = random.NextInt32(held.Count);
            var back = held[index];
            held.RemoveAt(index);
            cluster.Recover(back.Framework, back.Agent, back.Resources, null, back.Role);
        }
    }

    private static Quantity FreeCpus(AllocatorHarness cluster, int agents)
    {
        var free = Quantity.Zero;
        for (var i = 0; i < agents; i++)
        {
            free += cluster.Allocator.Available(i).Scalar("cpus");
        }

        return free;
    }

    private static void Limit(AllocatorHarness cluster, string role, string limits) => cluster.Allocator.SetQuota(role, Amounts(""), Amounts(limits));

    private static void Guarantee(AllocatorHarness cluster, string role, string guarantees) => cluster.Allocator.SetQuota(role, Amounts(guarantees), Amounts(""));

    private static Dictionary<string, Quantity> Amounts(string text)
    {
        var list = ResourceList.Parse(text);
        return list.ScalarNames.ToDictionary(name => name, list.Scalar);
    }
}
