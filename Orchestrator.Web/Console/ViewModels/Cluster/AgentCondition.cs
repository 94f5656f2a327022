namespace Orchestrator.Web.Console.ViewModels.Cluster;

/// <summary>How an agent stands.</summary>
public enum AgentCondition
{
    /// <summary>Linked, its resources are offered.</summary>
    Active,

    /// <summary>Linked, but an operator took it out of use.</summary>
    Deactivated,

    /// <summary>What runs on it is being ended, for an operator.</summary>
    Draining,

    /// <summary>An operator emptied it.</summary>
    Drained,

    /// <summary>Registered, its link is broken.</summary>
    Disconnected,

    /// <summary>It does not answer.</summary>
    Unreachable,

    /// <summary>Known from before a restart of the master, expected back.</summary>
    Recovering,
}
