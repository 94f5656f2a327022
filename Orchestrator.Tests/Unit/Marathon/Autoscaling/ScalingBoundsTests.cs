using System.Globalization;
using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon.Autoscaling;

namespace Orchestrator.Tests.Unit.Marathon.Autoscaling;

/// <summary>Which bounds hold at a time.</summary>
public sealed class ScalingBoundsTests
{
    private static readonly AutoscalingDefinition s_rule = new() { Min = 1, Max = 10, Target = 0.5 };

    [Theory]
    [InlineData("2026-11-23T06:59:59Z", 1)] // Monday, 7:59:59 in Berlin
    [InlineData("2026-11-23T07:00:00Z", 5)]
    [InlineData("2026-11-23T16:59:59Z", 5)]
    [InlineData("2026-11-23T17:00:00Z", 1)]
    [InlineData("2026-11-22T12:00:00Z", 1)] // Sunday
    [InlineData("2026-07-06T06:00:00Z", 5)] // summer time
    [InlineData("2026-07-06T05:59:59Z", 1)]
    public void Entry_with_a_duration_holds_for_it_in_its_time_zone(string at, int min) =>
        Assert.Equal(min, At(at, new AutoscalingSchedule("0 8 * * 1-5", "Europe/Berlin", 10 * 3600, 5, null)).Min);

    [Theory]
    [InlineData("2026-11-23T12:00:00Z", 5, 40, "0 8 * * *")]
    [InlineData("2026-11-23T20:00:00Z", 2, 10, "0 20 * * *")]
    [InlineData("2026-11-24T07:59:59Z", 2, 10, "0 20 * * *")]
    public void Entry_without_a_duration_holds_until_the_next_begins(string at, int min, int max, string cron)
    {
        var bounds = At(at, new AutoscalingSchedule("0 8 * * *", "UTC", null, 5, 40), new AutoscalingSchedule("0 20 * * *", "UTC", null, 2, null));

        Assert.Equal(new ScalingBounds(min, max, cron), bounds);
    }

    [Fact]
    public void Short_entry_within_a_long_one_holds_and_gives_way_again()
    {
        AutoscalingSchedule[] schedule = [new("0 8 * * *", "UTC", 36_000, 5, null), new("30 12 * * *", "UTC", 1800, 8, null)];

        Assert.Equal([5, 8, 5], new[] { "2026-11-23T12:29:59Z", "2026-11-23T12:59:59Z", "2026-11-23T13:00:00Z" }.Select(at => At(at, schedule).Min));
    }

    [Fact]
    public void Of_entries_that_begin_together_the_later_one_holds() =>
        Assert.Equal(7, At("2026-11-23T12:00:00Z", new("0 * * * *", "UTC", null, 5, null), new("0 12 * * *", "UTC", null, 7, null)).Min);

    [Theory]
    [InlineData("0 0 1 1 *", "2026-11-23T12:00:00Z")] // once a year
    [InlineData("0 0 29 2 *", "2026-11-23T12:00:00Z")] // 2024
    [InlineData("* * * * *", "2026-11-23T12:00:30Z")]
    public void Last_time_of_an_expression_is_found_however_long_ago(string cron, string at) =>
        Assert.Equal(cron, At(at, new AutoscalingSchedule(cron, "UTC", null, 5, null)).Cron);

    [Theory]
    [InlineData("0 0 30 2 *", "UTC")]
    [InlineData("0 8 * * *", "Mars/Olympus")]
    public void Entry_that_never_comes_leaves_the_bounds_of_the_app(string cron, string zone) =>
        Assert.Equal(new ScalingBounds(1, 10, null), At("2026-11-23T12:00:00Z", new AutoscalingSchedule(cron, zone, null, 5, 5)));

    private static ScalingBounds At(string at, params AutoscalingSchedule[] schedule) =>
        ScalingBounds.At(s_rule with { Schedule = schedule }, DateTimeOffset.Parse(at, CultureInfo.InvariantCulture));
}
