using Microsoft.AspNetCore.Components;

namespace Orchestrator.Web.Console.Controls;

/// <summary>A dialog over the page, shown as long as it is rendered.</summary>
public sealed partial class Modal
{
    /// <summary>What it is about.</summary>
    [Parameter]
    [EditorRequired]
    public string Title { get; set; } = "";

    /// <summary><c>wide</c> for forms.</summary>
    [Parameter]
    public string Class { get; set; } = "";

    /// <summary>Whether it may be left now; false while a command is under way.</summary>
    [Parameter]
    public bool MayClose { get; set; } = true;

    /// <summary>Escape, the cross or the button of the browser: the caller stops rendering it.</summary>
    [Parameter]
    [EditorRequired]
    public EventCallback OnClose { get; set; }

    /// <summary>Beside the title.</summary>
    [Parameter]
    public RenderFragment? HeadContent { get; set; }

    /// <summary>The content.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    /// <summary>Buttons at the foot.</summary>
    [Parameter]
    public RenderFragment? Actions { get; set; }

    private Task Cancel() => MayClose ? OnClose.InvokeAsync() : Task.CompletedTask;
}
