using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Core.Contract.Apps;

namespace Orchestrator.Core.Marathon.Apps;

/// <summary>JSON merge patches (RFC 7396) of definitions: objects are merged, null removes, anything else replaces.</summary>
public static class MergePatch
{
    /// <summary>Deepest nesting of what is merged.</summary>
    private const int MaxDepth = 64;

    /// <summary>The definition that the patch makes of the old one, as a body to be parsed. The server's own fields do not count.</summary>
    public static JsonElement Apply(AppDefinition old, JsonElement patch)
    {
        var document = (JsonObject)JsonNode.Parse(AppJson.ToBytes(old))!;
        document.Remove("version");
        document.Remove("versionInfo");
        if (patch.ValueKind == JsonValueKind.Object)
        {
            foreach (var replaced in AppMerger.ReplacedBy(patch))
            {
                document.Remove(replaced);
            }
        }

        return JsonSerializer.SerializeToElement(Merge(document, patch));
    }

    /// <summary>The general rule; a patch that is no object replaces the whole.</summary>
    public static JsonNode? Merge(JsonNode? target, JsonElement patch)
    {
        if (patch.ValueKind != JsonValueKind.Object)
        {
            return patch.ValueKind == JsonValueKind.Null ? null : JsonNode.Parse(patch.GetRawText(), documentOptions: new JsonDocumentOptions { MaxDepth = MaxDepth });
        }

        var merged = target as JsonObject ?? [];
        foreach (var field in patch.EnumerateObject())
        {
            if (field.Value.ValueKind == JsonValueKind.Null)
            {
                merged.Remove(field.Name);
            }
            else
            {
                // A node has one parent: what stands there is taken out before it is put back.
                merged.Remove(field.Name, out var present);
                merged[field.Name] = Merge(present, field.Value);
            }
        }

        return merged;
    }
}
