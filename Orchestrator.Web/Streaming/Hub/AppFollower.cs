using Orchestrator.Core.Views.Services;

namespace Orchestrator.Web.Streaming.Hub;

/// <summary>Compares snapshots for one stream of apps.</summary>
internal sealed class AppFollower(string prefix)
{
    private Dictionary<string, AppView>? _sent;

    /// <summary>What to send for a newer snapshot; null when nothing changed.</summary>
    public AppChanges? Next(ServicesSnapshot services)
    {
        var before = _sent;
        var now = services.Apps.Where(app => app.Id.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(app => app.Id);
        _sent = now;
        var changed = now.Values.Where(app => before is null || !before.TryGetValue(app.Id, out var known) || !ReferenceEquals(known, app)).Select(AppMessage.Of).ToList();
        var removed = before is null ? [] : before.Keys.Where(id => !now.ContainsKey(id)).ToList();
        return before is null || changed.Count > 0 || removed.Count > 0 ? new AppChanges(services.Version, before is null, changed, removed) : null;
    }
}
