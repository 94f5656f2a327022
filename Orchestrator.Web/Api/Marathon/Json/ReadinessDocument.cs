using System.Text.Json;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Web.Api.Marathon.Json;

/// <summary>What new instances answered when a deployment asked them whether they are ready. Shape: Marathon's.</summary>
internal static class ReadinessDocument
{
    /// <summary>The field <c>readinessCheckResults</c> of an app that may be gone.</summary>
    internal static void Write(Utf8JsonWriter json, AppView? app)
    {
        json.WriteStartArray("readinessCheckResults");
        foreach (var instance in app?.Instances ?? [])
        {
            if (instance.Readiness is { } result)
            {
                Write(json, result);
            }
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, ReadinessResultView result)
    {
        json.WriteStartObject();
        json.WriteString("name", result.Name);
        json.WriteString("taskId", result.TaskId);
        json.WriteBoolean("ready", result.Ready);
        if (result.Response is { } response)
        {
            json.WriteStartObject("lastResponse");
            json.WriteNumber("status", response.Status);
            json.WriteString("contentType", response.ContentType);
            json.WriteString("body", response.Body);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
