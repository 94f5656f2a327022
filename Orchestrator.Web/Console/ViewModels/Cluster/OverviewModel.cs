using Orchestrator.Core.Views;
using Orchestrator.Web.Console.Feeds;
using Orchestrator.Web.Console.Pages.Parts;

namespace Orchestrator.Web.Console.ViewModels.Cluster;

/// <summary>What the overview shows.</summary>
/// <param name="Totals">Sums over the cluster.</param>
/// <param name="Resources">The same in numbers for people.</param>
/// <param name="Events">What happened lately.</param>
/// <param name="Attention">What needs attention.</param>
/// <param name="Apps">Apps by how they stand.</param>
/// <param name="Agents">Agents by how they stand.</param>
/// <param name="Frameworks">Frameworks that are known.</param>
public sealed record OverviewModel(ClusterTotals Totals, IReadOnlyList<ResourceFigure> Resources, IReadOnlyList<ClusterEvent> Events, IReadOnlyList<AttentionItem> Attention, AppCounts Apps, AgentCounts Agents, int Frameworks);
