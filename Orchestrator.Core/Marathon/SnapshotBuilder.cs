using Orchestrator.Core.Views.Services;

namespace Orchestrator.Core.Marathon;

/// <summary>Publishes the services: only apps that changed get new views, everything else is shared with the snapshot before.</summary>
internal sealed class SnapshotBuilder(ServicesState state)
{
    private ServicesSnapshot? _last;
    private AppView[] _apps = [];
    private string[] _ids = [];

    /// <summary>The snapshot after this turn; the previous object when nothing changed.</summary>
    public ServicesSnapshot Publish(DateTimeOffset now)
    {
        if (_last is not null && !state.AppsChanged && !state.ListsChanged && !state.GroupsChanged && state.Changed.Count == 0)
        {
            return _last;
        }

        if (state.AppsChanged)
        {
            var apps = state.AppIds.Select(id => state.Apps[id]).Where(app => !app.IsRemoved).ToList();
            _apps = [.. apps.Select(app => app.ToView())];
            _ids = [.. apps.Select(app => app.Id)];
        }
        else if (state.Changed.Count > 0)
        {
            _apps = [.. _apps];
            foreach (var app in state.Changed)
            {
                var index = Array.BinarySearch(_ids, app.Id, StringComparer.Ordinal);
                if (index >= 0)
                {
                    _apps[index] = app.ToView();
                }
            }
        }

        var lists = state.ListsChanged || _last is null;
        (state.AppsChanged, state.ListsChanged, state.GroupsChanged) = (false, false, false);
        state.Changed.Clear();
        return _last = new ServicesSnapshot
        {
            Version = (_last?.Version ?? 0) + 1,
            At = now,
            FrameworkId = state.FrameworkId,
            Connected = state.Connected,
            Apps = _apps,
            Groups = state.Tree.ToViews(),
            TreeHistory = state.TreeHistory.ToViews(),
            History = state.History,
            Deployments = lists ? [.. state.Deployments.Select(deployment => deployment.ToView())] : _last!.Deployments,
        };
    }
}
