using System.Text.Json;
using Orchestrator.Core.Marathon;
using Orchestrator.Web.Console.ViewModels.Forms;

namespace Orchestrator.Web.Console.ViewModels;

/// <summary>What became of a command, for people.</summary>
public sealed record CommandOutcome
{
    /// <summary>HTTP status of the engine's answer; 503 when it gave none.</summary>
    public required int Status { get; init; }

    /// <summary>What it said; empty after a success without words.</summary>
    public required string Message { get; init; }

    /// <summary>What is wrong, field by field.</summary>
    public IReadOnlyList<FieldProblem> Problems { get; init; } = [];

    /// <summary>Deployments that hold what was to be changed; they can be cancelled by a forced repeat.</summary>
    public IReadOnlyList<string> Blockers { get; init; } = [];

    /// <summary>The deployment that began; null without one.</summary>
    public string? DeploymentId { get; init; }

    /// <summary>What would be done, of a dry run that was accepted; null otherwise.</summary>
    public PlanPreview? Plan { get; init; }

    /// <summary>Whether it was accepted.</summary>
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>Whether the same command with force may go through.</summary>
    public bool CanForce => Status == 409 && Blockers.Count > 0;

    /// <summary>Reads the answer; shapes: <c>{"message"}</c>, with <c>details</c> by field, or with <c>deployments</c>.</summary>
    public static CommandOutcome From(MarathonReply reply)
    {
        var outcome = new CommandOutcome { Status = reply.Status, Message = "", DeploymentId = reply.DeploymentId };
        if (reply.Json.IsEmpty || reply.IsSuccess)
        {
            return outcome;
        }

        try
        {
            using var document = JsonDocument.Parse(reply.Json);
            var root = document.RootElement;
            return outcome with
            {
                Message = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("message", out var message) ? message.ToString() : root.ToString(),
                Problems = [.. ReadProblems(root)],
                Blockers = [.. Members(root, "deployments").Select(item => item.ValueKind == JsonValueKind.Object && item.TryGetProperty("id", out var id) ? id.ToString() : item.ToString())],
            };
        }
        catch (JsonException)
        {
            return outcome with { Message = System.Text.Encoding.UTF8.GetString(reply.Json.Span) };
        }
    }

    private static IEnumerable<FieldProblem> ReadProblems(JsonElement root) =>
        from detail in Members(root, "details")
        where detail.ValueKind == JsonValueKind.Object
        from error in Members(detail, "errors")
        select new FieldProblem(detail.TryGetProperty("path", out var path) ? path.ToString() : "/", Explain(error.ToString()));

    private static IEnumerable<JsonElement> Members(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var members) && members.ValueKind == JsonValueKind.Array ? members.EnumerateArray() : [];

    /// <summary>Some errors are keys of a message catalogue.</summary>
    private static string Explain(string error) => error switch
    {
        "error.expected.jsnumber" => "Write a number.",
        "error.expected.int" => "Write a whole number.",
        "error.expected.jsstring" => "Write a text.",
        "error.expected.jsboolean" => "Write true or false.",
        "error.expected.jsarray" => "Write a list.",
        "error.expected.jsobject" => "Write an object.",
        "error.path.missing" => "This is required.",
        _ => error,
    };
}
