using Microsoft.AspNetCore.Components;
using Orchestrator.Core.Views.Services;
using Orchestrator.Web.Console.Controls;
using Orchestrator.Web.Console.Dialogs;
using Orchestrator.Web.Console.Feeds;
using Orchestrator.Web.Console.ViewModels.Apps;
using Orchestrator.Web.Console.ViewModels.Forms;

namespace Orchestrator.Web.Console.Pages;

/// <summary>One app: what runs of it, how it is configured, why it waits, what went wrong.</summary>
public sealed partial class AppPage
{
    private static readonly (string Value, string Text, long? Count)[] s_autoscaling = [("autoscaling", "Autoscaling", null)];
    private AppAction? _asked;
    private AppDraft? _draft;
    private bool _wasSeen;

    /// <summary>The app's path without its first slash.</summary>
    [Parameter]
    public string Path { get; set; } = "";

    /// <summary>Which part is shown.</summary>
    [SupplyParameterFromQuery(Name = "view")]
    public string? Part { get; set; }

    /// <summary>An older version that is looked at. A component that reads the query itself must not come or go when it changes.</summary>
    [SupplyParameterFromQuery]
    public string? Version { get; set; }

    /// <summary><c>edit</c> shows the dialog.</summary>
    [SupplyParameterFromQuery]
    public string? Dialog { get; set; }

    /// <summary>Where choices are kept.</summary>
    [Inject]
    public required NavigationManager Navigation { get; init; }

    /// <summary>The clock.</summary>
    [Inject]
    public required TimeProvider Time { get; init; }

    private string Id => "/" + Path.Trim('/');

    private string ViewName => Part ?? "";

    private AppStatus Status => AppRow.StatusOf(Model!, Time.GetUtcNow());

    /// <inheritdoc/>
    protected override AppView? Project(LiveState live)
    {
        var app = live.Services.FindApp(Id);
        _wasSeen |= app is not null;
        return app;
    }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        base.OnParametersSet();
        if (Dialog != "edit")
        {
            _draft = null;
        }
    }

    private static (string Value, string Text, long? Count)[] Views(AppView app) =>
    [
        ("", "Instances", app.Instances.Count),
        ("configuration", "Configuration", null),
        ("waits", "Why is it waiting?", app.Queue is { Count: > 0 } queue ? queue.Count : null),
        .. app.Definition.Autoscaling is null ? [] : s_autoscaling,
        ("debug", "Debug", null),
        ("deployments", "Deployments", app.DeploymentIds.Count > 0 ? app.DeploymentIds.Count : null),
    ];

    private string View(string name) => Navigation.GetUriWithQueryParameter("view", name);

    /// <summary>The draft begins with the app as it was when the dialog opened; what changes meanwhile does not disturb it.</summary>
    private AppDraft Draft(AppView app) => _draft ??= AppDraft.Edit(app.Definition);

    private void CloseDialog() => Navigation.Set("dialog", null);
}
