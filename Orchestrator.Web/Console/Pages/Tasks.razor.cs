using Microsoft.AspNetCore.Components;
using Orchestrator.Core.Views;
using Orchestrator.Web.Console.Controls;
using Orchestrator.Web.Console.Feeds;
using Orchestrator.Web.Console.ViewModels;
using Orchestrator.Web.Console.ViewModels.Tasks;

namespace Orchestrator.Web.Console.Pages;

/// <summary>Every task of every framework.</summary>
public sealed partial class Tasks
{
    private const string FrameworkParameter = "framework";

    private static readonly (string Value, string Text, long? Count)[] s_states =
    [
        ("", "Active", null),
        ("staging", "Staging", null),
        ("running", "Running", null),
        ("unhealthy", "Unhealthy", null),
        ("unreachable", "Unreachable", null),
        ("completed", "Completed", null),
        ("failed", "Failed", null),
        ("all", "All", null),
    ];

    private readonly HashSet<string> _selected = [];
    private bool _asked;

    /// <summary>Part of id, name or host. The other filters are read from the address as well; this one makes the page hear of its changes.</summary>
    [SupplyParameterFromQuery(Name = "q")]
    public string? Text { get; set; }

    /// <summary>Where filters and the selection are kept.</summary>
    [Inject]
    public required NavigationManager Navigation { get; init; }

    /// <summary>Lists that all operators share.</summary>
    [Inject]
    public required SharedViews Shared { get; init; }

    /// <summary>The engine.</summary>
    [Inject]
    public required ServiceCommands Commands { get; init; }

    private TaskListQuery Query { get; set; } = new();

    private ICollection<TaskView> Rows => (ICollection<TaskView>)Model.Tasks;

    /// <inheritdoc/>
    protected override TaskList Project(LiveState live) => Shared.Get(Query.CacheKey, live.Cluster.Version, () => TaskList.Make(live.Cluster, Query));

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        base.OnInitialized();
        _selected.UnionWith(TaskListQuery.ParseSelection(Navigation.Uri));
    }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        Query = TaskListQuery.Parse(Navigation.Uri);
        base.OnParametersSet();
    }

    private void Select(string key, bool isSelected)
    {
        _ = isSelected ? _selected.Add(key) : _selected.Remove(key);
        KeepSelection();
    }

    private void ClearSelection()
    {
        _selected.Clear();
        KeepSelection();
    }

    private void ShowAllAgents() => Navigation.Set("agent", null);

    private void KeepSelection() => Navigation.NavigateTo(Query.ToUri("ui/tasks", _selected), new NavigationOptions { ReplaceHistoryEntry = true });

    /// <summary>Selected tasks of the services, which their engine kills, and how many belong to other frameworks.</summary>
    private (List<string> Ours, int Others) Split()
    {
        var prefix = Live.Services.FrameworkId + "/";
        var ours = _selected.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).Select(key => key[prefix.Length..]).ToList();
        return (ours, _selected.Count - ours.Count);
    }

    private async Task<CommandOutcome?> KillAsync(bool force)
    {
        var (ours, _) = Split();
        return ours.Count == 0
            ? new CommandOutcome { Status = StatusCodes.Status409Conflict, Message = "None of the selected tasks belongs to the services. Other frameworks kill their tasks themselves; the page of a framework can end all of it." }
            : await Commands.KillAsync(null, ours, scale: false, force);
    }
}
