using System.Text.Json;

namespace Orchestrator.Tests.Support;

/// <summary>The keys and types of a JSON value by path; elements of a list merge: <c>.slaves[].pid string</c>.</summary>
internal static class JsonShape
{
    public static SortedSet<string> Of(JsonElement value)
    {
        var shape = new SortedSet<string>(StringComparer.Ordinal);
        Collect(value, "", shape);
        return shape;
    }

    private static void Collect(JsonElement value, string path, SortedSet<string> shape)
    {
        if (path.Length > 0)
        {
            shape.Add($"{path} {Kind(value.ValueKind)}");
        }

        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in value.EnumerateObject())
            {
                Collect(property.Value, $"{path}.{property.Name}", shape);
            }
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var element in value.EnumerateArray())
            {
                Collect(element, path + "[]", shape);
            }
        }
    }

    private static string Kind(JsonValueKind kind) => kind switch
    {
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => kind.ToString().ToLowerInvariant(),
    };
}
