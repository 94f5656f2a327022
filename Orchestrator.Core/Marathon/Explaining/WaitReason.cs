namespace Orchestrator.Core.Marathon.Explaining;

/// <summary>What can keep an instance from being launched.</summary>
public enum WaitReason
{
    /// <summary>Nothing: the agent fits.</summary>
    None,

    /// <summary>The agent is disconnected, deactivated, unreachable or expected back.</summary>
    Agent,

    /// <summary>Nothing of the agent may be used by the app's role, or by the roles that it accepts.</summary>
    Role,

    /// <summary>A placement rule asks for an attribute that the agent does not have.</summary>
    Attribute,

    /// <summary>A placement rule closes the agent.</summary>
    Constraint,

    /// <summary>Too few cores are free.</summary>
    Cpus,

    /// <summary>Too little memory is free.</summary>
    Mem,

    /// <summary>Too little disk is free.</summary>
    Disk,

    /// <summary>Too few GPUs are free.</summary>
    Gpus,

    /// <summary>A port is taken or is not among the agent's.</summary>
    Ports,

    /// <summary>The quota of the role is used up.</summary>
    Quota,

    /// <summary>Its tasks failed: the next launch waits.</summary>
    Backoff,

    /// <summary>Another app must run first.</summary>
    Dependency,

    /// <summary>A deployment holds the app.</summary>
    Deployment,

    /// <summary>The cluster cannot launch anything now: no agent, or no subscription.</summary>
    Readiness,
}
