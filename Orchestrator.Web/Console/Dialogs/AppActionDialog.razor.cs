using System.Globalization;
using Microsoft.AspNetCore.Components;
using Orchestrator.Core.Views.Services;
using Orchestrator.Web.Console.ViewModels;

namespace Orchestrator.Web.Console.Dialogs;

/// <summary>Asks before an action on an app and does it.</summary>
public sealed partial class AppActionDialog
{
    private string _instances = "";
    private string? _problem;

    /// <summary>The app.</summary>
    [Parameter]
    [EditorRequired]
    public AppView App { get; set; } = null!;

    /// <summary>What is to be done.</summary>
    [Parameter]
    [EditorRequired]
    public AppAction Action { get; set; }

    /// <summary>It was done.</summary>
    [Parameter]
    public EventCallback<CommandOutcome> OnDone { get; set; }

    /// <summary>It was done, or the user left.</summary>
    [Parameter]
    [EditorRequired]
    public EventCallback OnClose { get; set; }

    /// <summary>The engine.</summary>
    [Inject]
    public required ServiceCommands Commands { get; init; }

    /// <inheritdoc/>
    protected override void OnInitialized() => _instances = App.Definition.Instances.ToString(CultureInfo.InvariantCulture);

    private static async Task<CommandOutcome?> RunAsync(Task<CommandOutcome> command) => await command;

    private async Task<CommandOutcome?> ScaleAsync(bool force)
    {
        if (!int.TryParse(_instances, NumberStyles.None, CultureInfo.InvariantCulture, out var instances))
        {
            _problem = "Write a whole number, 0 or more.";
            StateHasChanged();
            return null;
        }

        _problem = null;
        return await Commands.ScaleAsync(App.Id, instances, force);
    }
}
