using Microsoft.AspNetCore.Components;

namespace Orchestrator.Web.Console.Controls;

/// <summary>What stands where nothing is: why, and what to do about it.</summary>
public sealed partial class EmptyState
{
    /// <summary>Name of an <see cref="Controls.Icon"/>.</summary>
    [Parameter]
    public string Icon { get; set; } = "inbox";

    /// <summary>What is the case.</summary>
    [Parameter]
    [EditorRequired]
    public string Title { get; set; } = "";

    /// <summary>Why, and the next step.</summary>
    [Parameter]
    public string Text { get; set; } = "";

    /// <summary>Buttons or a command to copy.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }
}
