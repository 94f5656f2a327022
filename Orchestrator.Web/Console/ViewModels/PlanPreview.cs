using System.Text.Json;

namespace Orchestrator.Web.Console.ViewModels;

/// <summary>What a change would do, as the engine's dry run says.</summary>
/// <param name="Steps">The steps of the deployment, each with what it does to which apps, for example <c>Restart /shop/web</c>.</param>
/// <param name="Apps">What becomes of each app.</param>
/// <param name="LockedBy">Deployments that stand in the way.</param>
public sealed record PlanPreview(IReadOnlyList<IReadOnlyList<string>> Steps, IReadOnlyList<PlanPreview.AppPlan> Apps, IReadOnlyList<string> LockedBy)
{
    /// <summary>Whether nothing would happen.</summary>
    public bool IsEmpty => Steps.Count == 0 && Apps.Count == 0;

    /// <summary>Reads the answer of a dry run; null when it is none.</summary>
    public static PlanPreview? Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return new PlanPreview(
                [.. root.GetProperty("steps").EnumerateArray().Select(step => (IReadOnlyList<string>)[.. step.GetProperty("actions").EnumerateArray().Select(Describe)])],
                [.. root.GetProperty("apps").EnumerateArray().Select(AppPlan.Of)],
                [.. root.GetProperty("lockedBy").EnumerateArray().Select(deployment => deployment.GetProperty("id").GetString()!)]);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string Describe(JsonElement action) =>
        $"{action.GetProperty("action").GetString()!.Replace("Application", "", StringComparison.Ordinal)} {action.GetProperty("app").GetString()}";

    /// <summary>What becomes of one app.</summary>
    /// <param name="Id">Its path.</param>
    /// <param name="Change">created, changed, scaled, restarted or deleted.</param>
    /// <param name="Counts">What its instances do, in words; empty for nothing.</param>
    /// <param name="Fields">What differs.</param>
    public sealed record AppPlan(string Id, string Change, string Counts, IReadOnlyList<FieldChange> Fields)
    {
        internal static AppPlan Of(JsonElement app) => new(
            app.GetProperty("id").GetString()!,
            app.GetProperty("change").GetString()!,
            string.Join(", ", new[] { ("starts", "start"), ("stops", "stop"), ("replaces", "are replaced"), ("stays", "stay") }
                .Select(row => (Count: app.GetProperty(row.Item1).GetInt32(), Word: row.Item2))
                .Where(row => row.Count > 0)
                .Select(row => $"{row.Count} {row.Word}")),
            [.. app.GetProperty("fields").EnumerateArray().Select(field => new FieldChange(field.GetProperty("path").GetString()!, Text(field, "before"), Text(field, "after")))]);

        private static string? Text(JsonElement field, string name) => field.TryGetProperty(name, out var value) ? value.GetRawText() : null;
    }

    /// <summary>One field that differs.</summary>
    /// <param name="Path">JSON pointer.</param>
    /// <param name="Before">Its JSON; null when it was not there.</param>
    /// <param name="After">Its JSON; null when it goes.</param>
    public sealed record FieldChange(string Path, string? Before, string? After);
}
