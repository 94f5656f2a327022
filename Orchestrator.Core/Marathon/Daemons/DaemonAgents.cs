using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon.Launching;

namespace Orchestrator.Core.Marathon.Daemons;

/// <summary>The agents of the cluster, and how many of them an app wants an instance on.</summary>
internal sealed class DaemonAgents
{
    private Dictionary<string, ClusterAgent> _agents = [];

    /// <summary>Whether the agents have been told since this start.</summary>
    public bool AreKnown { get; private set; }

    /// <summary>The agents are these now.</summary>
    public void Set(IReadOnlyList<ClusterAgent> agents) => (_agents, AreKnown) = (agents.ToDictionary(agent => agent.Id, StringComparer.Ordinal), true);

    /// <summary>Whether the agent was told: nothing is started on others.</summary>
    public bool Knows(string agentId) => _agents.ContainsKey(agentId);

    /// <summary>
    /// Whether an instance may stand on the agent. Of one that is not known the master has not spoken yet: it will say what became of
    /// the task.
    /// </summary>
    public bool MayStand(PlacementRules rules, string agentId) => !_agents.TryGetValue(agentId, out var agent) || !rules.UnmetBy(agent.Fields).Any();

    /// <summary>Active agents that match, and those away where an instance stands.</summary>
    public int CountFor(AppDefinition definition, AppState? app)
    {
        var rules = RulesOf(definition);
        var standing = app?.Instances.Where(instance => instance is { Counts: true, IsActive: true }).Select(instance => instance.AgentId).ToHashSet(StringComparer.Ordinal) ?? [];
        var count = standing.Count(id => !_agents.ContainsKey(id));
        foreach (var agent in _agents.Values)
        {
            count += (agent.IsActive || standing.Contains(agent.Id)) && !rules.UnmetBy(agent.Fields).Any() ? 1 : 0;
        }

        return count;
    }

    /// <summary>A daemon's definition with as many instances as the agents ask for; anything else, or before they are known, as it is.</summary>
    public AppDefinition Resolve(AppDefinition definition, AppState? app) =>
        definition.IsDaemon ? definition with { Instances = AreKnown ? CountFor(definition, app) : app?.Definition.Instances ?? 0 } : definition;

    /// <summary>Rules of a daemon say which agents match, whatever stands where.</summary>
    public static PlacementRules RulesOf(AppDefinition app) => new(app.Constraints, []);
}
