using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.AgentService.Isolation;

/// <summary>What a task may use, computed from its resources and limits. Source: Mesos' cpu and memory isolators.</summary>
/// <param name="CpuShares">Relative weight: 1024 a processor, at least 2.</param>
/// <param name="CpuQuotaMicroseconds">Time that it may run in each 100 ms; null for no limit.</param>
/// <param name="MemorySoftBytes">What it should stay below.</param>
/// <param name="MemoryHardBytes">Where the kernel ends it; null for no limit.</param>
/// <param name="OutOfMemoryAdjustment">0 to 1000: how readily the machine's own shortage of memory ends it; null to leave it.</param>
internal sealed record ContainerLimits(long CpuShares, long? CpuQuotaMicroseconds, long MemorySoftBytes, long? MemoryHardBytes, int? OutOfMemoryAdjustment)
{
    internal const long PeriodMicroseconds = 100_000;
    private const long MinQuotaMicroseconds = 1000;
    private const long MinMemoryBytes = 32L * 1024 * 1024;
    private const double BytesPerMegabyte = 1024 * 1024;

    /// <summary>Processors that it asked for.</summary>
    internal required double Cpus { get; init; }

    /// <summary>Processors that it may not exceed; null for no limit.</summary>
    internal double? CpuLimit => CpuQuotaMicroseconds is { } quota ? (double)quota / PeriodMicroseconds : null;

    /// <summary>Of a task on this machine.</summary>
    /// <param name="task">The task.</param>
    /// <param name="enforceCpus">Whether a request is a limit too (<c>--cgroups_enable_cfs</c>).</param>
    /// <param name="machineBytes">Memory of the machine; 0 when not known.</param>
    internal static ContainerLimits Of(TaskInfo task, bool enforceCpus, long machineBytes)
    {
        var cpus = Requested(task, "cpus");
        var memory = Math.Max((long)(Requested(task, "mem") * BytesPerMegabyte), MinMemoryBytes);
        double? cpuLimit = task.Limits.TryGetValue("cpus", out var limit) ? limit.Value : enforceCpus ? cpus : null;
        double? memoryLimit = task.Limits.TryGetValue("mem", out limit) ? limit.Value * BytesPerMegabyte : memory;
        long? hard = memoryLimit is { } bytes && double.IsFinite(bytes) ? Math.Max((long)bytes, MinMemoryBytes) : null;
        var bursts = hard is null || hard > memory;
        return new ContainerLimits(
            Math.Max((long)(cpus * 1024), 2),
            cpuLimit is { } processors && double.IsFinite(processors) && processors > 0 ? Math.Max((long)(processors * PeriodMicroseconds), MinQuotaMicroseconds) : null,
            memory,
            hard,
            bursts && machineBytes > 0 ? (int)Math.Clamp(1000 - (1000 * memory / machineBytes), 0, 1000) : null)
        {
            Cpus = cpus,
        };
    }

    private static double Requested(TaskInfo task, string name) =>
        task.Resources.Where(resource => resource.Name == name).Sum(resource => resource.Scalar?.Value ?? 0);
}
