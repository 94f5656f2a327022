using System.Text.Json.Nodes;

namespace Orchestrator.Web.Console.ViewModels.Forms;

/// <summary>A name with a value: environment, labels, docker parameters.</summary>
public sealed class PairRow
{
    /// <summary>The name; a row without one is not written.</summary>
    public string Key { get; set; } = "";

    /// <summary>The value as text.</summary>
    public string Value { get; set; } = "";

    /// <summary>The value when it is not a text, for example <c>{"secret":"db"}</c>; null for a text.</summary>
    public JsonNode? Other { get; init; }

    /// <summary>The name of the secret that gives the value; null when none does.</summary>
    public string? Secret => Other is JsonObject given && given["secret"] is JsonValue name && name.TryGetValue<string>(out var text) ? text : null;
}
