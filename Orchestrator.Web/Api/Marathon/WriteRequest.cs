using Microsoft.Net.Http.Headers;
using Orchestrator.Core.Marathon;

namespace Orchestrator.Web.Api.Marathon;

/// <summary>
/// What a write asks for besides the change: <c>force</c>, <c>dryRun</c>, <c>strict</c>, the headers <c>If-Match</c> and
/// <c>If-None-Match: *</c>, and a body that is a merge patch.
/// </summary>
/// <param name="Force">Cancels conflicting deployments first.</param>
/// <param name="Terms">Everything else.</param>
public sealed record WriteRequest(bool Force, WriteTerms Terms)
{
    /// <summary>The content type of a JSON merge patch (RFC 7396).</summary>
    public const string MergePatch = "application/merge-patch+json";

    /// <summary>Reads a request; on a malformed one the text says what would do.</summary>
    public static WriteRequest? Parse(HttpRequest request, bool forces, out string error)
    {
        var query = request.Query;
        var (force, dryRun, strict) = (forces, false, false);
        if (!MarathonQuery.TryReadSwitch(query, "force", forces, out force, out error)
            || !MarathonQuery.TryReadSwitch(query, "dryRun", false, out dryRun, out error)
            || !MarathonQuery.TryReadSwitch(query, "strict", false, out strict, out error))
        {
            return null;
        }

        var match = request.Headers.IfMatch;
        var noneMatch = request.Headers.IfNoneMatch.ToString().Trim();
        if (noneMatch is not ("" or "*"))
        {
            error = "The header If-None-Match of a write can only be '*': to create what must not be there yet. To change what you have read, send If-Match.";
            return null;
        }

        return new WriteRequest(force, new WriteTerms
        {
            DryRun = dryRun,
            Strict = strict,
            MergePatch = HttpMethods.IsPatch(request.Method) && IsMergePatch(request),
            IfMatch = match.Count == 0 ? null : [.. match.ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(ETags.VersionOf)],
            MustBeNew = noneMatch == "*",
        });
    }

    /// <summary>Whether the body is a merge patch.</summary>
    public static bool IsMergePatch(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals(MergePatch, StringComparison.OrdinalIgnoreCase);
}
