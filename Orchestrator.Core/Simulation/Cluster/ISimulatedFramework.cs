namespace Orchestrator.Core.Simulation.Cluster;

/// <summary>A framework as the oracle sees it.</summary>
internal interface ISimulatedFramework
{
    string Name { get; }

    /// <summary>Its framework id; null before it first subscribed.</summary>
    string? Id { get; }

    bool IsPartitionAware { get; }

    /// <summary>Whether it takes a task for running.</summary>
    bool Wants(string taskId);

    /// <summary>What is still to come right, seen from here; null for nothing.</summary>
    string? Unsettled();

    /// <summary>Number of tasks that it wants to run in the end.</summary>
    int Wanted { get; }
}
