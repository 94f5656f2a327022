using System.Text.Json;
using Orchestrator.Core.Agent;
using Orchestrator.Core.Agent.Executors;
using Orchestrator.Core.Contract.Json;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Resources;

namespace Orchestrator.AgentService.Api;

/// <summary>Resources and attributes in the short form of Mesos' endpoints: numbers, and ranges and sets as text.</summary>
internal static class ResourceJson
{
    private static readonly string[] s_always = ["disk", "mem", "gpus", "cpus"];

    internal static void WriteSummary(Utf8JsonWriter writer, string name, ResourceList resources)
    {
        writer.WriteStartObject(name);
        var written = new HashSet<string>();
        foreach (var scalar in s_always.Concat(resources.ScalarNames))
        {
            if (written.Add(scalar))
            {
                writer.WritePropertyName(scalar);
                MesosJson.WriteNumber(writer, resources.Scalar(scalar).ToDouble());
            }
        }

        foreach (var item in resources.Items)
        {
            if (item.Kind == Value.Types.Type.Ranges && written.Add(item.Name))
            {
                writer.WriteString(item.Name, "[" + string.Join(", ", resources.Ranges(item.Name).Select(range => $"{range.Begin}-{range.End}")) + "]");
            }
            else if (item.Kind == Value.Types.Type.Set && written.Add(item.Name))
            {
                writer.WriteString(item.Name, "{" + string.Join(", ", item.Set) + "}");
            }
        }

        writer.WriteEndObject();
    }

    internal static void WriteFull(Utf8JsonWriter writer, ResourceList resources)
    {
        writer.WriteStartArray();
        foreach (var resource in resources.ToProto(ResourceFormat.Endpoint))
        {
            MesosJson.Write(writer, resource);
        }

        writer.WriteEndArray();
    }

    internal static void WriteAttributes(Utf8JsonWriter writer, IEnumerable<Core.Contract.Mesos.Attribute> attributes)
    {
        writer.WriteStartObject("attributes");
        var written = new HashSet<string>();
        foreach (var attribute in attributes.Where(attribute => written.Add(attribute.Name)))
        {
            if (attribute.Type == Value.Types.Type.Scalar)
            {
                writer.WritePropertyName(attribute.Name);
                MesosJson.WriteNumber(writer, attribute.Scalar.Value);
            }
            else
            {
                writer.WriteString(attribute.Name, AttributeList.ValueText(attribute));
            }
        }

        writer.WriteEndObject();
    }

    /// <summary>What tasks and executors hold that have not ended.</summary>
    internal static ResourceList Used(AgentSnapshot snapshot) => ResourceList.FromProto(
        snapshot.Tasks.Where(task => task.Phase != TaskPhase.Ended).SelectMany(task => task.Info.Resources)
            .Concat(snapshot.Executors.Where(executor => executor.Phase != ExecutorPhase.Ended).SelectMany(executor => executor.Info.Resources)));
}
