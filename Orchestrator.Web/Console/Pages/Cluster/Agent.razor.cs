using Microsoft.AspNetCore.Components;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;
using Orchestrator.Core.Views;
using Orchestrator.Web.Console.Feeds;
using Orchestrator.Web.Console.ViewModels.Cluster;

namespace Orchestrator.Web.Console.Pages.Cluster;

/// <summary>One agent: what it has and who holds it, what runs there, what it registered with.</summary>
public sealed partial class Agent
{
    private static readonly string[] s_scalars = ["cpus", "mem", "disk", "gpus"];

    /// <summary>The agent's id.</summary>
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

    private (string Value, string Text, long? Count)[] TabOptions =>
    [
        ("", "Tasks", Model.Tasks.Length),
        ("frameworks", "Frameworks", Model.Tasks.DistinctBy(task => task.Key.FrameworkId).Count()),
        ("reservations", "Reservations", null),
        ("details", "Details", null),
    ];

    private IEnumerable<KeyValuePair<string, ResourceList>> Reservations =>
        Model.Row?.View is { } view ? view.Total.ReservedByRole().OrderBy(pair => pair.Key, StringComparer.Ordinal).Prepend(new("*", view.Total.Unreserved())) : [];

    /// <summary>What each framework holds of it, the most tasks first.</summary>
    private FrameworkShare[] Shares =>
    [
        .. Model.Tasks.GroupBy(task => task.Key.FrameworkId).Select(group => new FrameworkShare(
            group.Key.Value,
            FrameworkName(group.Key),
            group.Count(),
            group.Aggregate(ResourceList.Empty, (sum, task) => sum + task.Resources))).OrderByDescending(share => share.Tasks),
    ];

    /// <inheritdoc/>
    protected override AgentModel Project(LiveState live)
    {
        var cluster = live.Cluster;
        var id = new AgentId(Id);
        var sort = Sort ?? TaskOrder.Default;
        var tasks = Views.Get($"agent-tasks|{Id}|{sort}", cluster.Version, () => TaskOrder.Sort(cluster.Tasks.Where(task => task is not null && task.AgentId == id).Select(task => task!), sort));
        return new AgentModel(AgentList.All(cluster).FirstOrDefault(row => row.Id == Id), tasks);
    }

    private ClusterNames NamesOf(ClusterSnapshot cluster) => Views.Get("names", cluster.Version, () => new ClusterNames(cluster));

    private string FrameworkName(FrameworkId id) => NamesOf(Live.Cluster).FrameworkOf(id);
}
