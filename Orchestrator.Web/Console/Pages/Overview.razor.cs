using Orchestrator.Core.Views;
using Orchestrator.Web.Console.Feeds;

namespace Orchestrator.Web.Console.Pages;

/// <summary>The cluster at a glance.</summary>
public sealed partial class Overview
{
    /// <inheritdoc/>
    protected override ClusterTotals Project(LiveState live) => live.Cluster.Totals;
}
