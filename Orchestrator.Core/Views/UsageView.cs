namespace Orchestrator.Core.Views;

/// <summary>Measured use.</summary>
/// <param name="Cpus">Cores in use.</param>
/// <param name="MemMiB">Memory in use, MiB.</param>
/// <param name="DiskMiB">Disk in use below the work directory, MiB.</param>
public sealed record UsageView(double Cpus, double MemMiB, double DiskMiB);
