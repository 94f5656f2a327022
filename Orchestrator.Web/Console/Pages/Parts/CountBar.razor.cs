using Microsoft.AspNetCore.Components;

namespace Orchestrator.Web.Console.Pages.Parts;

/// <summary>How a whole falls into parts: a bar, and below it each part with its number as a link.</summary>
public sealed partial class CountBar
{
    /// <summary>What is counted, for readers of the screen.</summary>
    [Parameter]
    [EditorRequired]
    public string Label { get; set; } = "";

    /// <summary>The parts in their order.</summary>
    [Parameter]
    [EditorRequired]
    public IReadOnlyList<CountPart> Parts { get; set; } = [];
}
