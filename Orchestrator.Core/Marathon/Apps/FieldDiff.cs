using System.Text.Json;

namespace Orchestrator.Core.Marathon.Apps;

/// <summary>What differs between two JSON documents, field by field. Arrays of another length differ as a whole.</summary>
public static class FieldDiff
{
    /// <summary>Every difference, in the order of the fields: its JSON pointer (RFC 6901), and the values, of which one may be absent.</summary>
    public static IEnumerable<(string Path, JsonElement? Before, JsonElement? After)> Between(JsonElement before, JsonElement after, string path = "")
    {
        if (before.ValueKind == JsonValueKind.Object && after.ValueKind == JsonValueKind.Object)
        {
            return Objects(before, after, path);
        }

        if (before.ValueKind == JsonValueKind.Array && after.ValueKind == JsonValueKind.Array && before.GetArrayLength() == after.GetArrayLength())
        {
            return before.EnumerateArray().Zip(after.EnumerateArray()).SelectMany((pair, index) => Between(pair.First, pair.Second, $"{path}/{index}"));
        }

        return JsonElement.DeepEquals(before, after) ? [] : [(path, before, after)];
    }

    private static IEnumerable<(string Path, JsonElement? Before, JsonElement? After)> Objects(JsonElement before, JsonElement after, string path)
    {
        var names = before.EnumerateObject().Select(field => field.Name).Union(after.EnumerateObject().Select(field => field.Name));
        foreach (var name in names)
        {
            // Also / and ~ are in names of labels.
            var field = $"{path}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
            if (!before.TryGetProperty(name, out var old))
            {
                yield return (field, null, after.GetProperty(name));
            }
            else if (!after.TryGetProperty(name, out var present))
            {
                yield return (field, old, null);
            }
            else
            {
                foreach (var difference in Between(old, present, field))
                {
                    yield return difference;
                }
            }
        }
    }
}
