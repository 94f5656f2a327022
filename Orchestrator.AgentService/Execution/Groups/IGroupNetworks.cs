namespace Orchestrator.AgentService.Execution.Groups;

/// <summary>Makes the networks that the containers of task groups share.</summary>
public interface IGroupNetworks
{
    /// <summary>The network of a group, made when it is not there yet; null when the group uses the host's. May be called at once for several members.</summary>
    /// <exception cref="ContainerLaunchException">It cannot be made; the message says why and the remedy.</exception>
    Task<GroupNetwork?> EnsureAsync(GroupPlan group, CancellationToken cancellationToken);

    /// <summary>The network that an earlier run of the agent made; null when there is none.</summary>
    Task<GroupNetwork?> FindAsync(GroupPlan group, CancellationToken cancellationToken);

    /// <summary>Removes a group's network, if it has one.</summary>
    Task RemoveAsync(string containerId, CancellationToken cancellationToken);

    /// <summary>Removes networks of this agent that belong to none of these groups and were not made by this run.</summary>
    Task RemoveOrphansAsync(IReadOnlySet<string> known, CancellationToken cancellationToken);
}
