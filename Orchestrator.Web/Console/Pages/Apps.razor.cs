using Microsoft.AspNetCore.Components;
using Orchestrator.Core.Views.Services;
using Orchestrator.Web.Console.Controls;
using Orchestrator.Web.Console.Dialogs;
using Orchestrator.Web.Console.Feeds;
using Orchestrator.Web.Console.ViewModels;
using Orchestrator.Web.Console.ViewModels.Apps;
using Orchestrator.Web.Console.ViewModels.Forms;

namespace Orchestrator.Web.Console.Pages;

/// <summary>All apps: how they stand, and what can be done to each.</summary>
public sealed partial class Apps
{
    private ServicesSnapshot? _made;
    private string _madeFor = "";
    private DateTimeOffset _madeAt;
    private AppDraft _draft = AppDraft.New();
    private string? _copied;
    private (string App, AppAction Action)? _asked;

    /// <summary><c>new</c> shows the dialog for a new app.</summary>
    [SupplyParameterFromQuery]
    public string? Dialog { get; set; }

    /// <summary>An app that a new one begins as a copy of.</summary>
    [SupplyParameterFromQuery]
    public string? From { get; set; }

    /// <summary>Where filters are kept.</summary>
    [Inject]
    public required NavigationManager Navigation { get; init; }

    /// <summary>The clock: a delay ends without a change in the engine.</summary>
    [Inject]
    public required TimeProvider Time { get; init; }

    private AppListQuery Query { get; set; } = new();

    private ICollection<AppRow> Rows => (ICollection<AppRow>)Model.Rows;

    /// <inheritdoc/>
    protected override AppList Project(LiveState live)
    {
        var now = Time.GetUtcNow();
        if (!ReferenceEquals(_made, live.Services) || _madeFor != Navigation.Uri || now - _madeAt > TimeSpan.FromSeconds(1))
        {
            (_made, _madeFor, _madeAt) = (live.Services, Navigation.Uri, now);
            return AppList.Make(live.Services, Query, now);
        }

        return Model;
    }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        Query = AppListQuery.Parse(Navigation.Uri);
        base.OnParametersSet();
        if (Dialog == "new" && From is { Length: > 0 } && From != _copied && Live.Services.FindApp(From) is { } original)
        {
            (_copied, _draft) = (From, AppDraft.CopyOf(original.Definition));
        }
    }

    private static string Pressed(bool isOn) => isOn ? "true" : "false";

    private string DialogUri(string? dialog) => Navigation.GetUriWithQueryParameter("dialog", dialog);

    /// <summary>The way from all apps to the group that is listed.</summary>
    private IEnumerable<(string Id, string Name)> Crumbs
    {
        get
        {
            yield return ("/", "All apps");
            for (var slash = Query.Group.Length > 1 ? 1 : 0; slash > 0; slash = Query.Group.IndexOf('/', slash) + 1)
            {
                var end = Query.Group.IndexOf('/', slash) is > 0 and var next ? next : Query.Group.Length;
                yield return (Query.Group[..end], Query.Group[slash..end]);
            }
        }
    }

    private string GroupUri(string group) => (Query with { Group = group }).ToUri("ui/apps");

    private void Go(AppListQuery query) => Navigation.NavigateTo(query.ToUri("ui/apps"), new NavigationOptions { ReplaceHistoryEntry = true });

    private void AddLabel(string label) => Go(Query with { Labels = Query.Labels.Contains(label) ? Query.Labels : [.. Query.Labels, label] });

    private void ChooseLabel(ChangeEventArgs change)
    {
        if (change.Value is string { Length: > 0 } label)
        {
            AddLabel(label);
        }
    }

    private void Ask(string app, AppAction action) => _asked = (app, action);

    private void CloseDialog()
    {
        (_copied, _draft) = (null, AppDraft.New());
        Navigation.Set(("dialog", null), ("from", null));
    }

    private void Created(CommandOutcome outcome) => Navigation.NavigateTo(TaskLinks.App(Core.Marathon.Apps.PathId.Absolute(_draft.Form.Id)));
}
