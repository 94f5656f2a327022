namespace Orchestrator.Core.Simulation.Demo;

/// <summary>How large a demo cluster is.</summary>
public sealed record DemoOptions
{
    /// <summary>Most agents that are accepted.</summary>
    public const int MaxAgents = 50_000;

    /// <summary>Number of simulated agents, 1 to <see cref="MaxAgents"/>.</summary>
    public required int Agents { get; init; }

    /// <summary>Seed of sizes, names, durations and faults.</summary>
    public ulong Seed { get; init; } = 2026;

    /// <summary>Tasks for each agent that the frameworks want in the mean.</summary>
    public double TasksPerAgent { get; init; } = 12;
}
