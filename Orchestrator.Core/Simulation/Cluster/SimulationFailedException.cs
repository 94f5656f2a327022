namespace Orchestrator.Core.Simulation.Cluster;

/// <summary>A run broke a promise. The message holds the seed and what happened last.</summary>
public sealed class SimulationFailedException : Exception
{
    /// <summary>A failure without text.</summary>
    public SimulationFailedException()
    {
    }

    /// <summary>A failure with its text.</summary>
    public SimulationFailedException(string message)
        : base(message)
    {
    }

    /// <summary>A failure with its text and cause.</summary>
    public SimulationFailedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
