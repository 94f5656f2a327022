namespace Orchestrator.Core.Contract.Apps;

/// <summary>One port of an app, whatever its network.</summary>
/// <param name="Service">Service port.</param>
/// <param name="Host">Wanted host port: 0 for any, null for none.</param>
/// <param name="Container">Port inside: 0 for the same as the host port, null on the host network.</param>
/// <param name="Protocol"><c>tcp</c>, <c>udp</c> or <c>udp,tcp</c>.</param>
/// <param name="Name">Its name; null for none.</param>
/// <param name="Labels">Metadata.</param>
public sealed record ServicePort(int Service, int? Host, int? Container, string Protocol, string? Name, IReadOnlyDictionary<string, string> Labels);
