namespace Orchestrator.Core.Views.Services;

/// <summary>
/// All services (apps, their instances, deployments, what waits) as the Marathon engine saw them after one turn.
/// Immutable, shared by the console, the REST API and the event stream.
/// </summary>
public sealed record ServicesSnapshot
{
    /// <summary>Grows by at least one with every change.</summary>
    public required long Version { get; init; }

    /// <summary>The time of the turn.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The framework id under which the services run; null before the first subscription.</summary>
    public string? FrameworkId { get; init; }

    /// <summary>Whether the engine is subscribed at the master now.</summary>
    public required bool Connected { get; init; }

    /// <summary>Apps in the order of their ids.</summary>
    public required IReadOnlyList<AppView> Apps { get; init; }

    /// <summary>Groups in the order of their ids, the root first.</summary>
    public IReadOnlyList<GroupView> Groups { get; init; } = [];

    /// <summary>The last changes of the tree of groups, oldest first, bounded by zk_max_versions (50).</summary>
    public IReadOnlyList<TreeChangeView> TreeHistory { get; init; } = [];

    /// <summary>Pods in the order of their ids, those that are being deleted included.</summary>
    public IReadOnlyList<AppView> Pods { get; init; } = [];

    /// <summary>Running deployments, oldest first.</summary>
    public required IReadOnlyList<DeploymentView> Deployments { get; init; }

    /// <summary>Deployments that ended, newest first, bounded.</summary>
    public IReadOnlyList<DeploymentOutcomeView> History { get; init; } = [];

    /// <summary>The app with this id (<c>/a/b</c>); null when there is none.</summary>
    public AppView? FindApp(string id)
    {
        int low = 0, high = Apps.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = string.CompareOrdinal(Apps[middle].Id, id);
            if (order == 0)
            {
                return Apps[middle];
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return null;
    }
}
