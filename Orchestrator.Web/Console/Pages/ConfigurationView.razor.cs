using System.Text;
using Microsoft.AspNetCore.Components;
using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Views.Services;
using Orchestrator.Web.Console.Controls;
using Orchestrator.Web.Console.ViewModels;
using Orchestrator.Web.Console.ViewModels.Apps;

namespace Orchestrator.Web.Console.Pages;

/// <summary>The configuration of an app, its older versions, what differs, and a way back to one.</summary>
public sealed partial class ConfigurationView
{
    private bool _asked;
    private bool _onlyChanges = true;

    /// <summary>The app.</summary>
    [Parameter]
    [EditorRequired]
    public AppView App { get; set; } = null!;

    /// <summary>An older version to look at.</summary>
    [Parameter]
    public string? Version { get; set; }

    /// <summary>Where the version is kept.</summary>
    [Inject]
    public required NavigationManager Navigation { get; init; }

    /// <summary>The engine.</summary>
    [Inject]
    public required ServiceCommands Commands { get; init; }

    /// <summary>The older configuration that is looked at; null for the current one.</summary>
    private AppDefinition? Old =>
        Version is { } text && Timestamps.Read(text) is { } version && version != App.Definition.Version ? App.Definitions.GetValueOrDefault(version) : null;

    private string Chosen => Text(Old?.Version ?? App.Definition.Version);

    private string Json => Encoding.UTF8.GetString(AppJson.ToBytes(Old ?? App.Definition));

    private IReadOnlyList<ConfigurationDifference.Line> Lines =>
        [.. ConfigurationDifference.Of(Old, App.Definition).Where(line => Old is null || !_onlyChanges || line.IsChanged)];

    private static string Text(DateTimeOffset version) => Timestamps.Write(version);

    private void Choose(string? version) => Navigation.Set("version", version == Text(App.Definition.Version) ? null : version);

    private async Task<CommandOutcome?> ApplyAsync(bool force) => await Commands.ApplyVersionAsync(App.Id, Old!.Version, force);
}
