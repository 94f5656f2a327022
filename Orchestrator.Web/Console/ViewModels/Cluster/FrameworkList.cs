using Orchestrator.Core.Views;
using Orchestrator.Web.Console.Feeds;

namespace Orchestrator.Web.Console.ViewModels.Cluster;

/// <summary>The frameworks that a filter lets through, in an order.</summary>
public static class FrameworkList
{
    /// <summary>Order when none is asked for.</summary>
    public const string DefaultSort = "-share";

    /// <summary>All frameworks, completed ones at the end.</summary>
    public static IEnumerable<FrameworkRow> All(ClusterSnapshot cluster)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        return cluster.Frameworks.Where(framework => framework is not null).Select(framework => framework!).Concat(cluster.CompletedFrameworks).Select(framework => FrameworkRow.Of(framework, cluster.Totals.Total));
    }

    /// <summary>Filtered and sorted.</summary>
    /// <param name="cluster">The snapshot.</param>
    /// <param name="filter">Words in name, id, roles, principal or host.</param>
    /// <param name="state">A condition in lower case; empty for all that are not completed.</param>
    /// <param name="sort">name, state, tasks, cpus, mem, share, since; a leading minus turns it round.</param>
    public static FrameworkRow[] Of(ClusterSnapshot cluster, TextFilter filter, string state, string sort)
    {
        var rows = All(cluster).Where(row =>
            (state.Length == 0 ? row.Condition != FrameworkCondition.Completed : row.Condition.ToString().Equals(state, StringComparison.OrdinalIgnoreCase))
            && (filter.IsEmpty || filter.Matches(row.Name, row.Id, row.Roles, row.View.Info.Principal, row.View.Info.Hostname)));
        var ordered = sort.TrimStart('-') switch
        {
            "name" => rows.OrderBy(row => row.Name, StringComparer.OrdinalIgnoreCase),
            "state" => rows.OrderBy(row => row.Condition),
            "tasks" => rows.OrderBy(row => row.View.ActiveTasks),
            "cpus" => rows.OrderBy(row => row.View.Used.Scalar("cpus")),
            "mem" => rows.OrderBy(row => row.View.Used.Scalar("mem")),
            "since" => rows.OrderBy(row => row.View.RegisteredAt),
            _ => rows.OrderBy(row => row.Share),
        };
        var result = ordered.ThenBy(row => row.Id, StringComparer.Ordinal).ToArray();
        if (sort.StartsWith('-'))
        {
            Array.Reverse(result);
        }

        return result;
    }
}
