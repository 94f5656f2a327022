using Orchestrator.Core.Contract.Apps;

namespace Orchestrator.Core.Marathon.Apps;

/// <summary>Which apps must run before which. Ids of apps that do not exist are allowed and mean nothing.</summary>
/// <param name="find">The definition of an app as it will be; null when there is none.</param>
internal sealed class DependencyGraph(Func<string, AppDefinition?> find)
{
    private readonly Dictionary<string, int> _depths = new(StringComparer.Ordinal);
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);

    /// <summary>Length of the longest path of dependencies below the app; null when a path comes back to itself.</summary>
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

        if (!_open.Add(appId))
        {
            return null;
        }

        var depth = 0;
        foreach (var dependency in app.Dependencies)
        {
            if (DepthOf(dependency) is not { } below)
            {
                return null;
            }

            depth = Math.Max(depth, below + 1);
        }

        _open.Remove(appId);
        _depths[appId] = depth;
        return depth;
    }
}
