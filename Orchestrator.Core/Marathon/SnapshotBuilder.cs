using Orchestrator.Core.Views.Services;

namespace Orchestrator.Core.Marathon;

/// <summary>Publishes the services: only apps that changed get new views, everything else is shared with the snapshot before.</summary>
internal sealed class SnapshotBuilder(ServicesState state)
{
    private ServicesSnapshot? _last;
    private AppView[] _apps = [];
    private string[] _ids = [];
    private AppView[] _pods = [];

    /// <summary>The snapshot after this turn; the previous object when nothing changed.</summary>
    public ServicesSnapshot Publish(DateTimeOffset now)
    {
        if (_last is not null && state.CameOrWent.Count == 0 && !state.ListsChanged && !state.GroupsChanged && state.Changed.Count == 0)
        {
            return _last;
        }

        if (state.CameOrWent.Count > 0)
        {
            Merge();
        }
        else if (state.Changed.Count > 0)
        {
            _apps = [.. _apps];
        }

        foreach (var app in state.Changed)
        {
            var index = Array.BinarySearch(_ids, app.Id, StringComparer.Ordinal);
            if (index >= 0)
            {
                _apps[index] = app.ToView();
            }
        }

        ShowPods();
        var lists = state.ListsChanged || _last is null;
        (state.ListsChanged, state.GroupsChanged) = (false, false);
        state.CameOrWent.Clear();
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
            Pods = _pods,
            History = state.History,
            Deployments = lists ? [.. state.Deployments.Select(deployment => deployment.ToView())] : _last!.Deployments,
        };
    }

    /// <summary>The lists without apps that went and with those that came: what lies between is copied in blocks.</summary>
    private void Merge()
    {
        var ids = new List<string>(_ids.Length + state.CameOrWent.Count);
        var apps = new List<AppView>(ids.Capacity);
        var from = 0;
        foreach (var id in state.CameOrWent)
        {
            var at = Array.BinarySearch(_ids, id, StringComparer.Ordinal);
            var index = at < 0 ? ~at : at;
            ids.AddRange(_ids.AsSpan(from, index - from));
            apps.AddRange(_apps.AsSpan(from, index - from));
            if (state.Find(id) is { Definition.Pod: null } app)
            {
                ids.Add(id);
                apps.Add(app.ToView());
            }

            from = at < 0 ? index : index + 1;
        }

        ids.AddRange(_ids.AsSpan(from));
        apps.AddRange(_apps.AsSpan(from));
        (_ids, _apps) = ([.. ids], [.. apps]);
    }

    /// <summary>Pods are few beside apps: all are looked at when one of them changed, came or went.</summary>
    private void ShowPods()
    {
        var known = _pods.Select(pod => pod.Id).ToHashSet(StringComparer.Ordinal);
        var touched = state.Changed.Where(app => app.Definition.Pod is not null).Select(app => app.Id).Concat(state.CameOrWent.Where(id => known.Contains(id) || PodOf(id) is not null)).ToList();
        if (touched.Count > 0)
        {
            _pods = [.. new SortedSet<string>(known.Concat(touched), StringComparer.Ordinal).Select(PodOf).OfType<AppState>().Select(pod => pod.ToView())];
        }
    }

    private AppState? PodOf(string id) => state.Apps.TryGetValue(id, out var app) && app.Definition.Pod is not null ? app : null;
}
