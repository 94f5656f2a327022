using System.Text.RegularExpressions;

namespace Orchestrator.Core.Marathon.Apps;

/// <summary>Ids of apps and groups: paths of lower-case names.</summary>
public static partial class PathId
{
    /// <summary>Makes an id absolute: relative ones stand below <paramref name="parent"/>; empty and double slashes go.</summary>
    public static string Absolute(string id, string parent = "/")
    {
        var parts = new List<string>();
        foreach (var part in (id.StartsWith('/') ? id : parent + "/" + id).Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".." && parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part is not ("." or ".."))
            {
                parts.Add(part);
            }
        }

        return "/" + string.Join('/', parts);
    }

    /// <summary>What is wrong with an id as given; null when nothing is.</summary>
    public static string? Check(string id)
    {
        if (id.Length == 0)
        {
            return "must not be empty; write a path such as /shop/web";
        }

        if (!Form().IsMatch(id))
        {
            return $"must fully match regular expression '{Form()}': lower-case letters, digits, dashes and dots between slashes";
        }

        var absolute = Absolute(id);
        if (absolute == "/")
        {
            return "must not be the root path '/'";
        }

        var last = absolute[(absolute.LastIndexOf('/') + 1)..];
        return last is "restart" or "tasks" or "versions" ? $"must not end with /{last}, which is part of the API" : null;
    }

    /// <summary>As part of task ids: <c>/a/b</c> is <c>a_b</c>.</summary>
    public static string ToIdPart(string id) => id.TrimStart('/').Replace('/', '_');

    /// <summary>As a name: <c>/a/b/c</c> is <c>c.b.a</c>.</summary>
    public static string ToName(string id) => string.Join('.', id.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());

    [GeneratedRegex(@"^(\/?((\.\.)|(([a-z0-9]|[a-z0-9][a-z0-9\-]*[a-z0-9])\.)*([a-z0-9]|[a-z0-9][a-z0-9\-]*[a-z0-9]))?($|\/))+$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
