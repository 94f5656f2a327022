using System.Text.Json;
using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon.Apps;

namespace Orchestrator.Web.Console.ViewModels.Apps;

/// <summary>Two configurations of an app, value by value, by the path of each value: <c>container/docker/image</c>.</summary>
public static class ConfigurationDifference
{
    private static readonly string[] s_server = ["version", "versionInfo"];

    /// <summary>One value.</summary>
    /// <param name="Path">Where it stands.</param>
    /// <param name="Old">Before; null when it was not there.</param>
    /// <param name="New">After; null when it is not there.</param>
    public sealed record Line(string Path, string? Old, string? New)
    {
        /// <summary>Whether it differs.</summary>
        public bool IsChanged => Old != New;
    }

    /// <summary>Every value of either, in the order of the newer.</summary>
    public static IReadOnlyList<Line> Of(AppDefinition? old, AppDefinition current)
    {
        var before = old is null ? Flatten(current) : Flatten(old);
        var after = Flatten(current);
        return
        [
            .. after.Select(value => new Line(value.Key, before.GetValueOrDefault(value.Key), value.Value)),
            .. before.Where(value => !after.ContainsKey(value.Key)).Select(value => new Line(value.Key, value.Value, null)),
        ];
    }

    private static Dictionary<string, string> Flatten(AppDefinition app)
    {
        using var document = JsonDocument.Parse(AppJson.ToBytes(app));
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in document.RootElement.EnumerateObject().Where(field => !s_server.Contains(field.Name)))
        {
            Flatten(field.Value, field.Name, values);
        }

        return values;
    }

    private static void Flatten(JsonElement element, string path, Dictionary<string, string> values)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var field in element.EnumerateObject())
                {
                    Flatten(field.Value, $"{path}/{field.Name}", values);
                }

                break;
            case JsonValueKind.Array when element.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.Object):
                var index = 0;
                foreach (var item in element.EnumerateArray())
                {
                    Flatten(item, $"{path}({index++})", values);
                }

                break;
            case JsonValueKind.Array:
                if (element.GetArrayLength() > 0)
                {
                    values[path] = string.Join(", ", element.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Array ? string.Join(':', item.EnumerateArray()) : item.ToString()));
                }

                break;
            case JsonValueKind.True or JsonValueKind.False:
                values[path] = element.GetRawText();
                break;
            default:
                if (element.ToString() is { Length: > 0 } text)
                {
                    values[path] = text;
                }

                break;
        }
    }
}
