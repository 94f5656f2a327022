using System.Text.Json;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Web.Api.Marathon.Json;

/// <summary>Running deployments. Shape: an element of Marathon's <c>GET /v2/deployments</c>.</summary>
internal static class DeploymentDocuments
{
    internal static void WriteAll(Utf8JsonWriter json, ServicesSnapshot services)
    {
        json.WriteStartArray();
        foreach (var deployment in services.Deployments)
        {
            Write(json, deployment, services);
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, DeploymentView deployment, ServicesSnapshot services)
    {
        json.WriteStartObject();
        json.WriteString("id", deployment.Id);
        json.WriteString("version", Timestamps.Write(deployment.Version));
        var pods = deployment.Steps.SelectMany(step => step).Where(action => action.IsPod).Select(action => action.App).ToHashSet();
        WriteIds(json, "affectedApps", deployment.AffectedApps.Where(app => !pods.Contains(app)));
        WriteIds(json, "affectedPods", deployment.AffectedApps.Where(pods.Contains));
        json.WriteStartArray("steps");
        foreach (var step in deployment.Steps)
        {
            json.WriteStartObject();
            WriteActions(json, "actions", step, null);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        var current = deployment.CurrentStep >= 1 && deployment.CurrentStep <= deployment.Steps.Count ? deployment.Steps[deployment.CurrentStep - 1] : [];
        WriteActions(json, "currentActions", current, services);
        json.WriteNumber("currentStep", deployment.CurrentStep);
        json.WriteNumber("totalSteps", deployment.Steps.Count);
        json.WriteEndObject();
    }

    private static void WriteIds(Utf8JsonWriter json, string name, IEnumerable<string> ids)
    {
        json.WriteStartArray(name);
        foreach (var id in ids)
        {
            json.WriteStringValue(id);
        }

        json.WriteEndArray();
    }

    private static void WriteActions(Utf8JsonWriter json, string name, IReadOnlyList<DeploymentActionView> actions, ServicesSnapshot? services)
    {
        json.WriteStartArray(name);
        foreach (var action in actions)
        {
            json.WriteStartObject();
            json.WriteString("action", action.Action);
            json.WriteString(action.IsPod ? "pod" : "app", action.App);
            if (services is not null)
            {
                ReadinessDocument.Write(json, services.FindApp(action.App));
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
