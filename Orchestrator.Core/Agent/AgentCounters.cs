namespace Orchestrator.Core.Agent;

/// <summary>Counts since the agent started.</summary>
/// <param name="Finished">Tasks that ended well.</param>
/// <param name="Failed">Tasks that failed.</param>
/// <param name="Killed">Tasks that were killed.</param>
/// <param name="Lost">Tasks lost or dropped.</param>
/// <param name="LaunchErrors">Containers that could not be started.</param>
/// <param name="Updates">Status updates made.</param>
public sealed record AgentCounters(long Finished, long Failed, long Killed, long Lost, long LaunchErrors, long Updates);
