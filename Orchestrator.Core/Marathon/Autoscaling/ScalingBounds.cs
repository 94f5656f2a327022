using Cronos;
using Orchestrator.Core.Contract.Apps;

namespace Orchestrator.Core.Marathon.Autoscaling;

/// <summary>How many instances there may be at a time.</summary>
/// <param name="Min">Fewest.</param>
/// <param name="Max">Most.</param>
/// <param name="Cron">The expression of the schedule's entry that says so; null when the app's own bounds hold.</param>
internal sealed record ScalingBounds(int Min, int Max, string? Cron)
{
    /// <summary>How far back the last time of an expression is looked for, nearest first: what comes often is found at once.</summary>
    private static readonly TimeSpan[] s_lookBack = [TimeSpan.FromHours(1), TimeSpan.FromDays(1), TimeSpan.FromDays(8), TimeSpan.FromDays(32), TimeSpan.FromDays(367), TimeSpan.FromDays(1466)];

    /// <summary>The bounds that hold now: those of the entry that began last and has not ended, or the app's own.</summary>
    public static ScalingBounds At(AutoscalingDefinition rule, DateTimeOffset now)
    {
        AutoscalingSchedule? holds = null;
        var began = DateTimeOffset.MinValue;
        foreach (var entry in rule.Schedule)
        {
            // Of two that began together the later in the list holds.
            if (LastBegin(entry, now) is { } at && at >= began)
            {
                (holds, began) = (entry, at);
            }
        }

        return holds is null ? new ScalingBounds(rule.Min, rule.Max, null) : new ScalingBounds(holds.Min ?? rule.Min, holds.Max ?? rule.Max, holds.Cron);
    }

    /// <summary>When the entry last began; null when that is over, or was never.</summary>
    private static DateTimeOffset? LastBegin(AutoscalingSchedule entry, DateTimeOffset now)
    {
        if (!CronExpression.TryParse(entry.Cron, out var cron) || !TimeZoneInfo.TryFindSystemTimeZoneById(entry.TimeZone, out var zone))
        {
            // It was valid when it was written: the zone is gone from this machine.
            return null;
        }

        var oldest = entry.DurationSeconds is { } seconds ? now.AddSeconds(-seconds) : DateTimeOffset.MinValue;
        foreach (var lookBack in s_lookBack)
        {
            var from = now - lookBack > oldest ? now - lookBack : oldest;
            DateTimeOffset? last = null;
            for (var next = cron.GetNextOccurrence(from, zone); next <= now; next = cron.GetNextOccurrence(next.Value, zone))
            {
                last = next;
            }

            if (last is not null || from == oldest)
            {
                return last;
            }
        }

        return null;
    }
}
