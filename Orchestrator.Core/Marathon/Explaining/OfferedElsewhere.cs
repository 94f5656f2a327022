using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;
using Orchestrator.Core.Views;

namespace Orchestrator.Core.Marathon.Explaining;

/// <summary>What other frameworks are being offered, by agent: it is free and still not to be had until they answer.</summary>
internal sealed class OfferedElsewhere
{
    private readonly Dictionary<AgentId, (ResourceList Resources, string Framework)> _byAgent = [];

    /// <param name="cluster">The cluster.</param>
    /// <param name="ownId">The framework of the services.</param>
    public OfferedElsewhere(ClusterSnapshot cluster, string? ownId)
    {
        foreach (var framework in cluster.Frameworks)
        {
            if (framework is null || framework.Id.Value == ownId)
            {
                continue;
            }

            foreach (var offer in framework.Offers)
            {
                var sum = _byAgent.TryGetValue(offer.AgentId, out var known) ? known.Resources + offer.Resources : offer.Resources;
                _byAgent[offer.AgentId] = (sum, framework.Info.Name);
            }
        }
    }

    /// <summary>What of an agent, and the name of a framework that has the offer; null when there is none.</summary>
    public (ResourceList Resources, string? Framework) On(AgentId agent) => _byAgent.TryGetValue(agent, out var offered) ? offered : (ResourceList.Empty, null);
}
