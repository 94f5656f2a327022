using Microsoft.AspNetCore.Components;

namespace Orchestrator.Web.Console.Controls;

/// <summary>
/// Asks before a command, shows that it is under way, and either closes or shows why it was refused, so that it can be
/// tried again.
/// </summary>
public sealed partial class ConfirmDialog
{
    private bool _busy;
    private string? _error;

    /// <summary>The question.</summary>
    [Parameter]
    [EditorRequired]
    public string Title { get; set; } = "";

    /// <summary>Text of the button that does it: a verb.</summary>
    [Parameter]
    [EditorRequired]
    public string Action { get; set; } = "";

    /// <summary>The same while it is under way.</summary>
    [Parameter]
    public string Progress { get; set; } = "Working";

    /// <summary>Whether something is lost by it.</summary>
    [Parameter]
    public bool IsDangerous { get; set; }

    /// <summary>Does it; the answer is null when it was done and else says why not.</summary>
    [Parameter]
    [EditorRequired]
    public Func<Task<string?>> OnConfirm { get; set; } = null!;

    /// <summary>It was done, or the user left.</summary>
    [Parameter]
    [EditorRequired]
    public EventCallback OnClose { get; set; }

    /// <summary>What will happen.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    private async Task Run()
    {
        (_busy, _error) = (true, null);
        try
        {
            _error = await OnConfirm();
        }
        finally
        {
            _busy = false;
        }

        if (_error is null)
        {
            await OnClose.InvokeAsync();
        }
    }
}
