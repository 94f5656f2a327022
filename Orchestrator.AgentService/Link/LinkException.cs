namespace Orchestrator.AgentService.Link;

/// <summary>The link broke or was refused.</summary>
internal sealed class LinkException(string message, bool wasRegistered = false) : Exception(message)
{
    /// <summary>Whether the agent had been registered on it.</summary>
    internal bool WasRegistered => wasRegistered;
}
