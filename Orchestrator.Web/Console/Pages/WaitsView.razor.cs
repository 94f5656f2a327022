using Microsoft.AspNetCore.Components;
using Orchestrator.Core.Views.Services;
using Orchestrator.Web.Console.ViewModels.Apps;

namespace Orchestrator.Web.Console.Pages;

/// <summary>Why instances of an app are not launched: which requirement of which offer failed.</summary>
public sealed partial class WaitsView
{
    /// <summary>The app.</summary>
    [Parameter]
    [EditorRequired]
    public AppView App { get; set; } = null!;

    private WaitReport Report { get; set; } = WaitReport.Of(s_nothing);

    private ICollection<WaitReport.Row> Rows => (ICollection<WaitReport.Row>)Report.Rows;

    private static readonly QueueView s_nothing = new() { Count = 0, Since = default, ProcessedOffers = 0, UnusedOffers = 0, LastUnusedOffers = [] };

    /// <inheritdoc/>
    protected override void OnParametersSet() => Report = WaitReport.Of(App.Queue ?? s_nothing);
}
