using Orchestrator.Core.Views;
using Orchestrator.Web.Console.Feeds;

namespace Orchestrator.Web.Console.ViewModels.Cluster;

/// <summary>The agents that a filter lets through, in an order. A pure function of snapshot and query, so that all operators share it.</summary>
public static class AgentList
{
    /// <summary>Order when none is asked for.</summary>
    public const string DefaultSort = "host";

    /// <summary>All agents, also those that are away.</summary>
    public static IEnumerable<AgentRow> All(ClusterSnapshot cluster)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        return cluster.Agents.Where(agent => agent is not null).Select(agent => AgentRow.Of(agent!))
            .Concat(cluster.UnreachableAgents.Select(agent => AgentRow.Of(agent, AgentCondition.Unreachable)))
            .Concat(cluster.RecoveredAgents.Select(agent => AgentRow.Of(agent, AgentCondition.Recovering)));
    }

    /// <summary>Filtered and sorted.</summary>
    /// <param name="cluster">The snapshot.</param>
    /// <param name="filter">Words in host name, id or attributes.</param>
    /// <param name="state">A condition in lower case; empty for all.</param>
    /// <param name="sort">host, state, tasks, cpus, mem, disk, since; a leading minus turns it round.</param>
    public static AgentRow[] Of(ClusterSnapshot cluster, TextFilter filter, string state, string sort)
    {
        var rows = All(cluster).Where(row =>
            (state.Length == 0 || row.Condition.ToString().Equals(state, StringComparison.OrdinalIgnoreCase))
            && (filter.IsEmpty || filter.Matches(row.Hostname, row.Id, row.Attributes)));
        var key = sort.TrimStart('-');
        IOrderedEnumerable<AgentRow> ordered = key switch
        {
            "state" => rows.OrderBy(row => row.Condition),
            "tasks" => rows.OrderBy(row => row.View?.ActiveTasks ?? -1),
            "cpus" or "mem" or "disk" => rows.OrderBy(row => row.ShareOf(key)),
            "since" => rows.OrderBy(row => row.Since),
            _ => rows.OrderBy(row => row.Hostname, StringComparer.OrdinalIgnoreCase),
        };
        var result = ordered.ThenBy(row => row.Hostname, StringComparer.OrdinalIgnoreCase).ThenBy(row => row.Id, StringComparer.Ordinal).ToArray();
        if (sort.StartsWith('-'))
        {
            Array.Reverse(result);
        }

        return result;
    }
}
