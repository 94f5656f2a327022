using System.Text.Json;
using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Marathon.Deployments;
using Orchestrator.Core.Marathon.Instances;

namespace Orchestrator.Core.Marathon.Events;

/// <summary>Writes the events of the event stream, each once for all subscribers. Names and fields: Marathon's.</summary>
internal static class EventWriter
{
    /// <summary>api_post_event: a call that creates, changes or deletes an app was accepted.</summary>
    public static void ApiPost(Turn turn, CommandOrigin origin, AppDefinition app, string? deploymentId) => Tell(turn, (app.Id, deploymentId), "api_post_event", json =>
    {
        json.WriteString("clientIp", origin.ClientIp);
        json.WriteString("uri", origin.Uri);
        json.WriteStartObject("appDefinition");
        AppJson.WriteFields(json, app);
        json.WriteEndObject();
    });

    /// <summary>pod_created_event, pod_updated_event or pod_deleted_event: a call that changes a pod was accepted.</summary>
    public static void Pod(Turn turn, string eventType, CommandOrigin origin, string podId, string? deploymentId) => Tell(turn, (podId, deploymentId), eventType, json =>
    {
        json.WriteString("clientIp", origin.ClientIp);
        json.WriteString("uri", origin.Uri);
    });

    /// <summary>group_change_success: the change is stored.</summary>
    public static void GroupChanged(Turn turn, string groupId, DateTimeOffset version, DeploymentState deployment) => Tell(turn, deployment, "group_change_success", json =>
    {
        json.WriteString("groupId", groupId);
        json.WriteString("version", Timestamps.Write(version));
    });

    /// <summary>scheduler_registered_event or scheduler_reregistered_event.</summary>
    public static void Registered(Turn turn, string? newFrameworkId, string master) => Tell(turn, newFrameworkId is null ? "scheduler_reregistered_event" : "scheduler_registered_event", json =>
    {
        if (newFrameworkId is not null)
        {
            json.WriteString("frameworkId", newFrameworkId);
        }

        json.WriteString("master", master);
    });

    /// <summary>scheduler_disconnected_event.</summary>
    public static void Disconnected(Turn turn) => Tell(turn, "scheduler_disconnected_event", _ => { });

    /// <summary>deployment_info, deployment_step_success or deployment_step_failure.</summary>
    public static void Step(Turn turn, string eventType, DeploymentState deployment) => Tell(turn, deployment, eventType, json =>
    {
        WritePlan(json, deployment);
        json.WritePropertyName("currentStep");
        WriteStep(json, deployment, deployment.Steps[deployment.Step]);
    });

    /// <summary>deployment_success, or deployment_failed with the reason.</summary>
    public static void Ended(Turn turn, DeploymentState deployment, string? failure) => Tell(turn, deployment, failure is null ? "deployment_success" : "deployment_failed", json =>
    {
        json.WriteString("id", deployment.Id);
        WritePlan(json, deployment);
        if (failure is not null)
        {
            json.WriteString("reason", failure);
        }
    });

    /// <summary>app_terminated_event: nothing of a deleted app is left.</summary>
    public static void AppTerminated(Turn turn, string appId, string deploymentId) => Tell(turn, (appId, deploymentId), "app_terminated_event", json => json.WriteString("appId", appId));

    /// <summary>status_update_event: the master told the state of a task.</summary>
    public static void StatusUpdate(Turn turn, InstanceState instance, TaskStatus status, string state) => Tell(turn, instance, "status_update_event", json =>
    {
        json.WriteString("slaveId", instance.AgentId);
        json.WriteString("taskId", status.TaskId.Value);
        json.WriteString("taskStatus", state);
        json.WriteString("message", status.Message);
        json.WriteString("appId", instance.App.Id);
        json.WriteString("host", instance.Host);
        TaskJson.WriteAddresses(json, instance.IpAddresses);
        TaskJson.WriteNumbers(json, "ports", instance.Ports);
        json.WriteString("version", Timestamps.Write(instance.Spec.Version));
    });

    /// <summary>instance_changed_event: its condition is another.</summary>
    public static void InstanceChanged(Turn turn, InstanceState instance, Condition condition) => Tell(turn, instance, "instance_changed_event", json =>
    {
        json.WriteString("instanceId", instance.Id);
        json.WriteString("condition", condition.ToString());
        json.WriteString("runSpecId", instance.App.Id);
        json.WriteString("agentId", instance.AgentId);
        json.WriteString("host", instance.Host);
        json.WriteString("runSpecVersion", Timestamps.Write(instance.Spec.Version));
    });

    /// <summary>instance_health_changed_event: all its checks together say something else than before.</summary>
    public static void InstanceHealthChanged(Turn turn, InstanceState instance) => Tell(turn, instance, "instance_health_changed_event", json =>
    {
        json.WriteString("instanceId", instance.Id);
        json.WriteString("runSpecId", instance.App.Id);
        if (instance.Healthy is { } healthy)
        {
            json.WriteBoolean("healthy", healthy);
        }
        else
        {
            json.WriteNull("healthy");
        }

        json.WriteString("runSpecVersion", Timestamps.Write(instance.Spec.Version));
    });

    /// <summary>health_status_changed_event: one check says something else than before.</summary>
    public static void HealthChanged(Turn turn, InstanceState instance, bool alive) => Tell(turn, instance, "health_status_changed_event", json =>
    {
        json.WriteString("appId", instance.App.Id);
        json.WriteString("instanceId", instance.Id);
        json.WriteString("version", Timestamps.Write(instance.Spec.Version));
        json.WriteBoolean("alive", alive);
    });

    /// <summary>failed_health_check_event; its taskId holds the instance id, as in Marathon.</summary>
    public static void CheckFailed(Turn turn, InstanceState instance, HealthCheckDefinition check) => Tell(turn, instance, "failed_health_check_event", json =>
    {
        json.WriteString("appId", instance.App.Id);
        json.WriteString("taskId", instance.Id);
        json.WritePropertyName("healthCheck");
        AppJson.WriteHealthCheck(json, check);
    });

    /// <summary>add_health_check_event.</summary>
    public static void CheckAdded(Turn turn, AppDefinition app, HealthCheckDefinition check, string deploymentId) => Tell(turn, (app.Id, deploymentId), "add_health_check_event", json =>
    {
        json.WriteString("appId", app.Id);
        json.WriteString("version", Timestamps.Write(app.Version));
        json.WritePropertyName("healthCheck");
        AppJson.WriteHealthCheck(json, check);
    });

    /// <summary>remove_health_check_event.</summary>
    public static void CheckRemoved(Turn turn, string appId, string deploymentId) => Tell(turn, (appId, deploymentId), "remove_health_check_event", json => json.WriteString("appId", appId));

    /// <summary>unhealthy_instance_kill_event.</summary>
    public static void UnhealthyKill(Turn turn, InstanceState instance, string reason) => Tell(turn, instance, "unhealthy_instance_kill_event", json =>
    {
        json.WriteString("appId", instance.App.Id);
        json.WriteString("taskId", instance.TaskId);
        json.WriteString("instanceId", instance.Id);
        json.WriteString("version", Timestamps.Write(instance.Spec.Version));
        json.WriteString("reason", reason);
        json.WriteString("host", instance.Host);
        json.WriteString("slaveId", instance.AgentId);
    });

    /// <summary>
    /// instance_draining_event, our own: it takes no traffic any more and is killed later. Told as well as a status of TASK_KILLING, for
    /// balancers that follow those.
    /// </summary>
    public static void Draining(Turn turn, InstanceState instance)
    {
        var until = instance.DrainingSince!.Value.AddSeconds(instance.Spec.DrainSeconds ?? 0);
        Tell(turn, instance, "instance_draining_event", json =>
        {
            json.WriteString("appId", instance.App.Id);
            json.WriteString("instanceId", instance.Id);
            json.WriteString("taskId", instance.TaskId);
            json.WriteString("host", instance.Host);
            TaskJson.WriteNumbers(json, "ports", instance.Ports);
            json.WriteString("drainsUntil", Timestamps.Write(until));
            json.WriteString("version", Timestamps.Write(instance.Spec.Version));
        });
        StatusUpdate(turn, instance, new TaskStatus { TaskId = new TaskID { Value = instance.TaskId }, Message = "Draining" }, "TASK_KILLING");
    }

    /// <summary>app_traffic_switched_event, our own: from now on instances of the other colour carry the traffic.</summary>
    public static void Switched(Turn turn, AppState app, string deploymentId) => Tell(turn, (app.Id, deploymentId), "app_traffic_switched_event", json =>
    {
        json.WriteString("appId", app.Id);
        json.WriteString("deploymentId", deploymentId);
        json.WriteString("colour", app.ActiveColour.ToString().ToLowerInvariant());
        json.WriteString("version", Timestamps.Write(app.Driven.Version));
        json.WriteStartArray("taskIds");
        foreach (var instance in app.Instances.Where(instance => instance is { Counts: true, CarriesTraffic: true, Condition: Condition.Running }))
        {
            json.WriteStringValue(instance.TaskId);
        }

        json.WriteEndArray();
    });

    /// <summary>pre_deployment_event, our own: the command before a deployment began, finished or failed.</summary>
    public static void Hook(Turn turn, string appId, string deploymentId, string state) => Tell(turn, (appId, deploymentId), "pre_deployment_event", json =>
    {
        json.WriteString("appId", appId);
        json.WriteString("deploymentId", deploymentId);
        json.WriteString("state", state);
    });

    /// <summary>deployment_late, our own: it should have ended, and goes on.</summary>
    public static void Late(Turn turn, DeploymentState deployment) => Tell(turn, deployment, "deployment_late", json =>
    {
        json.WriteString("id", deployment.Id);
        WritePlan(json, deployment);
        json.WriteString("reason", deployment.Late);
    });

    /// <summary>instance_ready_event, our own: a new instance said that it is ready.</summary>
    public static void Ready(Turn turn, InstanceState instance, string check) => Tell(turn, instance, "instance_ready_event", json =>
    {
        json.WriteString("appId", instance.App.Id);
        json.WriteString("instanceId", instance.Id);
        json.WriteString("taskId", instance.TaskId);
        json.WriteString("readinessCheck", check);
        json.WriteString("version", Timestamps.Write(instance.Spec.Version));
    });

    /// <summary>unknown_instance_terminated_event: a task of ours ended that is not known any more.</summary>
    public static void UnknownTerminated(Turn turn, string instanceId, string appId, Condition condition) => Tell(turn, (appId, null), "unknown_instance_terminated_event", json =>
    {
        json.WriteString("instanceId", instanceId);
        json.WriteString("runSpecId", appId);
        json.WriteString("condition", condition.ToString());
    });

    /// <summary>framework_message_event.</summary>
    public static void FrameworkMessage(Turn turn, string executorId, string agentId, ReadOnlySpan<byte> message)
    {
        var bytes = message.ToArray();
        Tell(turn, "framework_message_event", json =>
        {
            json.WriteString("executorId", executorId);
            json.WriteString("slaveId", agentId);
            TaskJson.WriteNumbers(json, "message", bytes.Select(value => (int)(sbyte)value));
        });
    }

    private static void WritePlan(Utf8JsonWriter json, DeploymentState deployment)
    {
        json.WriteStartObject("plan");
        json.WriteString("id", deployment.Id);
        json.WriteString("version", Timestamps.Write(deployment.Version));
        json.WriteStartArray("steps");
        foreach (var step in deployment.Steps)
        {
            WriteStep(json, deployment, step);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteStep(Utf8JsonWriter json, DeploymentState deployment, IReadOnlyList<DeploymentAction> step)
    {
        json.WriteStartObject();
        json.WriteStartArray("actions");
        foreach (var action in step)
        {
            json.WriteStartObject();
            json.WriteString("action", deployment.NameOf(action));
            json.WriteString(deployment.IsPod(action.AppId) ? "pod" : "app", action.AppId);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>About an instance: it belongs to the deployment that its app is in now.</summary>
    private static void Tell(Turn turn, InstanceState instance, string eventType, Action<Utf8JsonWriter> fields) =>
        Tell(turn, (instance.App.Id, instance.App.DeploymentIds.FirstOrDefault()), eventType, fields);

    private static void Tell(Turn turn, (string App, string? Deployment) subject, string eventType, Action<Utf8JsonWriter> fields) =>
        turn.Effects.Tell(Write(turn, eventType, fields) with { AppIds = [subject.App], DeploymentId = subject.Deployment });

    private static void Tell(Turn turn, DeploymentState deployment, string eventType, Action<Utf8JsonWriter> fields) =>
        turn.Effects.Tell(Write(turn, eventType, fields) with { AppIds = [.. deployment.AffectedApps], DeploymentId = deployment.Id });

    private static void Tell(Turn turn, string eventType, Action<Utf8JsonWriter> fields) => turn.Effects.Tell(Write(turn, eventType, fields));

    private static MarathonEvent Write(Turn turn, string eventType, Action<Utf8JsonWriter> fields) => new(eventType, AppJson.Write(json =>
    {
        json.WriteStartObject();
        fields(json);
        json.WriteString("eventType", eventType);
        json.WriteString("timestamp", Timestamps.Write(turn.Now));
        json.WriteEndObject();
    }));
}
