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

    /// <summary>
    /// A dependency of an app or group. What begins with a dot is relative to <paramref name="id"/> itself (<c>../db</c> is beside
    /// it), as Marathon has it; any other relative id is a neighbour.
    /// </summary>
    public static string Dependency(string dependency, string id) => Absolute(dependency, dependency.StartsWith('.') ? id : Parent(id));

    /// <summary>The group that an app or group is in: <c>/shop</c> of <c>/shop/web</c>; the root of the root is the root.</summary>
    public static string Parent(string id) => id.LastIndexOf('/') is > 0 and var slash ? id[..slash] : "/";

    /// <summary>Whether an id stands somewhere below a group.</summary>
    public static bool IsBelow(string id, string group) =>
        group.Length == 1 ? id.Length > 1 : id.Length > group.Length && id[group.Length] == '/' && id.StartsWith(group, StringComparison.Ordinal);

    /// <summary>What is wrong with the id of a group as given; null when nothing is.</summary>
    public static string? CheckGroup(string id) => Absolute(id) == "/" ? null : Check(id) ?? (Absolute(id).EndsWith("/apps", StringComparison.Ordinal) ? "must not end with /apps, which is part of the API" : null);

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
