using Orchestrator.Core.Agent;

namespace Orchestrator.AgentService.Link;

/// <summary>The way into the agent's engine: one loop applies what it is told, in order.</summary>
public interface IAgentLoop
{
    /// <summary>Tells the engine and waits until its turn is durable.</summary>
    ValueTask<AgentReply> AskAsync(AgentCommand command, CancellationToken cancellationToken);

    /// <summary>Tells the engine; waits only while the queue is full.</summary>
    ValueTask TellAsync(AgentCommand command, CancellationToken cancellationToken);
}
