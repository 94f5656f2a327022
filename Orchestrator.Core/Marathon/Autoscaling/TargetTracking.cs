using System.Globalization;
using Orchestrator.Core.Contract.Apps;

namespace Orchestrator.Core.Marathon.Autoscaling;

/// <summary>
/// Target tracking for one app: as many instances as bring the mean use to the target. What is not known is taken for the
/// case in which less is done: towards growth, instances without a figure use nothing; as long as one is missing, the number
/// does not shrink; those that warm up count as used to the target.
/// <code>
/// use above target + tolerance ─ cooldown is over ──────────────────────► grow to what is needed, at most max
/// use below target − tolerance ─ for the whole scale-down cooldown ─────► shrink to the most that was needed in it
/// outside of the bounds ────────────────────────────────────────────────► to the nearer bound, at once
/// </code>
/// </summary>
internal sealed class TargetTracking
{
    private DateTimeOffset? _lowSince;
    private int _lowNeed;

    /// <summary>When the number last changed; null for never.</summary>
    public DateTimeOffset? ScaledAt { get; set; }

    /// <summary>Judges the figures of now; the caller then brings about what is wanted and says so by <see cref="ScaledAt"/>.</summary>
    /// <param name="rule">What the app says.</param>
    /// <param name="bounds">The bounds of now.</param>
    /// <param name="figures">What is measured.</param>
    /// <param name="current">Wanted instances as they are.</param>
    /// <param name="now">The time.</param>
    public ScalingVerdict Judge(AutoscalingDefinition rule, ScalingBounds bounds, ScalingFigures figures, int current, DateTimeOffset now)
    {
        if (current == 0)
        {
            return Forget(new ScalingVerdict(ScalingAction.Suspended, 0, "The app is suspended; scale it to 1 or more to have its number follow the load again."));
        }

        if (current < bounds.Min || current > bounds.Max)
        {
            var nearest = Math.Clamp(current, bounds.Min, bounds.Max);
            var by = bounds.Cron is null ? "" : $", by the schedule '{bounds.Cron}'";
            return Forget(nearest > current
                ? new ScalingVerdict(ScalingAction.ScaleUp, nearest, $"There must be at least {bounds.Min}{by}.")
                : new ScalingVerdict(ScalingAction.ScaleDown, nearest, $"There may be at most {bounds.Max}{by}."));
        }

        if (figures.Utilization is not { } use)
        {
            return Forget(new ScalingVerdict(ScalingAction.NoFigures, current, figures.Missing > 0
                ? $"No figures have come of any of {figures.Missing} instances."
                : "All instances are warming up."));
        }

        var found = $"{(rule.Metric == "cpu" ? "CPU" : "Memory")} use is {Percent(use)} of what is asked for, the target {Percent(rule.Target)}";
        return figures.Load > current * rule.Target * (1 + rule.Tolerance)
            ? Grow(rule, bounds, figures, current, now, found)
            : Shrink(rule, bounds, figures, current, now, found);
    }

    private ScalingVerdict Grow(AutoscalingDefinition rule, ScalingBounds bounds, ScalingFigures figures, int current, DateTimeOffset now, string found)
    {
        var needed = Needed(figures.Load, rule.Target);
        var wanted = Math.Min(needed, bounds.Max);
        if (wanted <= current)
        {
            return Forget(new ScalingVerdict(ScalingAction.AtMaximum, current, $"{found}: {needed} instances would be needed, and there may be at most {bounds.Max}."));
        }

        var reason = $"{found}: the load of {current} needs {needed}{(needed > wanted ? $", and there may be at most {bounds.Max}" : "")}.";
        return Forget(ScaledAt?.AddSeconds(rule.CooldownSeconds) is { } free && free > now
            ? new ScalingVerdict(ScalingAction.Waiting, wanted, $"{reason} The cooldown ends in {Seconds(free - now)}.")
            : new ScalingVerdict(ScalingAction.ScaleUp, wanted, reason));
    }

    private ScalingVerdict Shrink(AutoscalingDefinition rule, ScalingBounds bounds, ScalingFigures figures, int current, DateTimeOffset now, string found)
    {
        var load = figures.Load + ((figures.Warming + figures.Missing) * rule.Target);
        var needed = Math.Max(Needed(load, rule.Target), bounds.Min);
        if (needed >= current || load >= current * rule.Target * (1 - rule.Tolerance))
        {
            return Forget(new ScalingVerdict(ScalingAction.InRange, current, $"{found}: {current} instance{(current == 1 ? " is" : "s are")} right{(current == bounds.Min ? ", the least allowed" : "")}."));
        }

        if (figures.Missing > 0)
        {
            return Forget(new ScalingVerdict(ScalingAction.NoFigures, current, $"{found}, but figures of {figures.Missing} of {figures.Measured + figures.Missing} instances are missing; without them the number does not shrink."));
        }

        _lowSince ??= now;
        _lowNeed = Math.Max(_lowNeed, needed);
        var since = ScaledAt > _lowSince ? ScaledAt.Value : _lowSince.Value;
        var reason = $"{found}: the load of {current} needs {_lowNeed}.";
        return since.AddSeconds(rule.ScaleDownCooldownSeconds) is var free && free > now
            ? new ScalingVerdict(ScalingAction.Waiting, _lowNeed, $"{reason} If that stays so for {Seconds(free - now)}, the number shrinks.")
            : Forget(new ScalingVerdict(ScalingAction.ScaleDown, _lowNeed, reason));
    }

    /// <summary>A time of low load is over, or does not count.</summary>
    private ScalingVerdict Forget(ScalingVerdict verdict)
    {
        (_lowSince, _lowNeed) = (null, 0);
        return verdict;
    }

    /// <summary>The instances that carry a load at the target; a hair above a whole number is that number.</summary>
    private static int Needed(double load, double target) => (int)Math.Min(Math.Ceiling((load / target) - 1e-9), int.MaxValue);

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0}%");

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalSeconds):0} s");
}
