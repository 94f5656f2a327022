using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using HostOptions = Orchestrator.Web.Hosting.HostOptions;

namespace Orchestrator.Web.Console.Layout;

/// <summary>Sidebar, warning banner, and the page.</summary>
public sealed partial class MainLayout
{
    private ErrorBoundary? _boundary;

    /// <summary>How the host was started.</summary>
    [Inject]
    public required HostOptions Options { get; init; }

    /// <summary>Where we are.</summary>
    [Inject]
    public required NavigationManager Navigation { get; init; }

    /// <summary>A fragment alone would be resolved against the base address.</summary>
    private string SkipTarget => Navigation.Uri.Split('#')[0] + "#content";

    /// <inheritdoc/>
    protected override void OnParametersSet() => _boundary?.Recover();

    private void Recover() => _boundary?.Recover();
}
