using System.Text.Json;

namespace Orchestrator.Core.Marathon.Apps;

/// <summary>
/// Reads the fields of one JSON object. A field that is absent or null gives the default; one of the wrong type gives the
/// default and an error, so that all errors of a body are found at once.
/// </summary>
public readonly struct FieldReader(JsonElement element, string path, FieldErrors errors)
{
    /// <summary>Where this object stands, for example <c>/container/docker</c>.</summary>
    public string Path => path;

    /// <summary>Where errors go.</summary>
    public FieldErrors Errors => errors;

    /// <summary>The object as given.</summary>
    public string Raw => element.GetRawText();

    /// <summary>The field; null when absent or null.</summary>
    public JsonElement? Get(string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>Whether the field is there and not null.</summary>
    public bool Has(string name) => Get(name) is not null;

    /// <summary>Whether the field is there, be it null.</summary>
    public bool Names(string name) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out _);

    /// <summary>A text.</summary>
    public string? Text(string name) => Get(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        _ => Wrong<string?>(name, "error.expected.jsstring"),
    };

    /// <summary>A number.</summary>
    public double Number(string name, double fallback) => Get(name) switch
    {
        null => fallback,
        { ValueKind: JsonValueKind.Number } value when value.TryGetDouble(out var number) && double.IsFinite(number) => number,
        _ => Wrong(name, "error.expected.jsnumber", fallback),
    };

    /// <summary>A whole number.</summary>
    public int Whole(string name, int fallback) => Get(name) switch
    {
        null => fallback,
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt32(out var number) => number,
        { ValueKind: JsonValueKind.Number } value when value.TryGetDouble(out var number) && number == Math.Floor(number) && Math.Abs(number) < int.MaxValue => (int)number,
        _ => Wrong(name, "error.expected.int", fallback),
    };

    /// <summary>True or false; also the texts, in any case, that some clients write.</summary>
    public bool Flag(string name, bool fallback) => Get(name) switch
    {
        null => fallback,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => Wrong(name, "error.expected.jsboolean", fallback),
    };

    /// <summary>The members of an array, each with its path.</summary>
    public IReadOnlyList<(JsonElement Element, string Path)> Items(string name)
    {
        switch (Get(name))
        {
            case null:
                return [];
            case { ValueKind: JsonValueKind.Array } array:
                var fullPath = $"{path}/{name}";
                return [.. array.EnumerateArray().Select((item, index) => (item, $"{fullPath}({index})"))];
            default:
                return Wrong<IReadOnlyList<(JsonElement, string)>>(name, "error.expected.jsarray", []);
        }
    }

    /// <summary>The objects of an array.</summary>
    public IReadOnlyList<FieldReader> Objects(string name)
    {
        var readers = new List<FieldReader>();
        foreach (var (item, itemPath) in Items(name))
        {
            if (item.ValueKind == JsonValueKind.Object)
            {
                readers.Add(new FieldReader(item, itemPath, errors));
            }
            else
            {
                errors.Add(itemPath, "error.expected.jsobject");
            }
        }

        return readers;
    }

    /// <summary>An object; null when absent.</summary>
    public FieldReader? Child(string name) => Get(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } value => new FieldReader(value, $"{path}/{name}", errors),
        _ => Wrong<FieldReader?>(name, "error.expected.jsobject"),
    };

    /// <summary>An array of texts.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        var texts = new List<string>();
        foreach (var (item, itemPath) in Items(name))
        {
            if (item.ValueKind == JsonValueKind.String)
            {
                texts.Add(item.GetString()!);
            }
            else
            {
                errors.Add(itemPath, "error.expected.jsstring");
            }
        }

        return texts;
    }

    /// <summary>An object of texts.</summary>
    public IReadOnlyDictionary<string, string> TextMap(string name)
    {
        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (Child(name) is { } child)
        {
            foreach (var property in child.Properties())
            {
                if (property.Value.ValueKind == JsonValueKind.String)
                {
                    map[property.Name] = property.Value.GetString()!;
                }
                else
                {
                    errors.Add($"{child.Path}/{property.Name}", "error.expected.jsstring");
                }
            }
        }

        return map;
    }

    /// <summary>All fields of this object.</summary>
    public IEnumerable<JsonProperty> Properties() => element.EnumerateObject();

    /// <summary>Notes an error at a field.</summary>
    public void Error(string name, string text) => errors.Add($"{path}/{name}", text);

    private T Wrong<T>(string name, string text, T fallback = default!)
    {
        Error(name, text);
        return fallback;
    }
}
