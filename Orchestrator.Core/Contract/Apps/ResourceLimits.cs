namespace Orchestrator.Core.Contract.Apps;

/// <summary>Hard ceilings above the requests: null for none given, infinity for <c>"unlimited"</c>.</summary>
/// <param name="Cpus">Cores.</param>
/// <param name="Mem">MiB.</param>
public sealed record ResourceLimits(double? Cpus, double? Mem);
