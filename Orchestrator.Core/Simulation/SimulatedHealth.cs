namespace Orchestrator.Core.Simulation;

/// <summary>What the health checks of a simulated container find.</summary>
public enum SimulatedHealth
{
    /// <summary>Always well.</summary>
    Healthy,

    /// <summary>Never well.</summary>
    Failing,

    /// <summary>One check in four fails.</summary>
    Flapping,
}
