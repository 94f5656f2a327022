using Orchestrator.Core.Marathon.Deployments;

namespace Orchestrator.Tests.Unit.Marathon.Deployments;

/// <summary>The worked cases of the upgrade arithmetic, one row each.</summary>
public sealed class UpgradeNumbersTests
{
    [Theory]
    [InlineData("default", 10, 1, 1, 10, 0, 10, false, 10, 20, 0, 10)]
    [InlineData("no surge", 10, 0.5, 0, 10, 0, 10, false, 5, 10, 5, 0)]
    [InlineData("strict both", 10, 1, 0, 10, 0, 10, false, 10, 11, 0, 1)]
    [InlineData("small surge", 10, 0.9, 0.1, 10, 0, 10, false, 9, 11, 1, 1)]
    [InlineData("odd", 3, 0.5, 0.2, 3, 0, 3, false, 2, 3, 1, 0)]
    [InlineData("one", 1, 1, 1, 1, 0, 1, false, 1, 2, 0, 1)]
    [InlineData("one, no surge", 1, 1, 0, 1, 0, 1, false, 1, 2, 0, 1)]
    [InlineData("one, 0/0", 1, 0, 0, 1, 0, 1, false, 0, 1, 1, 0)]
    [InlineData("recreate", 10, 0, 0, 10, 0, 10, false, 0, 10, 10, 0)]
    [InlineData("resident", 3, 0.5, 0, 3, 0, 3, true, 2, 3, 1, 0)]
    [InlineData("resident strict", 3, 1, 0, 3, 0, 3, true, 3, 3, 1, 0)]
    [InlineData("shrink", 5, 1, 1, 10, 0, 10, false, 5, 10, 5, 0)]
    [InlineData("grow", 10, 1, 1, 2, 0, 2, false, 10, 20, 0, 10)]
    [InlineData("unhealthy", 10, 0.5, 0, 10, 0, 6, false, 5, 10, 1, 0)]
    [InlineData("interrupted", 10, 1, 1, 10, 5, 15, false, 10, 20, 5, 5)]
    public void Numbers_of_a_worked_case_are_those_of_the_reference(
        string name, int target, double minimum, double over, int old, int started, int healthy, bool resident, int minHealthy, int maxCapacity, int killNow, int launchNow)
    {
        var numbers = UpgradeNumbers.Of(target, minimum, over, old + started, healthy, resident);

        Assert.Equal((name, minHealthy, maxCapacity, killNow, launchNow), (name, numbers.MinHealthy, numbers.MaxCapacity, numbers.KillNow, numbers.LaunchNow(old, started)));
    }

    [Fact]
    public void Launches_with_more_started_than_wanted_are_none() =>
        Assert.Equal(0, UpgradeNumbers.Of(3, 1, 1, 10, 10).LaunchNow(5, 5));
}
