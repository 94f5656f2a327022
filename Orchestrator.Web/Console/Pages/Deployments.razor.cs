using Microsoft.AspNetCore.Components;
using Orchestrator.Core.Views.Services;
using Orchestrator.Web.Console.Feeds;

namespace Orchestrator.Web.Console.Pages;

/// <summary>What is being changed now, and what became of earlier changes.</summary>
public sealed partial class Deployments
{
    /// <summary>Part of an app's path.</summary>
    [SupplyParameterFromQuery(Name = "q")]
    public string? Text { get; set; }

    private List<DeploymentView> Running => [.. Model.Running.Where(deployment => Matches(deployment.AffectedApps))];

    private List<DeploymentOutcomeView> Ended => [.. Model.Ended.Where(outcome => Matches(outcome.AffectedApps))];

    /// <inheritdoc/>
    protected override (IReadOnlyList<DeploymentView> Running, IReadOnlyList<DeploymentOutcomeView> Ended) Project(LiveState live) => (live.Services.Deployments, live.Services.History);

    private bool Matches(IEnumerable<string> apps) => string.IsNullOrEmpty(Text) || apps.Any(app => app.Contains(Text, StringComparison.OrdinalIgnoreCase));
}
