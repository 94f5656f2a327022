using Cronos;
using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon.Apps;

namespace Orchestrator.Core.Marathon.Autoscaling;

/// <summary>Whether the values of the field <c>autoscaling</c> make sense.</summary>
internal static class AutoscalingValidator
{
    /// <summary>Most entries of a schedule.</summary>
    public const int MaxEntries = 50;

    /// <summary>Most instances that an autoscaler may be allowed.</summary>
    public const int MaxInstances = 100_000;

    private const double MaxSeconds = 86_400;
    private const double MaxEntrySeconds = 31 * 86_400;

    /// <summary>Adds what is wrong to <paramref name="errors"/>.</summary>
    public static void Validate(AppDefinition app, FieldErrors errors)
    {
        if (app.Autoscaling is not { } rule)
        {
            return;
        }

        errors.Require(rule.Min >= 1, "/autoscaling/min", "must be greater than or equal to 1; suspend an app by setting instances to 0");
        errors.Require(rule.Max >= rule.Min, "/autoscaling/max", $"must be greater than or equal to min ({rule.Min})");
        errors.Require(rule.Max <= MaxInstances, "/autoscaling/max", $"must be less than or equal to {MaxInstances}");
        errors.Require(rule.Metric is "cpu" or "mem", "/autoscaling/metric", $"'{rule.Metric}' is not one of cpu, mem");
        errors.Require(rule.Metric != "mem" || app.Mem > 0, "/autoscaling/metric", "needs an app that asks for mem");
        errors.Require(rule.Target is > 0 and <= 10, "/autoscaling/target", "must be a share of what an instance asks for, above 0 and at most 10, for example 0.6 for 60 percent");
        errors.Require(rule.Tolerance is >= 0 and <= 0.9, "/autoscaling/tolerance", "must be between 0 and 0.9");
        errors.Require(rule.CooldownSeconds is >= 0 and <= MaxSeconds, "/autoscaling/cooldownSeconds", $"must be between 0 and {MaxSeconds}");
        errors.Require(rule.ScaleDownCooldownSeconds is >= 0 and <= MaxSeconds, "/autoscaling/scaleDownCooldownSeconds", $"must be between 0 and {MaxSeconds}");
        errors.Require(rule.WarmUpSeconds is >= 0 and <= MaxSeconds, "/autoscaling/warmUpSeconds", $"must be between 0 and {MaxSeconds}");
        errors.Require(app.Labels.GetValueOrDefault("MARATHON_SINGLE_INSTANCE_APP") != "true", "/autoscaling", "cannot be used with the label MARATHON_SINGLE_INSTANCE_APP=true");
        errors.Require(rule.Schedule.Count <= MaxEntries, "/autoscaling/schedule", $"must have at most {MaxEntries} entries");
        for (var i = 0; i < rule.Schedule.Count; i++)
        {
            Validate(rule, rule.Schedule[i], $"/autoscaling/schedule({i})", errors);
        }
    }

    private static void Validate(AutoscalingDefinition rule, AutoscalingSchedule entry, string path, FieldErrors errors)
    {
        errors.Require(CronExpression.TryParse(entry.Cron, out _), $"{path}/cron", $"'{entry.Cron}' is not a cron expression of five fields (minute, hour, day, month, day of the week), for example 0 8 * * 1-5");
        errors.Require(TimeZoneInfo.TryFindSystemTimeZoneById(entry.TimeZone, out _), $"{path}/timeZone", $"'{entry.TimeZone}' is not a time zone that this host knows; name one of the IANA database, for example Europe/Berlin or UTC");
        errors.Require(entry.DurationSeconds is null or (> 0 and <= MaxEntrySeconds), $"{path}/durationSeconds", $"must be above 0 and at most {MaxEntrySeconds}");
        errors.Require(entry.Min is not null || entry.Max is not null, path, "must have min, max or both");
        errors.Require(entry.Min is null or >= 1, $"{path}/min", "must be greater than or equal to 1");
        errors.Require(entry.Max is null or <= MaxInstances, $"{path}/max", $"must be less than or equal to {MaxInstances}");
        var (min, max) = (entry.Min ?? rule.Min, entry.Max ?? rule.Max);
        errors.Require(min <= max, path, $"must leave min ({min}) less than or equal to max ({max})");
    }
}
