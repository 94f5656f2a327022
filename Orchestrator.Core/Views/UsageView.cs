namespace Orchestrator.Core.Views;

/// <summary>Measured use.</summary>
/// <param name="Cpus">Cores in use.</param>
/// <param name="MemMiB">Memory in use, MiB.</param>
/// <param name="DiskMiB">Disk in use below the work directory, MiB.</param>
public sealed record UsageView(double Cpus, double MemMiB, double DiskMiB)
{
    /// <summary>When the report came; null in sums.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Whether cores and memory were both measured: the first report of a task cannot know its cores, and says 0.</summary>
    public bool IsComplete { get; init; } = true;
}
