namespace Orchestrator.Core.Contract.Apps;

/// <summary>A port on the host network.</summary>
/// <param name="Port">Service port, and host port when ports are required; 0 for any.</param>
/// <param name="Protocol"><c>tcp</c>, <c>udp</c> or <c>udp,tcp</c>.</param>
/// <param name="Name">Its name; null for none.</param>
/// <param name="Labels">Metadata.</param>
public sealed record PortDefinition(int Port, string Protocol, string? Name, IReadOnlyDictionary<string, string> Labels);
