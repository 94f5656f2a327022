using Orchestrator.Core.Contract.Apps;

namespace Orchestrator.Core.Marathon.Apps;

/// <summary>
/// Which apps must run before which: those that an app names, and those that the groups name in which it is. A named group stands
/// for every app in it. Ids that do not exist are allowed and mean nothing.
/// </summary>
/// <param name="find">The definition of an app as it will be; null when there is none.</param>
/// <param name="dependenciesOf">What a group depends on as it will be.</param>
/// <param name="appsBelow">Ids of the apps that will be below an id.</param>
internal sealed class DependencyGraph(Func<string, AppDefinition?> find, Func<string, IReadOnlyList<string>> dependenciesOf, Func<string, IEnumerable<string>> appsBelow)
{
    /// <summary>Longest chain of dependencies; a longer one is refused as a cycle is.</summary>
    public const int MaxDepth = 1_000;

    private readonly Dictionary<string, int> _depths = new(StringComparer.Ordinal);
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);

    /// <summary>Length of the longest path of dependencies below the app; null when a path comes back to itself or is too long.</summary>
    public int? DepthOf(string appId)
    {
        if (_depths.TryGetValue(appId, out var known))
        {
            return known;
        }

        if (find(appId) is not { } app)
        {
            return -1;
        }

        if (_open.Count >= MaxDepth || !_open.Add(appId))
        {
            return null;
        }

        if (Deepest(app.Dependencies) is not { } depth)
        {
            return null;
        }

        for (var group = PathId.Parent(appId); ; group = PathId.Parent(group))
        {
            if (Deepest(dependenciesOf(group)) is not { } below)
            {
                return null;
            }

            depth = Math.Max(depth, below);
            if (group == "/")
            {
                break;
            }
        }

        _open.Remove(appId);
        _depths[appId] = depth;
        return depth;
    }

    private int? Deepest(IReadOnlyList<string> dependencies)
    {
        var depth = 0;
        foreach (var dependency in dependencies)
        {
            if (DepthBelow(dependency) is not { } below)
            {
                return null;
            }

            depth = Math.Max(depth, below + 1);
        }

        return depth;
    }

    /// <summary>Of an app, or of the deepest app of a group.</summary>
    private int? DepthBelow(string id)
    {
        if (find(id) is not null)
        {
            return DepthOf(id);
        }

        if (_depths.TryGetValue(id, out var known))
        {
            return known;
        }

        var depth = -1;
        foreach (var app in appsBelow(id))
        {
            if (DepthOf(app) is not { } below)
            {
                return null;
            }

            depth = Math.Max(depth, below);
        }

        _depths[id] = depth;
        return depth;
    }
}
