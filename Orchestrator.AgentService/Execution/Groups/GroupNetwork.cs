namespace Orchestrator.AgentService.Execution.Groups;

/// <summary>The network of a task group, held by a container that does nothing else.</summary>
/// <param name="Holder">The name of that container.</param>
/// <param name="IpAddress">The address of the group in its network; empty when it has none.</param>
/// <param name="Pid">The holder's process on the host, whose namespace is the group's.</param>
public sealed record GroupNetwork(string Holder, string IpAddress, int Pid);
