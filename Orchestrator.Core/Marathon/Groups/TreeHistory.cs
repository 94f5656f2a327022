using Orchestrator.Core.Views.Services;

namespace Orchestrator.Core.Marathon.Groups;

/// <summary>The last changes of the tree, oldest first: how groups are set back to an earlier version.</summary>
/// <param name="maxVersions">Changes that are kept.</param>
internal sealed class TreeHistory(int maxVersions)
{
    /// <summary>Changed apps that are kept in all; a change of more than that is kept alone.</summary>
    public const int MaxApps = 20_000;

    private readonly List<TreeChangeView> _changes = [];
    private int _apps;
    private IReadOnlyList<TreeChangeView>? _view;

    /// <summary>All changes as readers see them; the same list while nothing changes.</summary>
    public IReadOnlyList<TreeChangeView> ToViews() => _view ??= [.. _changes];

    /// <summary>Adds the newest change; those that it drove out.</summary>
    public List<TreeChangeView> Add(TreeChangeView change)
    {
        _view = null;
        _changes.Add(change);
        _apps += change.Apps.Count;
        var dropped = new List<TreeChangeView>();
        while (_changes.Count > 1 && (_changes.Count > maxVersions || _apps > MaxApps))
        {
            dropped.Add(_changes[0]);
            _apps -= _changes[0].Apps.Count;
            _changes.RemoveAt(0);
        }

        return dropped;
    }
}
