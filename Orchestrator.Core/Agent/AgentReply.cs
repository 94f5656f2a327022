using Orchestrator.Core.Agent.Executors;
using Orchestrator.Core.Contract.Link;

namespace Orchestrator.Core.Agent;

/// <summary>The engine's answer to a command.</summary>
/// <param name="Subscribe">The answer to <see cref="AgentCommand.PrepareSubscribe"/>; null for all others.</param>
/// <param name="Refusal">Why an executor may not subscribe; null when it may, and for all other commands.</param>
public readonly record struct AgentReply(AgentCall? Subscribe, ExecutorRefusal? Refusal = null);
