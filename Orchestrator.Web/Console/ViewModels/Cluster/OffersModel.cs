using Orchestrator.Core.Views;

namespace Orchestrator.Web.Console.ViewModels.Cluster;

/// <summary>What the list of offers shows.</summary>
/// <param name="Offers">Those that the filter lets through, oldest first.</param>
/// <param name="Total">All outstanding offers.</param>
public sealed record OffersModel(OfferView[] Offers, int Total);
