namespace Orchestrator.Web.Console.Feeds;

/// <summary>Why a sandbox cannot be read.</summary>
public enum SandboxFailure
{
    /// <summary>Its agent is not registered, or does not answer.</summary>
    AgentAway,

    /// <summary>There is no such file or sandbox; it may come, or it was collected.</summary>
    NotFound,

    /// <summary>The agent wants an account that this host does not have.</summary>
    Refused,

    /// <summary>The agent answered something else.</summary>
    Failed,
}
