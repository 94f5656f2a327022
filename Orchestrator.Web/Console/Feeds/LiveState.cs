using Orchestrator.Core.Views;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Web.Console.Feeds;

/// <summary>What the console shows at one moment: the newest snapshot of the cluster and of the services.</summary>
/// <param name="Cluster">As the master saw it.</param>
/// <param name="Services">As the services engine saw it.</param>
public sealed record LiveState(ClusterSnapshot Cluster, ServicesSnapshot Services)
{
    /// <summary>Services before their engine published anything.</summary>
    public static ServicesSnapshot NoServices { get; } = new() { Version = 0, At = DateTimeOffset.UnixEpoch, Connected = false, Apps = [], Deployments = [] };

    /// <summary>Grows with every change of either side; equal sums on one host are equal states.</summary>
    public long Version => Cluster.Version + Services.Version;
}
