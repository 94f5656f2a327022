using Microsoft.AspNetCore.Components;

namespace Orchestrator.Web.Console.Controls;

/// <summary>The top of a page: where it belongs, its name, what qualifies it, and its actions.</summary>
public sealed partial class PageHead
{
    /// <summary>The name, also the document's title.</summary>
    [Parameter]
    [EditorRequired]
    public string Title { get; set; } = "";

    /// <summary>The list that it belongs to.</summary>
    [Parameter]
    public string? Parent { get; set; }

    /// <summary>Address of that list.</summary>
    [Parameter]
    public string? ParentHref { get; set; }

    /// <summary>Badges and small print beside the name.</summary>
    [Parameter]
    public RenderFragment? Badges { get; set; }

    /// <summary>Search box and buttons.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }
}
