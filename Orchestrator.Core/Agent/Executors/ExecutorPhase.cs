namespace Orchestrator.Core.Agent.Executors;

/// <summary>Where an executor stands on its agent. See <see cref="ExecutorPhases"/>.</summary>
public enum ExecutorPhase
{
    /// <summary>Waits for a launch to become free.</summary>
    Queued,

    /// <summary>Its container is being prepared and started.</summary>
    Launching,

    /// <summary>Its container runs; it has not subscribed yet.</summary>
    Registering,

    /// <summary>The agent has restarted: its container is looked for, and it is to subscribe again.</summary>
    Recovering,

    /// <summary>It has subscribed.</summary>
    Running,

    /// <summary>It was told to end, or is being ended.</summary>
    Terminating,

    /// <summary>It is over; updates of its tasks may still wait for acknowledgement.</summary>
    Ended,
}
