using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon.Apps;

namespace Orchestrator.Web.Console.ViewModels.Forms;

/// <summary>
/// A definition that is being written, as a form and as JSON that keep each other in step. The document stands between
/// them: typing in the form changes the fields that differ, typing JSON replaces it, and what the form does not know stays.
/// While the JSON does not parse, the form keeps the last document that did.
/// </summary>
public sealed class AppDraft
{
    /// <summary>Most characters of JSON that are taken.</summary>
    public const int MaxTextLength = 512 * 1024;

    private const int MaxDepth = 64;
    private static readonly string[] s_server = ["version", "versionInfo"];
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly JsonObject? _loaded;
    private JsonObject _document;

    private AppDraft(JsonObject document, JsonObject? loaded, string? appId)
    {
        _document = document;
        _loaded = loaded;
        AppId = appId;
        Form = AppFormReader.Read(document);
        Text = Write(document);
    }

    /// <summary>The app that is edited; null for a new one.</summary>
    public string? AppId { get; }

    /// <summary>The form. After a change of it call <see cref="FormChanged"/>.</summary>
    public AppForm Form { get; private set; }

    /// <summary>The JSON as it was typed or written.</summary>
    public string Text { get; private set; }

    /// <summary>Why the JSON does not parse; null when it does.</summary>
    public string? TextProblem { get; private set; }

    /// <summary>Whether anything would be sent.</summary>
    public bool IsChanged => _loaded is null || !JsonNode.DeepEquals(_loaded, _document);

    /// <summary>A new app: one instance of a command with a core and 128 MiB.</summary>
    public static AppDraft New() => new(new JsonObject { ["id"] = "", ["cmd"] = "", ["cpus"] = 1, ["mem"] = 128, ["disk"] = 0, ["instances"] = 1 }, null, null);

    /// <summary>An app as it is, to be changed.</summary>
    public static AppDraft Edit(AppDefinition app)
    {
        var document = JsonNode.Parse(AppJson.ToBytes(app))!.AsObject();
        foreach (var name in s_server)
        {
            document.Remove(name);
        }

        return new AppDraft(document, document.DeepClone().AsObject(), app.Id);
    }

    /// <summary>A new app that begins as a copy of another.</summary>
    public static AppDraft CopyOf(AppDefinition app)
    {
        var draft = Edit(app with { Id = app.Id + "-copy" });
        return new AppDraft(draft._document, null, null);
    }

    /// <summary>Takes what was typed in the form into the document and the JSON.</summary>
    public void FormChanged()
    {
        AppFormWriter.Write(Form, _document);
        Text = Write(_document);
        TextProblem = null;
    }

    /// <summary>Takes JSON that was typed into the document and the form, if it is an object.</summary>
    public void TextChanged(string text)
    {
        Text = text;
        if (text.Length > MaxTextLength)
        {
            TextProblem = $"This is longer than {MaxTextLength / 1024} KiB.";
            return;
        }

        try
        {
            if (JsonNode.Parse(text, null, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false }) is JsonObject document)
            {
                _document = document;
                Form = AppFormReader.Read(document);
                TextProblem = null;
            }
            else
            {
                TextProblem = "Write one JSON object: { … }.";
            }
        }
        catch (JsonException error)
        {
            TextProblem = Explain(error);
        }
    }

    /// <summary>What is wrong with the form.</summary>
    public FormProblems Check() => AppFormChecks.Check(Form);

    /// <summary>
    /// What to send: for a new app all of it; for an edit the fields that differ, or all of it, to replace the old, when a
    /// field was taken away, which a difference cannot say.
    /// </summary>
    public AppChange ToChange()
    {
        var document = _document.DeepClone().AsObject();
        foreach (var name in document.Where(field => field.Value is JsonValue value && value.TryGetValue<string>(out var text) && text.Length == 0 && field.Key != "id").Select(field => field.Key).ToList())
        {
            document.Remove(name);
        }

        if (_loaded is null)
        {
            return new AppChange(Element(document), IsPartial: false);
        }

        if (_loaded.Any(field => IsGiven(field) && !document.ContainsKey(field.Key)))
        {
            return new AppChange(Element(document), IsPartial: false);
        }

        var difference = new JsonObject();
        foreach (var (name, value) in document)
        {
            // A partial update takes limits from the update only: left out, they would be cleared.
            if (name != "id" && (name == "resourceLimits" || !JsonNode.DeepEquals(value, _loaded[name])))
            {
                difference[name] = value?.DeepClone();
            }
        }

        return new AppChange(Element(difference), IsPartial: true);
    }

    private static bool IsGiven(KeyValuePair<string, JsonNode?> field) => field.Value switch
    {
        null => false,
        JsonArray array => array.Count > 0,
        JsonObject map => map.Count > 0,
        _ => JsonFields.Text(field.Value).Length > 0,
    };

    private static JsonElement Element(JsonObject document)
    {
        using var parsed = JsonDocument.Parse(document.ToJsonString());
        return parsed.RootElement.Clone();
    }

    private static string Write(JsonObject document) => document.ToJsonString(s_indented);

    private static string Explain(JsonException error)
    {
        var message = error.Message;
        var cut = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var text = cut < 0 ? message : message[..cut];
        return error.LineNumber is { } line ? $"Line {line + 1}, column {(error.BytePositionInLine ?? 0) + 1}: {text}" : text;
    }
}
