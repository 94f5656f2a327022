using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;

namespace Orchestrator.Core.Views;

/// <summary>An agent that is known but not registered now.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Info">What it registered with.</param>
/// <param name="Since">Since when it is away.</param>
public sealed record RecoveredAgentView(AgentId Id, AgentInfo Info, DateTimeOffset Since);
