namespace Orchestrator.Web.Console.ViewModels.Cluster;

/// <summary>How a framework stands.</summary>
public enum FrameworkCondition
{
    /// <summary>Subscribed, it gets offers.</summary>
    Active,

    /// <summary>Subscribed, but it gets no offers.</summary>
    Inactive,

    /// <summary>Its stream is broken; its failover timeout runs.</summary>
    Disconnected,

    /// <summary>Known from agents or from before a restart, not subscribed yet.</summary>
    Recovering,

    /// <summary>Removed.</summary>
    Completed,
}
