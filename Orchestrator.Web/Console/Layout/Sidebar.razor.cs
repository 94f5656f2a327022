using System.Globalization;
using Microsoft.AspNetCore.Components.Routing;
using Orchestrator.Web.Console.Feeds;
using Orchestrator.Web.Console.ViewModels.Apps;

namespace Orchestrator.Web.Console.Layout;

/// <summary>The main navigation with counts, the state of the connection, theme and help.</summary>
public sealed partial class Sidebar
{
    private static readonly LinkGroup[] s_groups =
    [
        new("", [new NavigationLink("Overview", "ui", "overview", "g o", NavLinkMatch.All, Phone: true)]),
        new("Services",
        [
            new NavigationLink("Apps", "ui/apps", "apps", "g a", NavLinkMatch.Prefix, Phone: true),
            new NavigationLink("Pods", "ui/pods", "pods", "g s", NavLinkMatch.Prefix, Phone: false),
            new NavigationLink("Deployments", "ui/deployments", "deployments", "g d", NavLinkMatch.Prefix, Phone: false),
        ]),
        new("Cluster",
        [
            new NavigationLink("Tasks", "ui/tasks", "tasks", "g t", NavLinkMatch.Prefix, Phone: true),
            new NavigationLink("Agents", "ui/agents", "agents", "g n", NavLinkMatch.Prefix, Phone: true),
            new NavigationLink("Frameworks", "ui/frameworks", "frameworks", "g f", NavLinkMatch.Prefix, Phone: true),
            new NavigationLink("Roles", "ui/roles", "roles", "g r", NavLinkMatch.Prefix, Phone: false),
            new NavigationLink("Offers", "ui/offers", "offers", "g p", NavLinkMatch.Prefix, Phone: false),
        ]),
    ];

    /// <inheritdoc/>
    protected override SidebarModel Project(LiveState live) => new(
        live.Cluster.Master.Cluster ?? $"{live.Cluster.Master.Hostname}:{live.Cluster.Master.Port.ToString(CultureInfo.InvariantCulture)}",
        live.Services.Apps.Count,
        live.Services.Pods.Count(PodRow.IsShown),
        live.Services.Deployments.Count,
        live.Cluster.Totals.TasksByState.Where(pair => pair.Key is Core.Contract.Mesos.TaskState.TaskRunning or Core.Contract.Mesos.TaskState.TaskStaging or Core.Contract.Mesos.TaskState.TaskStarting).Sum(pair => pair.Value),
        live.Cluster.Totals.ActiveAgents,
        live.Cluster.Totals.ConnectedFrameworks);

    private string Badge(string icon) => icon switch
    {
        "apps" => Count(Model.Apps),
        "pods" => Model.Pods > 0 ? Count(Model.Pods) : "",
        "deployments" => Model.Deployments > 0 ? Count(Model.Deployments) : "",
        "tasks" => Count(Model.Tasks),
        "agents" => Count(Model.Agents),
        "frameworks" => Count(Model.Frameworks),
        _ => "",
    };

    private static string Count(long value) => Controls.Figures.Count(value);

    private sealed record LinkGroup(string Title, NavigationLink[] Links);

    private sealed record NavigationLink(string Title, string Href, string Icon, string Keys, NavLinkMatch Match, bool Phone);
}
