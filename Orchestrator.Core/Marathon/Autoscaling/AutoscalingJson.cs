using System.Text.Json;
using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon.Apps;

namespace Orchestrator.Core.Marathon.Autoscaling;

/// <summary>The field <c>autoscaling</c> of an app, read and written.</summary>
internal static class AutoscalingJson
{
    private static readonly AutoscalingSchedule[] s_noSchedule = [];

    /// <summary>Reads it; whether its values make sense is for <see cref="AutoscalingValidator"/>.</summary>
    /// <param name="reader">The field.</param>
    public static AutoscalingDefinition Read(FieldReader reader)
    {
        var defaults = new AutoscalingDefinition();
        foreach (var name in new[] { "max", "target" })
        {
            if (!reader.Has(name))
            {
                reader.Error(name, "error.path.missing");
            }
        }

        return new AutoscalingDefinition
        {
            Min = reader.Whole("min", defaults.Min),
            Max = reader.Whole("max", 0),
            Metric = reader.Text("metric") ?? defaults.Metric,
            Target = reader.Number("target", 0),
            Tolerance = reader.Number("tolerance", defaults.Tolerance),
            CooldownSeconds = reader.Number("cooldownSeconds", defaults.CooldownSeconds),
            ScaleDownCooldownSeconds = reader.Number("scaleDownCooldownSeconds", defaults.ScaleDownCooldownSeconds),
            WarmUpSeconds = reader.Number("warmUpSeconds", defaults.WarmUpSeconds),
            Schedule = [.. reader.Objects("schedule").Select(ReadEntry)],
        };
    }

    /// <summary>Writes it as one object.</summary>
    public static void Write(Utf8JsonWriter json, AutoscalingDefinition rule)
    {
        json.WriteStartObject();
        json.WriteNumber("min", rule.Min);
        json.WriteNumber("max", rule.Max);
        json.WriteString("metric", rule.Metric);
        AppJson.WriteNumber(json, "target", rule.Target);
        AppJson.WriteNumber(json, "tolerance", rule.Tolerance);
        AppJson.WriteNumber(json, "cooldownSeconds", rule.CooldownSeconds);
        AppJson.WriteNumber(json, "scaleDownCooldownSeconds", rule.ScaleDownCooldownSeconds);
        AppJson.WriteNumber(json, "warmUpSeconds", rule.WarmUpSeconds);
        json.WriteStartArray("schedule");
        foreach (var entry in rule.Schedule)
        {
            WriteEntry(json, entry);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Whether two rules say the same; null is no rule.</summary>
    public static bool AreEqual(AutoscalingDefinition? one, AutoscalingDefinition? other)
    {
        if (one is null || other is null)
        {
            return one is null && other is null;
        }

        return one with { Schedule = s_noSchedule } == other with { Schedule = s_noSchedule } && one.Schedule.SequenceEqual(other.Schedule);
    }

    private static AutoscalingSchedule ReadEntry(FieldReader entry)
    {
        if (!entry.Has("cron"))
        {
            entry.Error("cron", "error.path.missing");
        }

        return new AutoscalingSchedule(
            entry.Text("cron") ?? "",
            entry.Text("timeZone") ?? "UTC",
            entry.Has("durationSeconds") ? entry.Number("durationSeconds", 0) : null,
            entry.Has("min") ? entry.Whole("min", 0) : null,
            entry.Has("max") ? entry.Whole("max", 0) : null);
    }

    private static void WriteEntry(Utf8JsonWriter json, AutoscalingSchedule entry)
    {
        json.WriteStartObject();
        json.WriteString("cron", entry.Cron);
        json.WriteString("timeZone", entry.TimeZone);
        if (entry.DurationSeconds is { } duration)
        {
            AppJson.WriteNumber(json, "durationSeconds", duration);
        }

        if (entry.Min is { } min)
        {
            json.WriteNumber("min", min);
        }

        if (entry.Max is { } max)
        {
            json.WriteNumber("max", max);
        }

        json.WriteEndObject();
    }
}
