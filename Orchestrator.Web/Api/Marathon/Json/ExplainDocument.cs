using System.Text.Json;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Marathon.Explaining;

namespace Orchestrator.Web.Api.Marathon.Json;

/// <summary>Why instances of an app wait. Shape: our own.</summary>
internal static class ExplainDocument
{
    internal static void Write(Utf8JsonWriter json, WaitExplanation explanation)
    {
        json.WriteStartObject();
        json.WriteString("appId", explanation.AppId);
        json.WriteString("at", Timestamps.Write(explanation.At));
        json.WriteString("summary", explanation.Summary);
        json.WriteStartArray("advice");
        foreach (var advice in explanation.Advice)
        {
            json.WriteStringValue(advice);
        }

        json.WriteEndArray();
        json.WriteStartObject("instances");
        json.WriteNumber("wanted", explanation.Wanted);
        json.WriteNumber("launched", explanation.Launched);
        json.WriteNumber("waiting", explanation.Waiting);
        json.WriteNumber("held", explanation.Held);
        json.WriteEndObject();
        if (explanation.Since is { } since)
        {
            json.WriteString("since", Timestamps.Write(since));
        }

        json.WriteStartArray("verdicts");
        foreach (var count in explanation.Verdicts)
        {
            json.WriteStartObject();
            json.WriteString("verdict", NameOf(count.Kind));
            json.WriteNumber("agents", count.Agents);
            json.WriteNumber("only", count.Only);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteObstacles(json, explanation.Obstacles);
        json.WriteNumber("agentCount", explanation.AgentCount);
        json.WriteStartArray("agents");
        foreach (var agent in explanation.Agents)
        {
            WriteAgent(json, agent);
        }

        json.WriteEndArray();
        json.WriteStartArray("waiting");
        foreach (var instance in explanation.Instances)
        {
            json.WriteStartObject();
            json.WriteString("id", instance.Id);
            json.WriteString("version", Timestamps.Write(instance.Version));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteObstacles(Utf8JsonWriter json, IReadOnlyList<WaitObstacle> obstacles)
    {
        json.WriteStartArray("obstacles");
        foreach (var obstacle in obstacles)
        {
            json.WriteStartObject();
            json.WriteString("kind", NameOf(obstacle.Kind));
            json.WriteBoolean("blocks", obstacle.Blocks);
            json.WriteString("needed", obstacle.Needed);
            json.WriteString("offered", obstacle.Offered);
            json.WriteString("text", obstacle.Text);
            json.WriteString("advice", obstacle.Advice);
            if (obstacle.Until is { } until)
            {
                json.WriteString("until", Timestamps.Write(until));
            }

            if (obstacle.DeploymentId is { } deployment)
            {
                json.WriteString("deploymentId", deployment);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteAgent(Utf8JsonWriter json, AgentVerdict agent)
    {
        json.WriteStartObject();
        json.WriteString("id", agent.AgentId);
        json.WriteString("hostname", agent.Hostname);
        json.WriteString("verdict", agent.Fits ? NameOf(WaitReason.None) : NameOf(agent.Unmet.First().Kind));
        json.WriteStartArray("requirements");
        foreach (var check in agent.Checks)
        {
            json.WriteStartObject();
            json.WriteString("kind", NameOf(check.Kind));
            json.WriteBoolean("met", check.Met);
            json.WriteString("needed", check.Needed);
            json.WriteString("total", check.Total);
            json.WriteString("used", check.Used);
            json.WriteString("available", check.Available);
            if (!check.Met)
            {
                AppJson.WriteNumber(json, "shortfall", check.Shortfall);
                json.WriteString("advice", check.Advice);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>For example <c>cpus</c>; <c>fits</c> for an agent that lacks nothing.</summary>
    private static string NameOf(WaitReason kind) => kind == WaitReason.None ? "fits" : kind.ToString().ToLowerInvariant();
}
