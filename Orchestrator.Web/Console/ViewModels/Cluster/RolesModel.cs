using Orchestrator.Core.Resources;
using Orchestrator.Core.Views;

namespace Orchestrator.Web.Console.ViewModels.Cluster;

/// <summary>What the list of roles shows.</summary>
/// <param name="Roles">Those that the filter lets through.</param>
/// <param name="Total">All resources of the cluster.</param>
public sealed record RolesModel(RoleView[] Roles, ResourceList Total);
