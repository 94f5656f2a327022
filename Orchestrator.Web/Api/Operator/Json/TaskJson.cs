using System.Text.Json;
using Orchestrator.Core.Contract.Json;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Views;

namespace Orchestrator.Web.Api.Operator.Json;

/// <summary>Tasks. Shape: operator API, TASK.</summary>
internal static class TaskJson
{
    internal static void Write(Utf8JsonWriter writer, TaskView task)
    {
        var info = task.Info;
        writer.WriteStartObject();
        writer.WriteString("id"u8, task.Key.TaskId.Value);
        writer.WriteString("name"u8, info.Name);
        writer.WriteString("framework_id"u8, task.Key.FrameworkId.Value);
        writer.WriteString("executor_id"u8, task.ExecutorId);
        writer.WriteString("slave_id"u8, task.AgentId.Value);
        writer.WriteString("state"u8, TaskStates.Name(task.State));
        ResourceJson.WriteSummary(writer, "resources"u8, task.Resources);
        WriteLimits(writer, info);
        writer.WriteString("role"u8, task.Role);
        writer.WriteStartArray("statuses"u8);
        foreach (var status in task.Statuses)
        {
            WriteStatus(writer, status);
        }

        writer.WriteEndArray();
        WriteWhatWasAsked(writer, info);
        writer.WriteEndObject();
    }

    private static void WriteStatus(Utf8JsonWriter writer, TaskStatus status)
    {
        writer.WriteStartObject();
        writer.WriteString("state"u8, TaskStates.Name(status.State));
        writer.WritePropertyName("timestamp"u8);
        MesosJson.WriteNumber(writer, status.Timestamp);
        WriteLabels(writer, status.Labels);
        if (status.ContainerStatus is not null)
        {
            writer.WritePropertyName("container_status"u8);
            MesosJson.WriteWithoutSecrets(writer, status.ContainerStatus);
        }

        if (status.HasHealthy)
        {
            writer.WriteBoolean("healthy"u8, status.Healthy);
        }

        writer.WriteEndObject();
    }

    private static void WriteLimits(Utf8JsonWriter writer, TaskInfo info)
    {
        if (info.Limits.Count == 0)
        {
            return;
        }

        writer.WriteStartObject("limits"u8);
        foreach (var (name, limit) in info.Limits)
        {
            writer.WritePropertyName(name);
            MesosJson.WriteNumber(writer, limit.Value);
        }

        writer.WriteEndObject();
    }

    private static void WriteWhatWasAsked(Utf8JsonWriter writer, TaskInfo info)
    {
        var command = info.Command ?? info.Executor?.Command;
        if (command is { HasUser: true })
        {
            writer.WriteString("user"u8, command.User);
        }

        WriteLabels(writer, info.Labels);
        if (info.Discovery is not null)
        {
            writer.WritePropertyName("discovery"u8);
            MesosJson.WriteWithoutSecrets(writer, info.Discovery);
        }

        if (info.Container is not null)
        {
            writer.WritePropertyName("container"u8);
            MesosJson.WriteWithoutSecrets(writer, info.Container);
        }

        if (info.HealthCheck is not null)
        {
            writer.WritePropertyName("health_check"u8);
            MesosJson.WriteWithoutSecrets(writer, info.HealthCheck);
        }
    }

    internal static void WriteLabels(Utf8JsonWriter writer, Labels? labels)
    {
        if (labels is null)
        {
            return;
        }

        writer.WriteStartArray("labels"u8);
        foreach (var label in labels.Labels_)
        {
            MesosJson.WriteWithoutSecrets(writer, label);
        }

        writer.WriteEndArray();
    }
}
