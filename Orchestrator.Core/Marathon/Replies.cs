using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Marathon.Deployments;
using Orchestrator.Core.Marathon.Instances;

namespace Orchestrator.Core.Marathon;

/// <summary>Bodies of answers that say the same thing everywhere. Shapes: Marathon's REST API.</summary>
internal static class Replies
{
    /// <summary><c>{"message": …}</c>.</summary>
    public static MarathonReply Message(int status, string text) => new(status, AppJson.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("message", text);
        json.WriteEndObject();
    }));

    /// <summary>404 for an app.</summary>
    public static MarathonReply NoApp(string id) => Message(404, $"App '{id}' does not exist");

    /// <summary>404 for a group.</summary>
    public static MarathonReply NoGroup(string id) => Message(404, $"Group '{id}' does not exist");

    /// <summary>409 with the deployments that stand in the way.</summary>
    public static MarathonReply Locked(IEnumerable<DeploymentState> conflicting) => new(409, AppJson.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("message", "App is locked by one or more deployments. Override with the option '?force=true'. View details at '/v2/deployments/<DEPLOYMENT_ID>'.");
        json.WriteStartArray("deployments");
        foreach (var deployment in conflicting)
        {
            json.WriteStartObject();
            json.WriteString("id", deployment.Id);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }));

    /// <summary>200 with <c>{"version": …, "deploymentId": …}</c>.</summary>
    public static MarathonReply Deployment(DeploymentState deployment, int status = 200, string? location = null) => new(
        status,
        AppJson.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("version", Timestamps.Write(deployment.Version));
            json.WriteString("deploymentId", deployment.Id);
            json.WriteEndObject();
        }),
        deployment.Id,
        location);

    /// <summary>The tasks that a call killed: all under <c>tasks</c>, or the one that was named under <c>task</c>.</summary>
    public static MarathonReply Tasks(IReadOnlyList<InstanceState> instances, bool isSingle) => new(200, AppJson.Write(json =>
    {
        json.WriteStartObject();
        if (isSingle)
        {
            json.WritePropertyName("task");
            TaskJson.Write(json, instances[0].ToView());
        }
        else
        {
            json.WriteStartArray("tasks");
            foreach (var instance in instances)
            {
                TaskJson.Write(json, instance.ToView());
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }));
}
