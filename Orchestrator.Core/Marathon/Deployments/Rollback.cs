using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon.Apps;

namespace Orchestrator.Core.Marathon.Deployments;

/// <summary>From the changes of a deployment to those that take it back. What already runs the old content is kept.</summary>
internal static class Rollback
{
    /// <summary>The change that sets an app back to what it was before; null when there is nothing to do.</summary>
    public static AppChange? ToBefore(ServicesState state, AppChange change, DateTimeOffset version)
    {
        var now = state.Find(change.AppId)?.Definition;
        if (change.Before is not { } before)
        {
            return now is null ? null : new AppChange(change.AppId, now, null);
        }

        return To(state, change.AppId, before, version);
    }

    /// <summary>
    /// The changes that set apps back to what last was good. Apps that are new stay as they stand: nobody asked to delete them.
    /// </summary>
    public static IReadOnlyList<AppChange> ToGood(ServicesState state, DeploymentState deployment, DateTimeOffset version) =>
        [.. deployment.Changes.Where(change => change.Before is not null).Select(change => To(state, change.AppId, GoodOf(state, change), version))];

    /// <summary>Whether this is what last was good.</summary>
    public static bool IsGood(AppState app, AppDefinition target) =>
        app.GoodVersion is { } version && app.Versions.GetValueOrDefault(version) is { } good && AppJson.ContentOf(good) == AppJson.ContentOf(target);

    private static AppDefinition GoodOf(ServicesState state, AppChange change)
    {
        var app = state.Apps.GetValueOrDefault(change.AppId);
        var good = app?.GoodVersion is { } version ? app.Versions.GetValueOrDefault(version) : null;
        return good is not null && (change.After is null || AppJson.ContentOf(good) != AppJson.ContentOf(change.After) || good.Instances != change.After.Instances) ? good : change.Before!;
    }

    private static AppChange To(ServicesState state, string appId, AppDefinition target, DateTimeOffset version)
    {
        var now = state.Find(appId)?.Definition;
        var isOther = now is null || DeploymentPlanner.IsOtherConfiguration(now, target);
        return new AppChange(appId, now, target with
        {
            Version = version,
            LastScalingAt = version,
            LastConfigChangeAt = isOther ? version : now!.LastConfigChangeAt,
        })
        { HasOutdated = ChangeSet.HasOutdated(state.Find(appId), target, force: true) };
    }
}
