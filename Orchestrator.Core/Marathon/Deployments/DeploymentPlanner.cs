using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon.Apps;

namespace Orchestrator.Core.Marathon.Deployments;

/// <summary>
/// From what is wanted to steps: first everything that goes, then everything new (without instances), then layer after layer
/// upwards from apps on which others depend. Source: Marathon.
/// </summary>
internal static class DeploymentPlanner
{
    /// <summary>The steps; empty ones are left out.</summary>
    public static IReadOnlyList<IReadOnlyList<DeploymentAction>> Plan(IReadOnlyList<AppChange> changes, DependencyGraph graph)
    {
        var steps = new List<IReadOnlyList<DeploymentAction>>
        {
            changes.Where(change => change.After is null).Select(change => Action(ActionKind.StopApplication, change)).ToList(),
            changes.Where(change => change.Before is null && change.After is not null).Select(change => Action(ActionKind.StartApplication, change)).ToList(),
        };
        steps.AddRange(changes
            .Where(change => change.After is not null)
            .Select(change => (Change: change, Kind: KindOf(change)))
            .Where(row => row.Kind is not null)
            .GroupBy(row => graph.DepthOf(row.Change.AppId) ?? 0)
            .OrderBy(layer => layer.Key)
            .Select(layer => (IReadOnlyList<DeploymentAction>)[.. layer.Select(row => Action(row.Kind!.Value, row.Change))]));
        return [.. steps.Where(step => step.Count > 0)];
    }

    /// <summary>Whether instances have to be replaced to come from one definition to the other.</summary>
    public static bool IsOtherConfiguration(AppDefinition before, AppDefinition after) =>
        before.LastConfigChangeAt != after.LastConfigChangeAt && AppJson.ContentOf(before) != AppJson.ContentOf(after);

    private static ActionKind? KindOf(AppChange change)
    {
        var (before, after) = (change.Before, change.After!);
        if (before is null)
        {
            return ActionKind.ScaleApplication;
        }

        var isOther = change.IsFresh || change.HasOutdated || IsOtherConfiguration(before, after);
        if (isOther && after.Instances > 0)
        {
            return ActionKind.RestartApplication;
        }

        return isOther || before.Instances != after.Instances || before.IsDaemon != after.IsDaemon || change.ToKill.Count > 0 ? ActionKind.ScaleApplication : null;
    }

    private static DeploymentAction Action(ActionKind kind, AppChange change) => new(kind, change.AppId, kind is ActionKind.ScaleApplication or ActionKind.RestartApplication ? change.ToKill : [], change.IsFresh);
}
