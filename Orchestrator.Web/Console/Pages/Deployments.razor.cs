using Microsoft.AspNetCore.Components;
using Orchestrator.Core.Views.Services;
using Orchestrator.Web.Console.Feeds;

namespace Orchestrator.Web.Console.Pages;

/// <summary>What is being changed now.</summary>
public sealed partial class Deployments
{
    /// <summary>Part of an app's path.</summary>
    [SupplyParameterFromQuery(Name = "q")]
    public string? Text { get; set; }

    private List<DeploymentView> Shown =>
        [.. Model.Where(deployment => string.IsNullOrEmpty(Text) || deployment.AffectedApps.Any(app => app.Contains(Text, StringComparison.OrdinalIgnoreCase)))];

    /// <inheritdoc/>
    protected override IReadOnlyList<DeploymentView> Project(LiveState live) => live.Services.Deployments;
}
