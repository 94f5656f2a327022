namespace Orchestrator.Core.Agent;

/// <summary>Where the container of a task stands on its agent. See <see cref="TaskPhases"/>.</summary>
public enum TaskPhase
{
    /// <summary>Waits for a launch to become free.</summary>
    Queued,

    /// <summary>Its container is being prepared and started.</summary>
    Launching,

    /// <summary>Its launch is being given up.</summary>
    Cancelling,

    /// <summary>The agent has restarted and looks for its container.</summary>
    Recovering,

    /// <summary>Its container runs.</summary>
    Running,

    /// <summary>Its container was told to end.</summary>
    Terminating,

    /// <summary>It is over; its updates may still wait for acknowledgement.</summary>
    Ended,
}
