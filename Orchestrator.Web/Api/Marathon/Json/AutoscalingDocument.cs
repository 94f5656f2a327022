using System.Text.Json;
using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Web.Api.Marathon.Json;

/// <summary><c>GET /v2/apps/{id}/autoscaling</c>: the load, what is made of it, and what was decided, newest first.</summary>
public static class AutoscalingDocument
{
    /// <summary>Writes it.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="app">The app.</param>
    /// <param name="rule">Its rule.</param>
    public static void Write(Utf8JsonWriter json, AppView app, AutoscalingDefinition rule)
    {
        json.WriteStartObject();
        json.WriteString("appId", app.Id);
        json.WriteNumber("instances", app.Definition.Instances);
        json.WriteString("metric", rule.Metric);
        AppJson.WriteNumber(json, "target", rule.Target);
        json.WritePropertyName("current");
        WriteLatest(json, app.Autoscaling?.Latest);
        json.WriteStartArray("decisions");
        foreach (var decision in app.Autoscaling?.Decisions.Reverse() ?? [])
        {
            json.WriteStartObject();
            json.WriteString("at", Timestamps.Write(decision.At));
            json.WriteString("action", NameOf(decision.Action));
            json.WriteNumber("from", decision.From);
            json.WriteNumber("to", decision.To);
            WriteUse(json, decision.Utilization);
            json.WriteString("reason", decision.Reason);
            if (decision.DeploymentId is { } deployment)
            {
                json.WriteString("deploymentId", deployment);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteLatest(Utf8JsonWriter json, ScalingVerdictView? latest)
    {
        if (latest is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WriteString("at", Timestamps.Write(latest.At));
        json.WriteString("action", NameOf(latest.Action));
        json.WriteString("reason", latest.Reason);
        json.WriteNumber("instances", latest.Instances);
        json.WriteNumber("wanted", latest.Wanted);
        json.WriteNumber("min", latest.Min);
        json.WriteNumber("max", latest.Max);
        json.WriteString("schedule", latest.Schedule);
        WriteUse(json, latest.Utilization);
        json.WriteNumber("measured", latest.Measured);
        json.WriteNumber("missing", latest.Missing);
        json.WriteNumber("warming", latest.Warming);
        json.WriteEndObject();
    }

    private static void WriteUse(Utf8JsonWriter json, double? utilization)
    {
        if (utilization is { } use)
        {
            AppJson.WriteNumber(json, "utilization", Math.Round(use, 3));
        }
        else
        {
            json.WriteNull("utilization");
        }
    }

    /// <summary>For example <c>scaleUp</c>.</summary>
    private static string NameOf(string action) => JsonNamingPolicy.CamelCase.ConvertName(action);
}
