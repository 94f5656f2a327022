namespace Orchestrator.AgentService.Execution;

/// <summary>A started container.</summary>
/// <param name="IpAddresses">Its own addresses; empty when it shares the host's network.</param>
/// <param name="Pid">Its first process on the host; null when not known.</param>
/// <param name="Inspection">What <c>docker inspect</c> says, for <c>status.data</c>; null without Docker.</param>
public sealed record RunningContainer(IReadOnlyList<string> IpAddresses, int? Pid, string? Inspection);
