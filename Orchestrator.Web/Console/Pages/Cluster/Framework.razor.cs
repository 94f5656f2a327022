using Microsoft.AspNetCore.Components;
using Orchestrator.Core.Master;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Views;
using Orchestrator.Web.Console.Feeds;
using Orchestrator.Web.Console.ViewModels.Cluster;

namespace Orchestrator.Web.Console.Pages.Cluster;

/// <summary>One framework: its tasks now and before, what it is offered, what it subscribed with.</summary>
public sealed partial class Framework
{
    private bool _asking;

    /// <summary>The framework's id.</summary>
    [Parameter]
    public string Id { get; set; } = "";

    /// <summary>The part that is shown.</summary>
    [SupplyParameterFromQuery]
    public string? View { get; set; }

    /// <summary>The order of the tasks.</summary>
    [SupplyParameterFromQuery]
    public string? Sort { get; set; }

    /// <summary>Lists made once for all operators.</summary>
    [Inject]
    public required SharedViews Views { get; init; }

    /// <summary>The master.</summary>
    [Inject]
    public required IEngineGateway<MasterCommand, MasterReply, ClusterSnapshot> Master { get; init; }

    private (string Value, string Text, long? Count)[] TabOptions =>
    [
        ("", "Tasks", Model.ActiveTasks),
        ("unreachable", "Unreachable", Model.Row!.View.UnreachableTasks.Count),
        ("completed", "Completed", Model.Row.View.CompletedTasks.Count),
        ("offers", "Offers", Model.Row.View.Offers.Count),
        ("details", "Details", null),
    ];

    private string EmptyTitle => View switch
    {
        "completed" => "No task has ended yet",
        "unreachable" => "No task is unreachable",
        _ => "No task runs",
    };

    /// <summary>A framework says where its own page is; only addresses that a browser opens as a page are linked.</summary>
    private string? WebUi =>
        Uri.TryCreate(Model.Row?.View.Info.WebuiUrl, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address.ToString() : null;

    /// <inheritdoc/>
    protected override FrameworkModel Project(LiveState live)
    {
        var cluster = live.Cluster;
        var row = FrameworkList.All(cluster).FirstOrDefault(framework => framework.Id == Id);
        if (row is null)
        {
            return new FrameworkModel(null, [], 0);
        }

        var (part, sort) = (View ?? "", Sort ?? TaskOrder.Default);
        var tasks = part is "offers" or "details" ? [] : Views.Get($"framework-tasks|{Id}|{part}|{sort}", cluster.Version, () => TaskOrder.Sort(TasksOf(cluster, row.View, part), sort));
        return new FrameworkModel(row, tasks, row.View.ActiveTasks);
    }

    private static IEnumerable<TaskView> TasksOf(ClusterSnapshot cluster, FrameworkView framework, string part) => part switch
    {
        "completed" => framework.CompletedTasks,
        "unreachable" => framework.UnreachableTasks,
        _ => cluster.Tasks.Where(task => task is not null && task.Key.FrameworkId == framework.Id).Select(task => task!),
    };

    private string HostName(AgentId id) => Views.Get("names", Live.Cluster.Version, () => new ClusterNames(Live.Cluster)).HostOf(id);

    private async Task<string?> TearDownAsync()
    {
        try
        {
            var reply = await Master.SendAsync(new MasterCommand.TeardownFramework(new FrameworkId(Id)), CancellationToken.None);
            return reply.Status < 300 ? null : reply.Message;
        }
        catch (Exception error) when (error is EngineOverloadedException or EngineStoppedException)
        {
            return error.Message;
        }
    }
}
