using System.Globalization;
using System.Text.Json.Nodes;

namespace Orchestrator.Web.Console.ViewModels.Forms;

/// <summary>Reads and writes single fields of a JSON document by their path, such as <c>container/docker/image</c>.</summary>
internal static class JsonFields
{
    /// <summary>The field; null when it, or something above it, is not there.</summary>
    internal static JsonNode? Get(JsonObject document, string path)
    {
        JsonNode? node = document;
        foreach (var name in path.Split('/'))
        {
            node = node is JsonObject parent && parent.TryGetPropertyValue(name, out var child) ? child : null;
        }

        return node;
    }

    /// <summary>The field as it is shown for editing; a value of an unexpected kind is shown as it stands.</summary>
    internal static string Text(JsonNode? node) => node switch
    {
        null => "",
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        JsonValue value when value.GetValueKind() == System.Text.Json.JsonValueKind.Number => Number(value),
        _ => node.ToJsonString(),
    };

    /// <summary>Whether the field is true; also the text, which some clients write.</summary>
    internal static bool Flag(JsonNode? node) => node is JsonValue value && (value.TryGetValue<bool>(out var flag) ? flag : Text(value) == "true");

    /// <summary>What was typed, as a number when it is one.</summary>
    internal static JsonNode NumberOrText(string text)
    {
        var trimmed = text.Trim();
        if (long.TryParse(trimmed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            return JsonValue.Create(whole);
        }

        return double.TryParse(trimmed, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? JsonValue.Create(number) : JsonValue.Create(trimmed);
    }

    /// <summary>Puts a field, making what is missing above it.</summary>
    internal static void Set(JsonObject document, string path, JsonNode? value)
    {
        var names = path.Split('/');
        var parent = document;
        foreach (var name in names[..^1])
        {
            if (parent[name] is not JsonObject child)
            {
                child = [];
                parent[name] = child;
            }

            parent = child;
        }

        parent[names[^1]] = value;
    }

    /// <summary>Takes a field away, and what is empty above it then.</summary>
    internal static void Remove(JsonObject document, string path)
    {
        var cut = path.LastIndexOf('/');
        var parent = cut < 0 ? document : Get(document, path[..cut]) as JsonObject;
        if (parent is null || !parent.Remove(path[(cut + 1)..]) || cut < 0 || parent.Count > 0)
        {
            return;
        }

        Remove(document, path[..cut]);
    }

    /// <summary>Puts what was typed, or takes the field away when nothing was.</summary>
    internal static void SetOrRemove(JsonObject document, string path, string text, bool isNumber)
    {
        if (text.Length == 0)
        {
            Remove(document, path);
        }
        else
        {
            Set(document, path, isNumber ? NumberOrText(text) : JsonValue.Create(text));
        }
    }

    private static string Number(JsonValue value) =>
        value.TryGetValue<long>(out var whole) ? whole.ToString(CultureInfo.InvariantCulture)
        : value.TryGetValue<double>(out var number) ? number.ToString("R", CultureInfo.InvariantCulture)
        : value.ToJsonString();
}
