using Orchestrator.Core.Contract.Link;

namespace Orchestrator.Core.Simulation;

/// <summary>The way from a simulated agent to its master.</summary>
internal interface ISimulatedLink
{
    /// <summary>Sends a call; it is lost when the link is down, as on a real one.</summary>
    void Send(AgentCall call);
}
