namespace Orchestrator.Core.Contract.Apps;

/// <summary>A port of a container network.</summary>
/// <param name="ContainerPort">Port inside; 0 for the same as the host port.</param>
/// <param name="HostPort">Port on the host: 0 for any, null for not published.</param>
/// <param name="ServicePort">Port for load balancers.</param>
/// <param name="Protocol"><c>tcp</c>, <c>udp</c> or <c>udp,tcp</c>.</param>
/// <param name="Name">Its name; null for none.</param>
/// <param name="Labels">Metadata.</param>
/// <param name="NetworkNames">Networks that it belongs to; empty for all.</param>
public sealed record PortMapping(int ContainerPort, int? HostPort, int ServicePort, string Protocol, string? Name, IReadOnlyDictionary<string, string> Labels, IReadOnlyList<string> NetworkNames);
