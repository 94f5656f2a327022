using System.Globalization;
using System.Text;
using System.Text.Json;
using Orchestrator.Core.Contract.Json;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;

namespace Orchestrator.Web.Api.Operator.Json;

/// <summary>Resources and attributes as endpoints summarise them.</summary>
internal static class ResourceJson
{
    private const string Revocable = "_revocable";
    private static readonly string[] s_always = ["disk", "mem", "gpus", "cpus"];

    /// <summary>
    /// Name → number, <c>"[31000-32000]"</c> or <c>"{a, b}"</c>; cpus, mem, disk and gpus always. Shape: operator API, RSUM.
    /// </summary>
    internal static void WriteSummary(Utf8JsonWriter writer, ReadOnlySpan<byte> name, ResourceList resources)
    {
        writer.WriteStartObject(name);
        foreach (var always in s_always)
        {
            writer.WritePropertyName(always);
            MesosJson.WriteNumber(writer, SumOf(resources, always, revocable: false).ToDouble());
        }

        var seen = new List<(string Name, bool Revocable)>();
        foreach (var item in resources.Items)
        {
            var key = (item.Name, item.IsRevocable);
            if (seen.Contains(key) || (item.Kind == Value.Types.Type.Scalar && !item.IsRevocable && Array.IndexOf(s_always, item.Name) >= 0))
            {
                continue;
            }

            seen.Add(key);
            writer.WritePropertyName(item.IsRevocable ? item.Name + Revocable : item.Name);
            WriteItem(writer, resources, item);
        }

        writer.WriteEndObject();
    }

    /// <summary>Amounts by name, ranges and sets by how much is in them, without what is zero. Shape: operator API, roles.</summary>
    internal static void WriteQuantities(Utf8JsonWriter writer, ReadOnlySpan<byte> name, ResourceList resources)
    {
        var amounts = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var item in resources.Items)
        {
            var amount = item.Kind switch
            {
                Value.Types.Type.Scalar => item.Scalar.ToDouble(),
                Value.Types.Type.Ranges => Array.ConvertAll(item.Ranges, range => (double)(range.End - range.Begin + 1)).Sum(),
                _ => item.Set.Length,
            };
            amounts[item.Name] = Math.Round(amounts.GetValueOrDefault(item.Name) + amount, 3);
        }

        writer.WriteStartObject(name);
        foreach (var (resource, amount) in amounts)
        {
            writer.WritePropertyName(resource);
            MesosJson.WriteNumber(writer, amount);
        }

        writer.WriteEndObject();
    }

    /// <summary>The whole resources, in both reservation forms.</summary>
    internal static void WriteFull(Utf8JsonWriter writer, ReadOnlySpan<byte> name, ResourceList resources)
    {
        writer.WriteStartArray(name);
        WriteItems(writer, resources);
        writer.WriteEndArray();
    }

    /// <summary>Role → summary or whole resources reserved to it.</summary>
    internal static void WriteReserved(Utf8JsonWriter writer, ReadOnlySpan<byte> name, ResourceList resources, bool full)
    {
        writer.WriteStartObject(name);
        foreach (var (role, reserved) in resources.ReservedByRole())
        {
            if (full)
            {
                writer.WriteStartArray(role);
                WriteItems(writer, reserved);
                writer.WriteEndArray();
            }
            else
            {
                WriteSummary(writer, Encoding.UTF8.GetBytes(role), reserved);
            }
        }

        writer.WriteEndObject();
    }

    /// <summary>Name → number or text; of attributes with one name the last.</summary>
    internal static void WriteAttributes(Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyList<Core.Contract.Mesos.Attribute> attributes)
    {
        writer.WriteStartObject(name);
        for (var i = 0; i < attributes.Count; i++)
        {
            if (IsRepeatedLater(attributes, i))
            {
                continue;
            }

            writer.WritePropertyName(attributes[i].Name);
            if (attributes[i].Type == Value.Types.Type.Scalar)
            {
                MesosJson.WriteNumber(writer, attributes[i].Scalar.Value);
            }
            else
            {
                writer.WriteStringValue(AttributeList.ValueText(attributes[i]));
            }
        }

        writer.WriteEndObject();
    }

    private static bool IsRepeatedLater(IReadOnlyList<Core.Contract.Mesos.Attribute> attributes, int index)
    {
        for (var i = index + 1; i < attributes.Count; i++)
        {
            if (attributes[i].Name == attributes[index].Name)
            {
                return true;
            }
        }

        return false;
    }

    private static void WriteItems(Utf8JsonWriter writer, ResourceList resources)
    {
        foreach (var resource in resources.ToProto(ResourceFormat.Endpoint))
        {
            MesosJson.WriteWithoutSecrets(writer, resource);
        }
    }

    private static void WriteItem(Utf8JsonWriter writer, ResourceList resources, ResourceItem first)
    {
        switch (first.Kind)
        {
            case Value.Types.Type.Scalar:
                MesosJson.WriteNumber(writer, SumOf(resources, first.Name, first.IsRevocable).ToDouble());
                break;
            case Value.Types.Type.Ranges:
                writer.WriteStringValue(RangesText(resources, first));
                break;
            default:
                writer.WriteStringValue(SetText(resources, first));
                break;
        }
    }

    private static Quantity SumOf(ResourceList resources, string name, bool revocable)
    {
        var sum = Quantity.Zero;
        foreach (var item in resources.Items)
        {
            if (item.Kind == Value.Types.Type.Scalar && item.IsRevocable == revocable && item.Name == name)
            {
                sum += item.Scalar;
            }
        }

        return sum;
    }

    private static string RangesText(ResourceList resources, ResourceItem like)
    {
        ValueRange[] merged = [];
        foreach (var item in resources.Items)
        {
            if (item.Kind == Value.Types.Type.Ranges && item.IsRevocable == like.IsRevocable && item.Name == like.Name)
            {
                merged = RangeArithmetic.Add(merged, item.Ranges);
            }
        }

        return $"[{string.Join(", ", Array.ConvertAll(merged, range => string.Create(CultureInfo.InvariantCulture, $"{range.Begin}-{range.End}")))}]";
    }

    private static string SetText(ResourceList resources, ResourceItem like)
    {
        var members = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var item in resources.Items)
        {
            if (item.Kind == Value.Types.Type.Set && item.IsRevocable == like.IsRevocable && item.Name == like.Name)
            {
                members.UnionWith(item.Set);
            }
        }

        return $"{{{string.Join(", ", members)}}}";
    }
}
