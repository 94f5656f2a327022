namespace Orchestrator.Core.Marathon.Explaining;

/// <summary>How many agents fail one kind of requirement.</summary>
/// <param name="Kind">The requirement; <see cref="WaitReason.None"/> counts the agents that fit.</param>
/// <param name="Agents">Agents that fail it, whatever else they fail.</param>
/// <param name="Only">Of them, those that fail nothing else.</param>
public sealed record VerdictCount(WaitReason Kind, int Agents, int Only);
