using System.Globalization;

namespace Orchestrator.AgentService.Hosting;

/// <summary>Durations as Mesos' flags write them: <c>10mins</c>, <c>1weeks</c>, <c>500ms</c>.</summary>
internal static class DurationText
{
    private static readonly (string Unit, double Seconds)[] s_units =
    [
        ("ns", 1e-9), ("us", 1e-6), ("ms", 1e-3), ("secs", 1), ("mins", 60), ("hrs", 3600), ("days", 86_400), ("weeks", 604_800),
    ];

    /// <summary>Null when the text is no duration.</summary>
    internal static TimeSpan? Parse(string text)
    {
        foreach (var (unit, seconds) in s_units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && double.TryParse(text[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number * seconds < TimeSpan.MaxValue.TotalSeconds / 2)
            {
                return TimeSpan.FromSeconds(number * seconds);
            }
        }

        return null;
    }
}
