namespace Orchestrator.Core.Contract.Apps;

/// <summary>How a task is on a network.</summary>
public enum NetworkMode
{
    /// <summary><c>host</c>: the agent's own network.</summary>
    Host,

    /// <summary><c>container/bridge</c>: Docker's bridge.</summary>
    Bridge,

    /// <summary><c>container</c>: a named network.</summary>
    Container,
}
