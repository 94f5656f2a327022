using Microsoft.AspNetCore.Components;
using Orchestrator.Core.Views;
using Orchestrator.Web.Console.Feeds;
using Orchestrator.Web.Console.ViewModels.Cluster;

namespace Orchestrator.Web.Console.Pages.Cluster;

/// <summary>All outstanding offers: an offer that stays here is one that its framework sits on.</summary>
public sealed partial class Offers
{
    /// <summary>Words to search for.</summary>
    [SupplyParameterFromQuery]
    public string? Q { get; set; }

    /// <summary>Lists made once for all operators.</summary>
    [Inject]
    public required SharedViews Views { get; init; }

    private ClusterNames Names => NamesOf(Live.Cluster);

    /// <inheritdoc/>
    protected override OffersModel Project(LiveState live)
    {
        var cluster = live.Cluster;
        var filter = new TextFilter(Q);
        var names = NamesOf(cluster);
        var all = Views.Get("offers", cluster.Version, () => cluster.Frameworks.Where(framework => framework is not null).SelectMany(framework => framework!.Offers).OrderBy(offer => offer.MadeAt).ToArray());
        return new OffersModel(
            filter.IsEmpty ? all : Views.Get($"offers|{filter.Key}", cluster.Version, () => all.Where(offer => filter.Matches(offer.Id.Value, offer.Role, names.HostOf(offer.AgentId), names.FrameworkOf(offer.FrameworkId))).ToArray()),
            all.Length);
    }

    private ClusterNames NamesOf(ClusterSnapshot cluster) => Views.Get("names", cluster.Version, () => new ClusterNames(cluster));
}
