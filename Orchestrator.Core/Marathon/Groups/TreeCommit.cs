using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Core.Marathon.Groups;

/// <summary>Makes what was asked for of groups the tree, and remembers what it was before.</summary>
internal static class TreeCommit
{
    /// <summary>Before the apps themselves change.</summary>
    public static void Do(Turn turn, ServicesState state, ChangeSet changes)
    {
        var apps = changes.All.Where(change => !ReferenceEquals(change.Before, change.After)).ToDictionary(change => change.AppId, change => change.Before);
        var groups = changes.Groups.ToDictionary(change => change.Id, change => state.Tree.View(change.Id));
        if (apps.Count == 0 && groups.Count == 0)
        {
            return;
        }

        state.GroupsChanged = true;
        foreach (var change in changes.Groups)
        {
            if (change.After is { } after)
            {
                state.Tree.Set(after, changes.Version);
                TreeStorage.Store(turn, state.Tree.View(change.Id)!);
            }
            else
            {
                state.Tree.Remove(change.Id, changes.Version);
                TreeStorage.Forget(turn, change.Id);
            }
        }

        foreach (var id in groups.Keys.Concat(apps.Keys))
        {
            Raise(state, id, changes.Version);
        }

        var entry = new TreeChangeView(changes.Version, apps, groups);
        TreeStorage.Store(turn, entry);
        state.TreeHistory.Add(entry).ForEach(dropped => TreeStorage.Forget(turn, dropped));
    }

    /// <summary>Puts back what the journal holds, after the apps. Groups of which there is no record are those that the ids of apps name.</summary>
    public static void Restore(ServicesState state, IEnumerable<GroupView> groups, IEnumerable<TreeChangeView> changes)
    {
        foreach (var group in groups)
        {
            state.Tree.Set(new GroupDefinition(group.Id, group.Dependencies, group.EnforceRole), group.Version);
            state.NoteVersion(group.Version);
        }

        foreach (var change in changes.OrderBy(change => change.Version))
        {
            state.TreeHistory.Add(change);
            state.NoteVersion(change.Version);
            foreach (var id in change.Apps.Keys.Concat(change.Groups.Keys))
            {
                Raise(state, id, change.Version);
            }
        }

        foreach (var app in state.Apps.Values.Where(app => !app.IsRemoved))
        {
            state.Tree.Touch(app.Id, app.Definition.Version);
        }
    }

    /// <summary>The versions of the groups above that are still there.</summary>
    private static void Raise(ServicesState state, string id, DateTimeOffset version)
    {
        var parent = PathId.Parent(id);
        while (state.Tree.Find(parent) is null)
        {
            parent = PathId.Parent(parent);
        }

        state.Tree.Touch(parent == "/" ? "/x" : parent + "/x", version);
    }
}
