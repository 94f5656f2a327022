using System.Globalization;

namespace Orchestrator.Core.Runtime.Flags;

/// <summary>Durations as Mesos writes them: a number and one of ns, us, ms, secs, mins, hrs, days, weeks.</summary>
public static class DurationText
{
    private static readonly (string Unit, double Seconds)[] s_units =
    [
        ("weeks", 604800), ("days", 86400), ("hrs", 3600), ("mins", 60), ("secs", 1), ("ms", 1e-3), ("us", 1e-6), ("ns", 1e-9),
    ];

    /// <summary>Reads it; null when it is none.</summary>
    public static TimeSpan? Parse(string text)
    {
        foreach (var (unit, seconds) in s_units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && number >= 0 && number * seconds <= TimeSpan.FromDays(36500).TotalSeconds)
            {
                return TimeSpan.FromSeconds(number * seconds);
            }
        }

        return null;
    }

    /// <summary>Writes it in the largest unit that divides it: <c>5secs</c>, <c>1500ms</c>.</summary>
    public static string Write(TimeSpan duration)
    {
        foreach (var (unit, seconds) in s_units)
        {
            var ticks = (long)Math.Round(seconds * TimeSpan.TicksPerSecond);
            if (duration != TimeSpan.Zero && ticks > 0 && duration.Ticks % ticks == 0)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / ticks}{unit}");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks * 100}ns");
    }
}
