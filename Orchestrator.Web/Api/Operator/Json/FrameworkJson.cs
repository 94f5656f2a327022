using System.Text.Json;
using Google.Protobuf.Reflection;
using Orchestrator.Core.Contract.Json;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Views;

namespace Orchestrator.Web.Api.Operator.Json;

/// <summary>Frameworks. Shape: operator API, FRAMEWORK.</summary>
internal static class FrameworkJson
{
    private static readonly EnumDescriptor s_capabilities = FrameworkInfo.Types.Capability.Descriptor.EnumTypes[0];

    internal static void Write(Utf8JsonWriter writer, FrameworkView framework, IReadOnlyList<TaskView> tasks)
    {
        var info = framework.Info;
        writer.WriteStartObject();
        WriteSummary(writer, framework);
        writer.WriteString("user"u8, info.User);
        writer.WritePropertyName("failover_timeout"u8);
        MesosJson.WriteNumber(writer, info.FailoverTimeout);
        writer.WriteBoolean("checkpoint"u8, info.Checkpoint);
        TimeJson.Write(writer, "registered_time"u8, framework.RegisteredAt);
        TimeJson.Write(writer, "unregistered_time"u8, framework.UnregisteredAt ?? DateTimeOffset.UnixEpoch);
        if (info.HasPrincipal)
        {
            writer.WriteString("principal"u8, info.Principal);
        }

        ResourceJson.WriteSummary(writer, "resources"u8, framework.Used + framework.Offered);
        if (framework.ReregisteredAt is { } again && again != framework.RegisteredAt)
        {
            TimeJson.Write(writer, "reregistered_time"u8, again);
        }

        WriteRoles(writer, framework);
        WriteTasks(writer, "tasks"u8, tasks);
        WriteTasks(writer, "unreachable_tasks"u8, framework.UnreachableTasks);
        WriteTasks(writer, "completed_tasks"u8, framework.CompletedTasks);
        WriteOffers(writer, framework);
        WriteExecutors(writer, framework);
        TaskJson.WriteLabels(writer, info.Labels);
        writer.WriteStartObject("offer_constraints"u8);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>Writes the properties that every endpoint has, into an object that is open.</summary>
    internal static void WriteSummary(Utf8JsonWriter writer, FrameworkView framework)
    {
        var info = framework.Info;
        writer.WriteString("id"u8, framework.Id.Value);
        writer.WriteString("name"u8, info.Name);

        // No pid: frameworks over HTTP have none, and clients parse the whole state by it.
        ResourceJson.WriteSummary(writer, "used_resources"u8, framework.Used);
        ResourceJson.WriteSummary(writer, "offered_resources"u8, framework.Offered);
        writer.WriteStartArray("capabilities"u8);
        foreach (var capability in info.Capabilities)
        {
            if (s_capabilities.FindValueByNumber((int)capability.Type) is { } value)
            {
                writer.WriteStringValue(value.Name);
            }
        }

        writer.WriteEndArray();
        writer.WriteString("hostname"u8, info.Hostname);
        writer.WriteString("webui_url"u8, info.WebuiUrl);
        writer.WriteBoolean("active"u8, framework.Active);
        writer.WriteBoolean("connected"u8, framework.Connected);
        writer.WriteBoolean("recovered"u8, framework.Recovered);
    }

    private static void WriteRoles(Utf8JsonWriter writer, FrameworkView framework)
    {
        foreach (var capability in framework.Info.Capabilities)
        {
            if (capability.Type == FrameworkInfo.Types.Capability.Types.Type.MultiRole)
            {
                writer.WriteStartArray("roles"u8);
                foreach (var role in framework.Roles)
                {
                    writer.WriteStringValue(role);
                }

                writer.WriteEndArray();
                return;
            }
        }

        writer.WriteString("role"u8, framework.Roles.Count > 0 ? framework.Roles[0] : "*");
    }

    private static void WriteTasks(Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyList<TaskView> tasks)
    {
        writer.WriteStartArray(name);
        for (var i = 0; i < tasks.Count; i++)
        {
            TaskJson.Write(writer, tasks[i]);
        }

        writer.WriteEndArray();
    }

    private static void WriteOffers(Utf8JsonWriter writer, FrameworkView framework)
    {
        writer.WriteStartArray("offers"u8);
        foreach (var offer in framework.Offers)
        {
            writer.WriteStartObject();
            writer.WriteString("id"u8, offer.Id.Value);
            writer.WriteString("framework_id"u8, offer.FrameworkId.Value);
            writer.WriteStartObject("allocation_info"u8);
            writer.WriteString("role"u8, offer.Role);
            writer.WriteEndObject();
            writer.WriteString("slave_id"u8, offer.AgentId.Value);
            ResourceJson.WriteSummary(writer, "resources"u8, offer.Resources);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteExecutors(Utf8JsonWriter writer, FrameworkView framework)
    {
        writer.WriteStartArray("executors"u8);
        foreach (var executor in framework.Executors)
        {
            ExecutorJson.Write(writer, framework, executor);
        }

        writer.WriteEndArray();
    }
}
