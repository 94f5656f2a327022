using Microsoft.AspNetCore.Components;
using Orchestrator.Core.Views;
using Orchestrator.Core.Views.Services;
using Orchestrator.Web.Console.Feeds;
using Orchestrator.Web.Console.ViewModels;
using Orchestrator.Web.Console.ViewModels.Tasks;

namespace Orchestrator.Web.Console.Pages;

/// <summary>One task: its states over time, its output, its files.</summary>
public sealed partial class TaskPage
{
    private static readonly (string Value, string Text, long? Count)[] s_views = [("", "Details", null), ("log", "Output", null), ("files", "Files", null)];

    private bool _asked;

    /// <summary>Its framework.</summary>
    [Parameter]
    public string FrameworkId { get; set; } = "";

    /// <summary>Its id.</summary>
    [Parameter]
    public string TaskId { get; set; } = "";

    /// <summary>Which part is shown.</summary>
    [SupplyParameterFromQuery(Name = "view")]
    public string? Part { get; set; }

    // The parts of the page get these from here: a component that reads the query itself must not come or go when the query
    // changes, because the framework goes through its readers just then.

    /// <summary>Which output is followed.</summary>
    [SupplyParameterFromQuery]
    public string? File { get; set; }

    /// <summary>What is searched for in it.</summary>
    [SupplyParameterFromQuery]
    public string? Find { get; set; }

    /// <summary>The folder whose files are listed.</summary>
    [SupplyParameterFromQuery(Name = "path")]
    public string? Folder { get; set; }

    /// <summary>The file that is read.</summary>
    [SupplyParameterFromQuery(Name = "open")]
    public string? OpenFile { get; set; }

    /// <summary>Kills tasks.</summary>
    [Inject]
    public required TaskCommands Commands { get; init; }

    /// <summary>The instance of an app that it is; null for a task of another framework.</summary>
    private InstanceView? Instance { get; set; }

    /// <inheritdoc/>
    protected override TaskView? Project(LiveState live)
    {
        Instance = live.Services.FrameworkId == FrameworkId ? live.Services.Apps.SelectMany(app => app.Instances).FirstOrDefault(instance => instance.TaskId == TaskId) : null;
        return TaskFinder.Find(live.Cluster, FrameworkId, TaskId);
    }

    private async Task<CommandOutcome?> KillAsync() => await Commands.KillAsync(KillPlan.Of([$"{FrameworkId}/{TaskId}"], Live.Services.FrameworkId));
}
