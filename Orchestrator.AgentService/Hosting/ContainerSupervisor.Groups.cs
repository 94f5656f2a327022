using Orchestrator.AgentService.Execution;
using Orchestrator.AgentService.Execution.Groups;

namespace Orchestrator.AgentService.Hosting;

/// <content>Members of task groups.</content>
public sealed partial class ContainerSupervisor
{
    /// <summary>The container with the network of its group, which the first member makes.</summary>
    /// <exception cref="ContainerLaunchException">The network cannot be had.</exception>
    private async Task<Container> JoinGroupAsync(Container container, CancellationToken cancellationToken)
    {
        if (container.Plan.Group is not { } group)
        {
            return container;
        }

        if (container.Plan.Task.Container?.NetworkInfos.Count > 0)
        {
            throw new ContainerLaunchException("'container.network_infos' cannot be had by a task of a group: set it on the executor; the tasks of a group share one network");
        }

        if (Networks is null && group.Executor.Container?.NetworkInfos.Count > 0)
        {
            throw new ContainerLaunchException("'executor.container.network_infos' needs Docker, which this agent does not use (--containerizers): remove it, and the group uses the host's network");
        }

        return Networks is null ? container : With(container, group, await Networks.EnsureAsync(group, cancellationToken));
    }

    /// <summary>After a restart of the agent. Members that run are on the network already; without its holder only new checks are amiss.</summary>
    private async Task<Container> RejoinGroupAsync(Container container) => container.Plan.Group is { } group && Networks is not null
        ? With(container, group, await RetryAsync("find the network of", group.ContainerId, token => Networks.FindAsync(group, token)))
        : container;

    private Container With(Container container, GroupPlan group, GroupNetwork? network)
    {
        if (network is null)
        {
            return container;
        }

        var environment = new Dictionary<string, string>(container.Plan.Environment, StringComparer.Ordinal) { ["MESOS_CONTAINER_IP"] = network.IpAddress };
        var joined = container with { Plan = container.Plan with { Group = group with { Network = network }, Environment = environment } };
        _containers[joined.Plan.ContainerId] = joined;
        return joined;
    }

    /// <summary>A member of a group has its group's address.</summary>
    private static IReadOnlyList<string> AddressesOf(ContainerPlan plan, RunningContainer running) =>
        running.IpAddresses.Count == 0 && plan.Group?.Network is { IpAddress.Length: > 0 } network ? [network.IpAddress] : running.IpAddresses;

    private async Task RemoveNetworkAsync(IGroupNetworks networks, string containerId)
    {
        try
        {
            await networks.RemoveAsync(containerId, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The agent stops; the next start finds it without a group.
        }
        catch (Exception e)
        {
            LogFailed(logger, "remove the network of", containerId, e.Message);
        }
    }
}
