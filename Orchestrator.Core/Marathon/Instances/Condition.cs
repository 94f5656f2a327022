namespace Orchestrator.Core.Marathon.Instances;

/// <summary>What is known of an instance's current task.</summary>
public enum Condition
{
    /// <summary>Waits for an offer.</summary>
    Scheduled,

    /// <summary>Launched; nothing was heard of it yet.</summary>
    Provisioned,

    /// <summary>TASK_STAGING.</summary>
    Staging,

    /// <summary>TASK_STARTING.</summary>
    Starting,

    /// <summary>TASK_RUNNING.</summary>
    Running,

    /// <summary>TASK_KILLING.</summary>
    Killing,

    /// <summary>Its agent cannot be reached.</summary>
    Unreachable,

    /// <summary>Unreachable for so long that it is replaced.</summary>
    UnreachableInactive,

    /// <summary>Ended well.</summary>
    Finished,

    /// <summary>Ended with a failure.</summary>
    Failed,

    /// <summary>Was killed.</summary>
    Killed,

    /// <summary>Could not be launched.</summary>
    Error,

    /// <summary>Its agent is gone with it.</summary>
    Gone,

    /// <summary>Never reached its agent.</summary>
    Dropped,

    /// <summary>The master knows nothing of it.</summary>
    Unknown,
}
