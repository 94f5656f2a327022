using Microsoft.AspNetCore.Components;
using Orchestrator.Web.Console.ViewModels;

namespace Orchestrator.Web.Console.Dialogs;

/// <summary>
/// Asks before a command, shows that it is under way, and closes, or shows why it was refused. When
/// a deployment holds what is to be changed, the command can be repeated with force.
/// </summary>
public sealed partial class CommandDialog
{
    private bool _busy;
    private CommandOutcome? _outcome;

    /// <summary>The question.</summary>
    [Parameter]
    [EditorRequired]
    public string Title { get; set; } = "";

    /// <summary>Text of the button that does it: a verb.</summary>
    [Parameter]
    [EditorRequired]
    public string Action { get; set; } = "";

    /// <summary>Whether something is lost by it.</summary>
    [Parameter]
    public bool IsDangerous { get; set; }

    /// <summary>Does it; the argument says whether with force. Null when there was nothing to do yet.</summary>
    [Parameter]
    [EditorRequired]
    public Func<bool, Task<CommandOutcome?>> OnConfirm { get; set; } = null!;

    /// <summary>It was done; before the dialog closes.</summary>
    [Parameter]
    public EventCallback<CommandOutcome> OnDone { get; set; }

    /// <summary>It was done, or the user left.</summary>
    [Parameter]
    [EditorRequired]
    public EventCallback OnClose { get; set; }

    /// <summary>What will happen.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    private bool CanForce => _outcome is { CanForce: true };

    private async Task RunAsync()
    {
        if (_busy)
        {
            return;
        }

        var force = CanForce;
        _busy = true;
        CommandOutcome? outcome;
        try
        {
            outcome = await OnConfirm(force);
        }
        finally
        {
            _busy = false;
        }

        if (outcome is { IsSuccess: true })
        {
            await OnDone.InvokeAsync(outcome);
            await OnClose.InvokeAsync();
        }
        else
        {
            _outcome = outcome;
        }
    }
}
