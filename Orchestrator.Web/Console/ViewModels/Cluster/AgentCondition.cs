namespace Orchestrator.Web.Console.ViewModels.Cluster;

/// <summary>How an agent stands.</summary>
public enum AgentCondition
{
    /// <summary>Linked, its resources are offered.</summary>
    Active,

    /// <summary>Linked, but nothing is offered of it.</summary>
    Inactive,

    /// <summary>Registered, its link is broken.</summary>
    Disconnected,

    /// <summary>It does not answer.</summary>
    Unreachable,

    /// <summary>Known from before a restart of the master, expected back.</summary>
    Recovering,
}
