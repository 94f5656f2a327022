using Orchestrator.Core.Contract.Link;

namespace Orchestrator.Core.Agent;

/// <summary>The engine's answer to a command.</summary>
/// <param name="Subscribe">The answer to <see cref="AgentCommand.PrepareSubscribe"/>; null for all others.</param>
public readonly record struct AgentReply(AgentCall? Subscribe);
