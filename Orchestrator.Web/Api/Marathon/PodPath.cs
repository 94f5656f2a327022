namespace Orchestrator.Web.Api.Marathon;

/// <summary>
/// What stands behind <c>/v2/pods</c>: an id and, behind two colons, what of the pod is meant, for example
/// <c>shop/web::versions/2026-01-31T12:00:00.000Z</c>.
/// </summary>
/// <param name="Id">Absolute id; <c>/</c> for all pods.</param>
/// <param name="Part"><c>status</c>, <c>versions</c>, <c>instances</c>; empty for the pod itself.</param>
/// <param name="Item">A version or an instance id; null where there is none.</param>
public sealed record PodPath(string Id, string Part, string? Item)
{
    /// <summary>Reads a path; slashes and colons may be escaped.</summary>
    public static PodPath Parse(string path)
    {
        var text = path.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase).Replace("%3A", ":", StringComparison.OrdinalIgnoreCase);
        var at = text.IndexOf("::", StringComparison.Ordinal);
        var id = "/" + string.Join('/', (at < 0 ? text : text[..at]).Split('/', StringSplitOptions.RemoveEmptyEntries));
        var words = (at < 0 ? "" : text[(at + 2)..]).Split('/', 2);
        return new PodPath(id, words[0], words.Length > 1 && words[1].Length > 0 ? words[1] : null);
    }
}
