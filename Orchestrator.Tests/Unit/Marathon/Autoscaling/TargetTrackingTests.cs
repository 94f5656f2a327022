using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon.Autoscaling;

namespace Orchestrator.Tests.Unit.Marathon.Autoscaling;

/// <summary>From figures to a number of instances.</summary>
public sealed class TargetTrackingTests
{
    private static readonly DateTimeOffset s_start = DateTimeOffset.UnixEpoch.AddDays(20000);
    private static readonly AutoscalingDefinition s_rule = new() { Min = 1, Max = 20, Target = 0.5, Tolerance = 0.1, CooldownSeconds = 60, ScaleDownCooldownSeconds = 300 };
    private readonly TargetTracking _tracking = new();

    [Theory]
    [InlineData(4, 2.0, nameof(ScalingAction.InRange), 4)]
    [InlineData(4, 2.2, nameof(ScalingAction.InRange), 4)]
    [InlineData(4, 2.21, nameof(ScalingAction.ScaleUp), 5)]
    [InlineData(4, 4.0, nameof(ScalingAction.ScaleUp), 8)]
    [InlineData(2, 1.5, nameof(ScalingAction.ScaleUp), 3)]
    [InlineData(4, 40.0, nameof(ScalingAction.ScaleUp), 20)]
    [InlineData(20, 15.0, nameof(ScalingAction.AtMaximum), 20)]
    [InlineData(1, 0.0, nameof(ScalingAction.InRange), 1)]
    [InlineData(4, 0.6, nameof(ScalingAction.Waiting), 2)]
    public void Load_of_measured_instances_asks_for_so_many(int current, double load, string action, int wanted)
    {
        var verdict = Judge(new ScalingFigures(load, current, 0, 0), current);

        Assert.Equal((action, wanted), (verdict.Action.ToString(), verdict.Wanted));
    }

    [Fact]
    public void Reason_says_use_target_and_what_is_needed() => Assert.Equal(
        "CPU use is 90% of what is asked for, the target 50%: the load of 4 needs 8.",
        Judge(new ScalingFigures(3.6, 4, 0, 0), 4).Reason);

    [Fact]
    public void Growth_waits_for_the_cooldown_of_the_last_change()
    {
        _tracking.ScaledAt = s_start;

        Assert.Equal(ScalingAction.Waiting, Judge(new ScalingFigures(4, 4, 0, 0), 4, s_start.AddSeconds(59)).Action);
        Assert.Equal(ScalingAction.ScaleUp, Judge(new ScalingFigures(4, 4, 0, 0), 4, s_start.AddSeconds(60)).Action);
    }

    [Fact]
    public void Number_shrinks_when_fewer_were_enough_for_the_whole_cooldown_and_then_to_the_most_that_was_needed()
    {
        Assert.Equal(ScalingAction.Waiting, Judge(new ScalingFigures(1.0, 8, 0, 0), 8).Action);
        Assert.Equal(ScalingAction.Waiting, Judge(new ScalingFigures(2.4, 8, 0, 0), 8, s_start.AddSeconds(200)).Action);

        var verdict = Judge(new ScalingFigures(0.5, 8, 0, 0), 8, s_start.AddSeconds(300));

        Assert.Equal((ScalingAction.ScaleDown, 5), (verdict.Action, verdict.Wanted));
    }

    [Fact]
    public void Number_does_not_shrink_when_a_peak_came_in_between()
    {
        Judge(new ScalingFigures(1.0, 8, 0, 0), 8);
        Judge(new ScalingFigures(4.0, 8, 0, 0), 8, s_start.AddSeconds(200));

        Assert.Equal(ScalingAction.Waiting, Judge(new ScalingFigures(1.0, 8, 0, 0), 8, s_start.AddSeconds(300)).Action);
    }

    [Fact]
    public void Number_does_not_shrink_while_one_figure_is_missing()
    {
        for (var seconds = 0; seconds <= 1000; seconds += 100)
        {
            Assert.Equal(ScalingAction.NoFigures, Judge(new ScalingFigures(0.1, 7, 1, 0), 8, s_start.AddSeconds(seconds)).Action);
        }
    }

    [Fact]
    public void Number_grows_on_the_figures_that_are_there_when_they_alone_ask_for_it()
    {
        Assert.Equal(ScalingAction.InRange, Judge(new ScalingFigures(2, 2, 2, 0), 4).Action);
        var verdict = Judge(new ScalingFigures(3, 3, 1, 0), 4);

        Assert.Equal((ScalingAction.ScaleUp, 6), (verdict.Action, verdict.Wanted));
    }

    [Fact]
    public void Instances_that_warm_up_are_neither_a_reason_to_grow_again_nor_to_shrink()
    {
        Assert.Equal(ScalingAction.InRange, Judge(new ScalingFigures(2, 2, 0, 2), 4).Action);
        Assert.Equal(ScalingAction.InRange, Judge(new ScalingFigures(1, 2, 0, 2), 4, s_start.AddHours(1)).Action);
        Assert.Equal(ScalingAction.InRange, Judge(new ScalingFigures(1, 2, 0, 2), 4, s_start.AddHours(2)).Action);
    }

    [Theory]
    [InlineData(0, 3, "No figures have come of any of 3 instances.")]
    [InlineData(3, 0, "All instances are warming up.")]
    public void Without_any_figure_nothing_is_done(int warming, int missing, string reason)
    {
        var verdict = Judge(new ScalingFigures(0, 0, missing, warming), 3);

        Assert.Equal((ScalingAction.NoFigures, 3, reason), (verdict.Action, verdict.Wanted, verdict.Reason));
    }

    [Theory]
    [InlineData(1, nameof(ScalingAction.ScaleUp), 3)]
    [InlineData(9, nameof(ScalingAction.ScaleDown), 6)]
    public void Number_outside_of_the_bounds_moves_to_the_nearer_one_at_once_and_without_figures(int current, string action, int wanted)
    {
        _tracking.ScaledAt = s_start;

        var verdict = _tracking.Judge(s_rule, new ScalingBounds(3, 6, "0 8 * * *"), default, current, s_start);

        Assert.Equal((action, wanted), (verdict.Action.ToString(), verdict.Wanted));
        Assert.EndsWith(", by the schedule '0 8 * * *'.", verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Suspended_app_is_left_alone() => Assert.Equal(ScalingAction.Suspended, Judge(default, 0).Action);

    /// <summary>Random rules and loads, figures every 10 s, some lost, new instances warm up for 30 s.</summary>
    [Fact]
    public void Any_load_gives_few_changes_within_the_bounds_and_a_constant_one_comes_to_rest_near_the_target()
    {
        for (var seed = 1; seed <= 300; seed++)
        {
            var random = new Random(seed);
            var min = random.Next(1, 5);
            var rule = s_rule with { Min = min, Max = min + random.Next(0, 30), Target = 0.2 + (random.NextDouble() * 0.7), CooldownSeconds = random.Next(0, 120), ScaleDownCooldownSeconds = random.Next(30, 400) };
            var app = new SimulatedApp(rule, min);

            app.Run(TimeSpan.FromHours(4), _ => random.NextDouble() * rule.Max * 1.2, lost: () => random.NextDouble() < 0.02);
            Assert.True(app.Shrinkings <= app.Elapsed.TotalSeconds / Math.Max(10, rule.ScaleDownCooldownSeconds) + 1, $"seed {seed}: {app.Shrinkings} times smaller");
            Assert.True(app.Changes <= (2 * app.Elapsed.TotalSeconds / Math.Max(10, rule.ScaleDownCooldownSeconds)) + (app.Elapsed.TotalSeconds / Math.Max(10, rule.CooldownSeconds)) + 2, $"seed {seed}: {app.Changes} changes");

            var load = random.NextDouble() * rule.Max * 1.2;
            app.Run(TimeSpan.FromHours(1), _ => load, lost: () => false);
            var rested = (app.Current, app.Changes);
            app.Run(TimeSpan.FromHours(3), _ => load, lost: () => false);
            Assert.True(rested == (app.Current, app.Changes), $"seed {seed}: no rest under a constant load");
            var needed = Math.Clamp(load / rule.Target, rule.Min, rule.Max);
            Assert.True(app.Current >= needed * (1 - rule.Tolerance) - 1e-6 && app.Current <= (needed / (1 - rule.Tolerance)) + 1, $"seed {seed}: {app.Current} instances rest where {needed:0.0} are needed");
        }
    }

    private ScalingVerdict Judge(ScalingFigures figures, int current, DateTimeOffset? now = null) => _tracking.Judge(s_rule, new ScalingBounds(s_rule.Min, s_rule.Max, null), figures, current, now ?? s_start);

    /// <summary>An app whose load spreads evenly over what runs of it.</summary>
    private sealed class SimulatedApp(AutoscalingDefinition rule, int instances)
    {
        private readonly TargetTracking _tracking = new();
        private readonly List<DateTimeOffset> _starts = [.. Enumerable.Repeat(s_start.AddHours(-1), instances)];
        private DateTimeOffset _now = s_start;

        public int Current => _starts.Count;

        public int Changes { get; private set; }

        public int Shrinkings { get; private set; }

        public TimeSpan Elapsed => _now - s_start;

        public void Run(TimeSpan time, Func<DateTimeOffset, double> loadAt, Func<bool> lost)
        {
            for (var end = _now + time; _now < end; _now = _now.AddSeconds(10))
            {
                var load = loadAt(_now);
                var warm = _starts.Count(start => start.AddSeconds(30) <= _now);
                var missing = Enumerable.Range(0, warm).Count(_ => lost());
                var each = Math.Min(load / Current, 4);
                var verdict = _tracking.Judge(rule, new ScalingBounds(rule.Min, rule.Max, null), new ScalingFigures(each * (warm - missing), warm - missing, missing, Current - warm), Current, _now);
                Assert.InRange(verdict.Wanted, rule.Min, rule.Max);
                if (verdict.Action is not (ScalingAction.ScaleUp or ScalingAction.ScaleDown))
                {
                    continue;
                }

                Assert.True(verdict.Action == ScalingAction.ScaleUp ? verdict.Wanted > Current : verdict.Wanted < Current && missing == 0, verdict.ToString());
                Shrinkings += verdict.Action == ScalingAction.ScaleDown ? 1 : 0;
                Changes++;
                _tracking.ScaledAt = _now;
                _starts.AddRange(Enumerable.Repeat(_now, Math.Max(0, verdict.Wanted - Current)));
                _starts.RemoveRange(verdict.Wanted, Current - verdict.Wanted);
            }
        }
    }
}
