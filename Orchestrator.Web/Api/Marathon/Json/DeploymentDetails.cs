using System.Text.Json;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Web.Api.Marathon.Json;

/// <summary>
/// Deployments with everything that is known of them, while they run and when they have ended. Our own: Marathon forgets a
/// deployment when it ends.
/// </summary>
internal static class DeploymentDetails
{
    /// <summary>Those that ended, newest first.</summary>
    internal static void WriteHistory(Utf8JsonWriter json, IEnumerable<DeploymentOutcomeView> outcomes)
    {
        json.WriteStartArray();
        foreach (var outcome in outcomes)
        {
            Write(json, outcome);
        }

        json.WriteEndArray();
    }

    /// <summary>One that runs.</summary>
    internal static void Write(Utf8JsonWriter json, DeploymentView deployment)
    {
        json.WriteStartObject();
        json.WriteString("id", deployment.Id);
        json.WriteString("version", Timestamps.Write(deployment.Version));
        json.WriteString("outcome", "running");
        WriteText(json, "reason", deployment.Late);
        WriteText(json, "rollbackOf", deployment.RollbackOf);
        json.WriteString("startedAt", Timestamps.Write(deployment.StartedAt));
        json.WriteNumber("failures", deployment.Failures);
        WriteSteps(json, deployment.Steps, deployment.Times);
        json.WriteNumber("currentStep", deployment.CurrentStep);
        json.WriteEndObject();
    }

    /// <summary>One that ended.</summary>
    internal static void Write(Utf8JsonWriter json, DeploymentOutcomeView outcome)
    {
        json.WriteStartObject();
        json.WriteString("id", outcome.Id);
        json.WriteString("version", Timestamps.Write(outcome.Version));
        json.WriteString("outcome", outcome.Outcome);
        WriteText(json, "reason", outcome.Reason);
        WriteText(json, "rollbackOf", outcome.RollbackOf);
        json.WriteString("startedAt", Timestamps.Write(outcome.StartedAt));
        json.WriteString("endedAt", Timestamps.Write(outcome.EndedAt));
        json.WriteNumber("failures", outcome.Failures);
        WriteSteps(json, outcome.Steps, outcome.Times);
        json.WriteEndObject();
    }

    private static void WriteSteps(Utf8JsonWriter json, IReadOnlyList<IReadOnlyList<DeploymentActionView>> steps, IReadOnlyList<DeploymentStepTimes> times)
    {
        json.WriteStartArray("steps");
        for (var i = 0; i < steps.Count; i++)
        {
            json.WriteStartObject();
            var (began, ended) = i < times.Count ? (times[i].Began, times[i].Ended) : (null, null);
            WriteText(json, "startedAt", began is { } from ? Timestamps.Write(from) : null);
            WriteText(json, "endedAt", ended is { } to ? Timestamps.Write(to) : null);
            json.WriteStartArray("actions");
            foreach (var action in steps[i])
            {
                json.WriteStartObject();
                json.WriteString("action", action.Action);
                json.WriteString("app", action.App);
                WriteText(json, "phase", action.Phase);
                WriteText(json, "deadline", action.Deadline is { } deadline ? Timestamps.Write(deadline) : null);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null)
        {
            json.WriteString(name, text);
        }
    }
}
