using Orchestrator.AgentService.Isolation;
using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.AgentService.Execution.Docker;

/// <summary>
/// Reads what a container uses from its control groups: microseconds where the daemon's own statistics take a tenth of a
/// second and more. Where the groups are found the kernel says, whatever driver the daemon uses.
/// </summary>
/// <param name="Cpu">Directory with processor times.</param>
/// <param name="Memory">Directory with memory.</param>
/// <param name="IsUnified">Whether they are of version 2.</param>
internal sealed record ContainerGroups(string Cpu, string Memory, bool IsUnified)
{
    /// <summary>Of a process; null where they cannot be seen.</summary>
    internal static ContainerGroups? Of(int pid, string containerId, CgroupLayout layout)
    {
        try
        {
            return Parse(File.ReadAllText(FormattableString.Invariant($"/proc/{pid}/cgroup")), containerId, layout);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Reads <c>/proc/PID/cgroup</c>: lines <c>4:memory:/docker/ID</c>, and <c>0::/docker/ID</c> for version 2.</summary>
    internal static ContainerGroups? Parse(string text, string containerId, CgroupLayout layout)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // A process of another container would mean that the id was used again.
            var parts = line.Split(':', 3);
            if (parts.Length < 3 || !parts[2].Contains(containerId, StringComparison.Ordinal))
            {
                continue;
            }

            foreach (var controller in parts[1].Split(','))
            {
                if (controller.Length == 0 ? layout.Unified is not null : layout.Controllers.ContainsKey(controller))
                {
                    found[controller] = (controller.Length == 0 ? layout.Unified : layout.Controllers[controller]) + parts[2];
                }
            }
        }

        return found.TryGetValue("memory", out var memory) && found.TryGetValue("cpuacct", out var cpu) ? new ContainerGroups(cpu, memory, IsUnified: false)
            : found.TryGetValue("", out var unified) ? new ContainerGroups(unified, unified, IsUnified: true)
            : null;
    }

    /// <summary>What it uses now; null when it has ended or the groups do not say.</summary>
    internal ResourceStatistics? Measure(DateTimeOffset now)
    {
        try
        {
            var statistics = new ResourceStatistics { Timestamp = (now - DateTimeOffset.UnixEpoch).TotalSeconds };
            return (IsUnified ? MeasureUnified(statistics) : MeasureSplit(statistics)) ? statistics : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private bool MeasureUnified(ResourceStatistics statistics)
    {
        var cpu = Read(Cpu, "cpu.stat");
        var memory = Read(Memory, "memory.stat");
        statistics.CpusUserTimeSecs = (CgroupText.Value(cpu, "user_usec") ?? 0) / 1e6;
        statistics.CpusSystemTimeSecs = (CgroupText.Value(cpu, "system_usec") ?? 0) / 1e6;
        SetMemory(statistics, Read(Memory, "memory.current"), memory, "anon", "file");
        return true;
    }

    private bool MeasureSplit(ResourceStatistics statistics)
    {
        var cpu = Read(Cpu, "cpuacct.stat");
        if (CgroupText.Value(cpu, "user") is not { } user)
        {
            return false;
        }

        statistics.CpusUserTimeSecs = (double)user / ProcessStat.TicksPerSecond;
        statistics.CpusSystemTimeSecs = (double)(CgroupText.Value(cpu, "system") ?? 0) / ProcessStat.TicksPerSecond;
        SetMemory(statistics, Read(Memory, "memory.usage_in_bytes"), Read(Memory, "memory.stat"), "total_rss", "total_cache");
        return true;
    }

    private static void SetMemory(ResourceStatistics statistics, string total, string details, string resident, string files)
    {
        statistics.MemTotalBytes = (ulong)(CgroupText.Number(total) ?? 0);
        statistics.MemRssBytes = (ulong)(CgroupText.Value(details, resident) ?? 0);
        statistics.MemAnonBytes = statistics.MemRssBytes;
        statistics.MemFileBytes = (ulong)(CgroupText.Value(details, files) ?? 0);
        statistics.MemCacheBytes = statistics.MemFileBytes;
    }

    private static string Read(string directory, string file) => File.ReadAllText(Path.Combine(directory, file));
}
