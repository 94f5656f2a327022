using System.Text.Json;

namespace Orchestrator.Web.Api.Marathon;

/// <summary>Reads the JSON of a request.</summary>
public static class MarathonBody
{
    /// <summary>Deepest nesting that is read.</summary>
    public const int MaxDepth = 64;

    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = MaxDepth };

    /// <summary>Reads the body; when it is no JSON writes the answer and returns null.</summary>
    public static async Task<JsonElement?> ReadAsync(HttpContext context)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(context.Request.Body, s_options, context.RequestAborted);
            return document.RootElement.Clone();
        }
        catch (JsonException error)
        {
            await MarathonAnswer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, "Invalid JSON", error.Message);
            return null;
        }
    }
}
