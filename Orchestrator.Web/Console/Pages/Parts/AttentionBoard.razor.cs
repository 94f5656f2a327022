using Microsoft.AspNetCore.Components;
using Orchestrator.Web.Console.Feeds;

namespace Orchestrator.Web.Console.Pages.Parts;

/// <summary>The top of the overview: what needs attention, or that nothing does.</summary>
public sealed partial class AttentionBoard
{
    /// <summary>Worst first.</summary>
    [Parameter]
    [EditorRequired]
    public IReadOnlyList<AttentionItem> Items { get; set; } = [];
}
