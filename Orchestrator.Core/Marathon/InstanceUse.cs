namespace Orchestrator.Core.Marathon;

/// <summary>What the task of an instance uses.</summary>
/// <param name="Cpus">Cores.</param>
/// <param name="MemMiB">Memory, MiB.</param>
public readonly record struct InstanceUse(double Cpus, double MemMiB);
