using Microsoft.AspNetCore.Components;

namespace Orchestrator.Web.Console.Controls;

/// <summary>A framed part of a page.</summary>
public sealed partial class Card
{
    /// <summary>Its name.</summary>
    [Parameter]
    public string Title { get; set; } = "";

    /// <summary><c>flush</c> for content that reaches the frame, for example a table.</summary>
    [Parameter]
    public string Class { get; set; } = "";

    /// <summary>At the right of the name.</summary>
    [Parameter]
    public RenderFragment? Tools { get; set; }

    /// <summary>The content.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }
}
