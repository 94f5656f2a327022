using Microsoft.AspNetCore.Components;
using Orchestrator.Web.Console.Feeds;
using Orchestrator.Web.Console.ViewModels.Cluster;

namespace Orchestrator.Web.Console.Pages.Cluster;

/// <summary>All frameworks: who holds how much of the cluster.</summary>
public sealed partial class Frameworks
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

    private string Order => Sort ?? FrameworkList.DefaultSort;

    private (string Value, string Text, long? Count)[] StateOptions =>
    [
        ("", "Known", Model.Active + Model.Away),
        ("active", "Active", null),
        ("disconnected", "Disconnected", null),
        ("recovering", "Recovering", null),
        ("completed", "Completed", Model.Completed),
    ];

    /// <inheritdoc/>
    protected override FrameworksModel Project(LiveState live)
    {
        var cluster = live.Cluster;
        var filter = new TextFilter(Q);
        var state = State ?? "";
        var known = cluster.Frameworks.Count(framework => framework is not null);
        return new FrameworksModel(
            Views.Get($"frameworks|{state}|{Order}|{filter.Key}", cluster.Version, () => FrameworkList.Of(cluster, filter, state, Order)),
            cluster.Totals.ConnectedFrameworks,
            known - cluster.Totals.ConnectedFrameworks,
            cluster.CompletedFrameworks.Count);
    }
}
