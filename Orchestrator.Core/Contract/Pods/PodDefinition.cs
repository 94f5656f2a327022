using Orchestrator.Core.Contract.Apps;

namespace Orchestrator.Core.Contract.Pods;

/// <summary>
/// What makes an app a pod: containers that are launched together on one machine and share a network and volumes. The rest of
/// the pod (id, instances, upgrade, placement, networks) stands in its <see cref="AppDefinition"/>. Field meanings: Marathon's
/// pod definition.
/// </summary>
public sealed record PodDefinition
{
    /// <summary>At least one; names are unique.</summary>
    public required IReadOnlyList<PodContainer> Containers { get; init; }

    /// <summary>Folders that containers mount by name.</summary>
    public IReadOnlyList<PodVolume> Volumes { get; init; } = [];

    /// <summary>Cores for the executor, beside the containers.</summary>
    public double ExecutorCpus { get; init; } = 0.1;

    /// <summary>Memory for the executor, MiB.</summary>
    public double ExecutorMem { get; init; } = 32;

    /// <summary>Disk for the executor, MiB.</summary>
    public double ExecutorDisk { get; init; } = 10;

    /// <summary>The endpoints of all containers in their order; the ports of an instance stand in the same order.</summary>
    public IReadOnlyList<PodEndpoint> Endpoints => [.. Containers.SelectMany(container => container.Endpoints)];

    /// <summary>The endpoints as ports: of the host, or of the pod's network.</summary>
    /// <param name="isHost">Whether the pod is on the host's network.</param>
    public IReadOnlyList<ServicePort> Ports(bool isHost) => [.. Endpoints.Select(endpoint => new ServicePort(
        0, isHost ? endpoint.HostPort ?? 0 : endpoint.HostPort, isHost ? null : endpoint.ContainerPort, string.Join(',', endpoint.Protocols), endpoint.Name, endpoint.Labels))];
}
