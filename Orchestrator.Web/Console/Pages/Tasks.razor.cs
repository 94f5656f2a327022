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

    /// <summary>Kills tasks.</summary>
    [Inject]
    public required TaskCommands Commands { get; init; }

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

    private KillPlan Plan() => KillPlan.Of(_selected, Live.Services.FrameworkId);

    private async Task<CommandOutcome?> KillAsync()
    {
        var outcome = await Commands.KillAsync(Plan());
        if (!outcome.IsSuccess)
        {
            // What was killed is done: a second attempt is for the rest.
            _selected.IntersectWith(outcome.Problems.Select(problem => problem.Path));
            KeepSelection();
        }

        return outcome;
    }
}
