using Orchestrator.Core.Resources;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Allocator;

/// <summary>What is refused is not offered again too soon, and nothing else is held back with it.</summary>
public sealed class OfferFilterTests
{
    private const string Whole = "cpus:4;mem:512";
    private readonly AllocatorHarness _cluster = new();

    [Fact]
    public void Refused_resources_are_offered_again_when_the_filter_expires_and_not_before()
    {
        Refuse();
        Assert.Empty(_cluster.Cycle());
        Assert.Equal(_cluster.Now.AddSeconds(5), _cluster.Allocator.NextExpiry);
        _cluster.Now += TimeSpan.FromSeconds(4.999);
        Assert.Empty(_cluster.Cycle());
        _cluster.Now += TimeSpan.FromSeconds(0.001);
        Assert.Equal(0, Assert.Single(_cluster.Cycle()).Framework);
        Assert.Null(_cluster.Allocator.NextExpiry);
    }

    [Fact]
    public void Refused_resources_are_offered_to_the_next_framework_at_once()
    {
        _cluster.AddFramework(0);
        _cluster.AddFramework(1);
        _cluster.AddAgent(0, Whole);
        _cluster.Cycle();
        _cluster.Recover(0, 0, Whole, TimeSpan.FromSeconds(5));
        Assert.Equal(1, Assert.Single(_cluster.Cycle()).Framework);
    }

    [Theory]
    [InlineData("cpus:4;mem:512", 0)]
    [InlineData("cpus:1;mem:512", 0)]
    [InlineData("cpus:4;mem:513", 1)]
    [InlineData("cpus:5;mem:32", 1)]
    [InlineData("cpus:4;mem:512;disk:1", 1)]
    [InlineData("cpus:4;mem:512;ports:[1-2]", 1)]
    public void Filter_blocks_subsets_of_what_was_refused_and_lets_more_pass(string free, int offers)
    {
        // The agent has more than was refused; the rest is held by a task, so that exactly the given part is free.
        _cluster.AddFramework(0);
        _cluster.AddAgent(0, "cpus:10;mem:1000;disk:100;ports:[1-100]");
        _cluster.Cycle();
        _cluster.Recover(0, 0, Whole, TimeSpan.FromSeconds(5));
        Assert.Empty(_cluster.Cycle());
        _cluster.Allocator.Charge(0, "*", 0, ResourceList.Parse(Whole));
        _cluster.Recover(0, 0, free);
        Assert.Equal(offers, _cluster.Cycle().Count);
    }

    [Fact]
    public void Filter_of_one_role_does_not_hold_back_the_other_role_of_the_framework()
    {
        _cluster.AddFramework(0, "a", "b");
        _cluster.AddAgent(0, Whole);
        Assert.Equal("a", Assert.Single(_cluster.Cycle()).Role);
        _cluster.Recover(0, 0, Whole, TimeSpan.FromSeconds(5), "a");
        Assert.Equal("b", Assert.Single(_cluster.Cycle()).Role);
    }

    [Fact]
    public void Filter_of_one_agent_does_not_hold_back_another()
    {
        Refuse();
        _cluster.AddAgent(1, Whole);
        Assert.Equal(1, Assert.Single(_cluster.Cycle()).Agent);
    }

    [Fact]
    public void Revive_forgets_the_filters_of_its_roles_only()
    {
        _cluster.AddFramework(0, "a", "b");
        _cluster.AddAgent(0, Whole);
        _cluster.AddAgent(1, Whole);
        foreach (var given in _cluster.Cycle())
        {
            _cluster.Recover(0, given.Agent, Whole, TimeSpan.FromSeconds(5), given.Role);
        }

        foreach (var given in _cluster.Cycle())
        {
            _cluster.Recover(0, given.Agent, Whole, TimeSpan.FromSeconds(5), given.Role);
        }

        Assert.Empty(_cluster.Cycle());
        _cluster.Allocator.Revive(0, ["b"]);
        Assert.Equal(["b", "b"], _cluster.Cycle().Select(given => given.Role));
    }

    [Fact]
    public void Framework_that_goes_loses_its_filters_and_that_returns_is_offered_everything()
    {
        Refuse();
        _cluster.Allocator.SetFrameworkActive(0, false);
        Assert.Empty(_cluster.Cycle());
        _cluster.Allocator.SetFrameworkActive(0, true);
        Assert.Single(_cluster.Cycle());
    }

    [Fact]
    public void Agent_that_is_added_anew_has_no_filters()
    {
        Refuse();
        _cluster.Allocator.RemoveAgent(0);
        _cluster.AddAgent(0, Whole);
        Assert.Single(_cluster.Cycle());
    }

    [Fact]
    public void Suppressed_framework_gets_nothing_until_revived()
    {
        _cluster.AddFramework(0);
        _cluster.Allocator.Suppress(0, ["*"]);
        _cluster.AddAgent(0, Whole);
        Assert.Empty(_cluster.Cycle());
        _cluster.Allocator.Revive(0, ["*"]);
        Assert.Single(_cluster.Cycle());
    }

    [Fact]
    public void Refusals_of_two_parts_hold_until_the_later_one_ends()
    {
        _cluster.AddFramework(0);
        _cluster.AddAgent(0, Whole);
        _cluster.Cycle();
        _cluster.Recover(0, 0, "cpus:1;mem:512", TimeSpan.FromSeconds(5));
        _cluster.Cycle();
        _cluster.Recover(0, 0, "cpus:3", TimeSpan.FromSeconds(8));
        Assert.Empty(_cluster.Cycle());
        _cluster.Now += TimeSpan.FromSeconds(6);
        Assert.Empty(_cluster.Cycle());
        _cluster.Now += TimeSpan.FromSeconds(2);
        Assert.Single(_cluster.Cycle());
    }

    private void Refuse()
    {
        _cluster.AddFramework(0);
        _cluster.AddAgent(0, Whole);
        _cluster.Cycle();
        _cluster.Recover(0, 0, Whole, TimeSpan.FromSeconds(5));
    }
}
