using Microsoft.AspNetCore.Components;
using Orchestrator.Core.Views.Services;
using Orchestrator.Web.Console.Feeds;
using Orchestrator.Web.Console.ViewModels.Apps;

namespace Orchestrator.Web.Console.Pages.Pods;

/// <summary>All pods and how they stand.</summary>
public sealed partial class PodsPage
{
    /// <summary>Parts of a pod's path, status or containers.</summary>
    [SupplyParameterFromQuery(Name = "q")]
    public string? Text { get; set; }

    /// <summary>Where the API is.</summary>
    [Inject]
    public required NavigationManager Navigation { get; init; }

    private List<AppView> Shown => [.. Model.Where(PodRow.IsShown)];

    private List<PodRow> Rows => PodRow.Find(Shown, Text);

    /// <inheritdoc/>
    protected override IReadOnlyList<AppView> Project(LiveState live) => live.Services.Pods;
}
