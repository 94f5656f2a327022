namespace Orchestrator.Web.Console.ViewModels.Cluster;

/// <summary>What the list of agents shows.</summary>
/// <param name="Rows">The rows that the filter lets through.</param>
/// <param name="Counts">All agents by how they stand.</param>
/// <param name="Master">Address that an agent is started with.</param>
public sealed record AgentsModel(AgentRow[] Rows, AgentCounts Counts, string Master);
