using System.Globalization;
using Microsoft.AspNetCore.Components;
using Orchestrator.Web.Console.Feeds;
using Orchestrator.Web.Console.ViewModels.Cluster;

namespace Orchestrator.Web.Console.Pages.Cluster;

/// <summary>All agents: what they have, what of it is held, how they stand.</summary>
public sealed partial class Agents
{
    /// <summary>Words to search for.</summary>
    [SupplyParameterFromQuery]
    public string? Q { get; set; }

    /// <summary>Condition to filter by.</summary>
    [SupplyParameterFromQuery]
    public string? State { get; set; }

    /// <summary>The order.</summary>
    [SupplyParameterFromQuery]
    public string? Sort { get; set; }

    /// <summary>Lists made once for all operators.</summary>
    [Inject]
    public required SharedViews Views { get; init; }

    private string Order => Sort ?? AgentList.DefaultSort;

    private (string Value, string Text, long? Count)[] StateOptions =>
    [
        ("", "All", Model.Counts.Total),
        ("active", "Active", Model.Counts.Active),
        ("disconnected", "Disconnected", Model.Counts.Inactive),
        ("unreachable", "Unreachable", Model.Counts.Unreachable),
        ("recovering", "Recovering", Model.Counts.Recovering),
    ];

    /// <inheritdoc/>
    protected override AgentsModel Project(LiveState live)
    {
        var cluster = live.Cluster;
        var filter = new TextFilter(Q);
        var state = State ?? "";
        return new AgentsModel(
            Views.Get($"agents|{state}|{Order}|{filter.Key}", cluster.Version, () => AgentList.Of(cluster, filter, state, Order)),
            new AgentCounts(cluster.Totals.ActiveAgents, cluster.Totals.InactiveAgents, cluster.UnreachableAgents.Count, cluster.RecoveredAgents.Count),
            $"{cluster.Master.Ip}:{cluster.Master.Port.ToString(CultureInfo.InvariantCulture)}");
    }
}
