using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Core.Marathon.Groups;

/// <summary>The tree of groups as it was at a version: the tree of now, without the changes since.</summary>
public sealed class PastTree
{
    private readonly Dictionary<string, AppDefinition?> _apps = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GroupView?> _groups = new(StringComparer.Ordinal);

    private PastTree(DateTimeOffset version, IEnumerable<TreeChangeView> since)
    {
        Version = version;
        foreach (var change in since)
        {
            foreach (var (id, before) in change.Apps)
            {
                _apps[id] = before;
            }

            foreach (var (id, before) in change.Groups)
            {
                _groups[id] = before;
            }
        }
    }

    /// <summary>When that was.</summary>
    public DateTimeOffset Version { get; }

    /// <summary>The tree as it was; null when the changes since are not known any more, or the tree never had the version.</summary>
    /// <param name="history">The last changes, oldest first.</param>
    /// <param name="version">Of the tree.</param>
    public static PastTree? At(IReadOnlyList<TreeChangeView> history, DateTimeOffset version) =>
        history.Any(change => change.Version == version) ? new PastTree(version, history.Reverse().TakeWhile(change => change.Version > version)) : null;

    /// <summary>Versions of the tree in which something of a group was changed, newest first.</summary>
    public static IReadOnlyList<DateTimeOffset> VersionsOf(IReadOnlyList<TreeChangeView> history, string groupId) =>
        [.. history.Where(change => change.Groups.Keys.Any(id => IsIn(id, groupId)) || change.Apps.Keys.Any(id => IsIn(id, groupId))).Select(change => change.Version).Reverse()];

    /// <summary>The apps that were below a group, given those that are there now.</summary>
    public IEnumerable<AppDefinition> AppsBelow(string groupId, IEnumerable<AppDefinition> now) => now
        .Where(app => PathId.IsBelow(app.Id, groupId) && !_apps.ContainsKey(app.Id))
        .Concat(_apps.Where(row => row.Value is not null && PathId.IsBelow(row.Key, groupId)).Select(row => row.Value!))
        .OrderBy(app => app.Id, StringComparer.Ordinal);

    /// <summary>The group that was, and those that were below it, given those that are there now.</summary>
    public IEnumerable<GroupView> Groups(string groupId, IEnumerable<GroupView> now) => now
        .Where(group => IsIn(group.Id, groupId) && !_groups.ContainsKey(group.Id))
        .Concat(_groups.Where(row => row.Value is not null && IsIn(row.Key, groupId)).Select(row => row.Value!))
        .OrderBy(group => group.Id, StringComparer.Ordinal);

    private static bool IsIn(string id, string groupId) => id == groupId || PathId.IsBelow(id, groupId);
}
