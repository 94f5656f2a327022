namespace Orchestrator.Core.Contract.Pods;

/// <summary>Where a container of a pod listens.</summary>
/// <param name="Name">Unique in the pod.</param>
/// <param name="ContainerPort">In the pod's network; null on the host's.</param>
/// <param name="HostPort">Of the machine: 0 for any free one, null for none.</param>
/// <param name="Protocols">tcp, udp.</param>
/// <param name="Labels">For discovery.</param>
public sealed record PodEndpoint(string Name, int? ContainerPort, int? HostPort, IReadOnlyList<string> Protocols, IReadOnlyDictionary<string, string> Labels);
