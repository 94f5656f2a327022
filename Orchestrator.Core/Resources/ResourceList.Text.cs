using System.Globalization;
using System.Text.Json;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;

namespace Orchestrator.Core.Resources;

public sealed partial class ResourceList
{
    /// <summary>
    /// Parses the flag syntax <c>cpus:4;mem(role):1024;ports:[1-2,5-9];x:{a,b}</c>, or a JSON array of
    /// <c>{"name":"cpus","type":"SCALAR","scalar":{"value":4},"role":"*"}</c>.
    /// </summary>
    /// <exception cref="ResourceException">The text is malformed; the message names the part.</exception>
    public static ResourceList Parse(string text, string defaultRole = "*")
    {
        var items = text.TrimStart().StartsWith('[') ? ParseJson(text, defaultRole) : ParseText(text, defaultRole);
        return Of(items);
    }

    private static List<ResourceItem> ParseText(string text, string defaultRole)
    {
        var items = new List<ResourceItem>();
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var colon = part.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
            {
                throw new ResourceException($"'{part}' is not a resource; write name:value or name(role):value, for example cpus:4.");
            }

            var (name, role) = SplitRole(part[..colon].Trim(), defaultRole);
            items.Add(Reserve(ValueOf(name, part[(colon + 1)..].Trim()), role));
        }

        return items;
    }

    private static (string Name, string Role) SplitRole(string text, string defaultRole)
    {
        var open = text.IndexOf('(', StringComparison.Ordinal);
        if (open < 0)
        {
            return (text, defaultRole);
        }

        return open > 0 && text.EndsWith(')') && text.Length - open > 2
            ? (text[..open].Trim(), text[(open + 1)..^1].Trim())
            : throw new ResourceException($"'{text}' is not a name with a role; write name(role), for example cpus(web).");
    }

    private static ResourceItem ValueOf(string name, string value)
    {
        if (value.StartsWith('['))
        {
            return ResourceItem.OfRanges(name, ParseRanges(name, value));
        }

        if (value.StartsWith('{'))
        {
            return value.EndsWith('}')
                ? ResourceItem.OfSet(name, value[1..^1].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                : throw new ResourceException($"The set '{value}' of '{name}' has no closing brace.");
        }

        return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) && number >= 0
            ? ResourceItem.OfScalar(name, Quantity.FromDouble(number))
            : throw new ResourceException($"The value '{value}' of '{name}' is neither a number, nor ranges like [1-2,5-9], nor a set like {{a,b}}.");
    }

    /// <summary>Parses <c>[1-2, 5-9]</c>; a single number is a range of one.</summary>
    internal static List<ValueRange> ParseRanges(string name, string value)
    {
        if (!value.EndsWith(']'))
        {
            throw new ResourceException($"The ranges '{value}' of '{name}' have no closing bracket.");
        }

        var ranges = new List<ValueRange>();
        foreach (var part in value[1..^1].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var ends = part.Split('-', StringSplitOptions.TrimEntries);
            if (ends.Length > 2
                || !long.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var begin)
                || !long.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var end)
                || end < begin)
            {
                throw new ResourceException($"'{part}' of '{name}' is not a range; write begin-end, for example [31000-32000].");
            }

            ranges.Add(new ValueRange(begin, end));
        }

        return ranges;
    }

    private static ResourceItem Reserve(ResourceItem item, string role) => role == "*"
        ? item
        : item.WithReservations([new Resource.Types.ReservationInfo { Type = Resource.Types.ReservationInfo.Types.Type.Static, Role = role }]);

    private static List<ResourceItem> ParseJson(string text, string defaultRole)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return [.. document.RootElement.EnumerateArray().Select(element => FromJson(element, defaultRole))];
        }
        catch (JsonException error)
        {
            throw new ResourceException($"The resources are not valid JSON: {error.Message}");
        }
        catch (InvalidOperationException)
        {
            throw new ResourceException("""The resources must be a JSON array of objects like {"name":"cpus","type":"SCALAR","scalar":{"value":4}}.""");
        }
        catch (KeyNotFoundException)
        {
            throw new ResourceException("""Each resource needs a name, a type, and scalar.value, ranges.range[].begin and .end, or set.item.""");
        }
    }

    private static ResourceItem FromJson(JsonElement element, string defaultRole)
    {
        var name = element.GetProperty("name").GetString() is { Length: > 0 } given ? given : throw new ResourceException("A resource has an empty name.");
        var item = element.GetProperty("type").GetString() switch
        {
            "SCALAR" => ValueOf(name, element.GetProperty("scalar").GetProperty("value").GetRawText()),
            "RANGES" => ResourceItem.OfRanges(name, element.GetProperty("ranges").GetProperty("range").EnumerateArray()
                .Select(range => new ValueRange(range.GetProperty("begin").GetInt64(), range.GetProperty("end").GetInt64()))),
            "SET" => ResourceItem.OfSet(name, element.GetProperty("set").GetProperty("item").EnumerateArray().Select(member => member.GetString() ?? "")),
            var type => throw new ResourceException($"The resource '{name}' has the type '{type}'; it must be SCALAR, RANGES or SET."),
        };
        if (element.TryGetProperty("reservations", out var stack))
        {
            return item.WithReservations([.. stack.EnumerateArray().Select(ReservationFromJson)]);
        }

        return Reserve(item, element.TryGetProperty("role", out var role) ? role.GetString() ?? defaultRole : defaultRole);
    }

    private static Resource.Types.ReservationInfo ReservationFromJson(JsonElement element)
    {
        var type = element.TryGetProperty("type", out var text) && text.GetString() == "DYNAMIC"
            ? Resource.Types.ReservationInfo.Types.Type.Dynamic
            : Resource.Types.ReservationInfo.Types.Type.Static;
        return new Resource.Types.ReservationInfo { Type = type, Role = element.GetProperty("role").GetString() };
    }
}
