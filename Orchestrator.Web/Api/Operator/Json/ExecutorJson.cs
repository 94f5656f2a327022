using System.Text.Json;
using Google.Protobuf.Reflection;
using Orchestrator.Core.Contract.Json;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Resources;
using Orchestrator.Core.Views;

namespace Orchestrator.Web.Api.Operator.Json;

/// <summary>Executors. Shape: operator API, EXECUTOR.</summary>
internal static class ExecutorJson
{
    private static readonly EnumDescriptor s_types = ExecutorInfo.Descriptor.EnumTypes[0];

    internal static void Write(Utf8JsonWriter writer, FrameworkView framework, ExecutorView executor)
    {
        var info = executor.Info;
        writer.WriteStartObject();
        writer.WriteString("executor_id"u8, info.ExecutorId.Value);
        writer.WriteString("name"u8, info.Name);
        writer.WriteString("framework_id"u8, framework.Id.Value);
        WriteCommand(writer, info.Command);
        ResourceJson.WriteSummary(writer, "resources"u8, ResourceList.FromProto(info.Resources));
        var role = info.Resources.Count > 0 ? info.Resources[0].AllocationInfo?.Role : null;
        if (role is not null)
        {
            writer.WriteString("role"u8, role);
        }

        TaskJson.WriteLabels(writer, info.Labels);
        if (info.HasType && s_types.FindValueByNumber((int)info.Type) is { } type)
        {
            writer.WriteString("type"u8, type.Name);
        }

        writer.WriteString("slave_id"u8, executor.AgentId.Value);
        writer.WriteEndObject();
    }

    private static void WriteCommand(Utf8JsonWriter writer, CommandInfo? command)
    {
        writer.WriteStartObject("command"u8);
        if (command is { HasShell: true })
        {
            writer.WriteBoolean("shell"u8, command.Shell);
        }

        if (command is { HasValue: true })
        {
            writer.WriteString("value"u8, command.Value);
        }

        writer.WriteStartArray("argv"u8);
        foreach (var argument in command?.Arguments ?? [])
        {
            writer.WriteStringValue(argument);
        }

        writer.WriteEndArray();
        if (command?.Environment is { } environment)
        {
            writer.WritePropertyName("environment"u8);
            MesosJson.WriteWithoutSecrets(writer, environment);
        }

        writer.WriteStartArray("uris"u8);
        foreach (var uri in command?.Uris ?? [])
        {
            writer.WriteStartObject();
            writer.WriteString("value"u8, uri.Value);
            writer.WriteBoolean("executable"u8, uri.Executable);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
