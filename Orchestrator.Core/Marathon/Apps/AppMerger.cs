using System.Text.Json;
using Orchestrator.Core.Contract.Apps;

namespace Orchestrator.Core.Marathon.Apps;

/// <summary>
/// Partial updates: a field that is absent or null keeps its old value, one that is there replaces the old one whole.
/// </summary>
public static class AppMerger
{
    /// <summary>Old fields that an update in another form of the same thing replaces.</summary>
    private static readonly (string Given, string[] Replaced)[] s_forms =
    [
        ("ports", ["portDefinitions"]),
        ("uris", ["fetch"]),
        ("ipAddress", ["networks"]),
        ("cmd", ["args"]),
        ("args", ["cmd"]),

        // A number of instances ends one on every agent.
        ("instances", ["daemon"]),
    ];

    /// <summary>The definition that the update makes of the old one, as a body to be parsed.</summary>
    public static JsonElement Merge(AppDefinition old, JsonElement update)
    {
        using var before = JsonDocument.Parse(AppJson.ToBytes(old));
        var given = update.EnumerateObject().Where(field => field.Value.ValueKind != JsonValueKind.Null).ToDictionary(field => field.Name, field => field.Value);
        var dropped = new HashSet<string>(given.Keys) { "version", "versionInfo" };
        dropped.UnionWith(ReplacedBy(update));

        // Resource limits are always those of the update.
        dropped.Add("resourceLimits");
        var merged = AppJson.Write(json =>
        {
            json.WriteStartObject();
            foreach (var field in before.RootElement.EnumerateObject().Where(field => !dropped.Contains(field.Name)))
            {
                field.WriteTo(json);
            }

            foreach (var (name, value) in given)
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }

            json.WriteEndObject();
        });
        using var document = JsonDocument.Parse(merged);
        return document.RootElement.Clone();
    }

    /// <summary>Fields in new forms that an update in old forms, or of the other kind of command, replaces.</summary>
    internal static IEnumerable<string> ReplacedBy(JsonElement update)
    {
        bool IsGiven(string name) => update.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;
        foreach (var (_, replaced) in s_forms.Where(form => IsGiven(form.Given)))
        {
            foreach (var name in replaced)
            {
                yield return name;
            }
        }

        // An old-style container says the network as well.
        if (IsGiven("container") && update.GetProperty("container") is { ValueKind: JsonValueKind.Object } container
            && container.TryGetProperty("docker", out var docker) && docker.ValueKind == JsonValueKind.Object && docker.TryGetProperty("network", out var network) && network.ValueKind == JsonValueKind.String)
        {
            yield return "networks";
            yield return "portDefinitions";
        }
    }
}
