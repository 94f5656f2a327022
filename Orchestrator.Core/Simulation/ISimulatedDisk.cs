using Orchestrator.Core.Agent;

namespace Orchestrator.Core.Simulation;

/// <summary>Where a simulated agent keeps its checkpoints.</summary>
internal interface ISimulatedDisk
{
    /// <summary>Writes in order; false when the process dies on the way: the first few may be written then.</summary>
    bool Write(IReadOnlyList<AgentCheckpoint> checkpoints);

    /// <summary>What the next process finds.</summary>
    RecoveredAgent Load();
}
