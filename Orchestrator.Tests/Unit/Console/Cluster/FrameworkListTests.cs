using Orchestrator.Tests.Support;
using Orchestrator.Web.Console.Feeds;
using Orchestrator.Web.Console.ViewModels.Cluster;

namespace Orchestrator.Tests.Unit.Console.Cluster;

public sealed class FrameworkListTests
{
    [Theory]
    [InlineData("", "", "cap fw")]
    [InlineData("", "active", "cap fw")]
    [InlineData("", "completed", "old")]
    [InlineData("a/b", "", "cap fw")]
    [InlineData("old", "", "")]
    [InlineData("nobody", "completed", "")]
    public void Frameworks_under_filter_and_state_are_those_that_pass_both_and_completed_ones_only_when_asked_for(string words, string state, string expected) =>
        Assert.Equal(expected, string.Join(' ', FrameworkList.Of(Snapshots.Busy, new TextFilter(words), state, FrameworkList.DefaultSort).Select(row => row.Name)));

    [Fact]
    public void Share_of_a_framework_is_its_largest_part_of_any_resource()
    {
        var row = FrameworkList.All(Snapshots.Busy).First();

        // 0.1 of 4 cpus is more than 32 of 4,160 MiB.
        Assert.Equal(0.025, row.Share, 6);
    }

    [Fact]
    public void Condition_of_a_framework_follows_from_what_is_known_of_it()
    {
        var view = Snapshots.Busy.Frameworks[0]!;
        var total = Snapshots.Busy.Totals.Total;

        Assert.Equal(FrameworkCondition.Active, FrameworkRow.Of(view, total).Condition);
        Assert.Equal(FrameworkCondition.Inactive, FrameworkRow.Of(view with { Active = false }, total).Condition);
        Assert.Equal(FrameworkCondition.Disconnected, FrameworkRow.Of(view with { Connected = false }, total).Condition);
        Assert.Equal(FrameworkCondition.Recovering, FrameworkRow.Of(view with { Connected = false, Recovered = true }, total).Condition);
        Assert.Equal(FrameworkCondition.Completed, FrameworkRow.Of(view with { UnregisteredAt = Snapshots.Start }, total).Condition);
    }
}
