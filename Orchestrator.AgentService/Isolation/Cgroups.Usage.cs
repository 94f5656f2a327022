using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.AgentService.Isolation;

/// <content>What a container uses.</content>
internal sealed partial class Cgroups
{
    /// <summary>Adds what the groups of a container say to its statistics; false when they say nothing.</summary>
    internal bool Measure(string containerId, ResourceStatistics statistics)
    {
        var cpu = MeasureCpu(containerId, statistics);
        var memory = MeasureMemory(containerId, statistics);
        return cpu && memory;
    }

    private bool MeasureCpu(string containerId, ResourceStatistics statistics)
    {
        if (_unified is not null && Read(Path.Combine(_unified, containerId), "cpu.stat") is { } stat && CgroupText.Value(stat, "user_usec") is { } user)
        {
            statistics.CpusUserTimeSecs = user / 1e6;
            statistics.CpusSystemTimeSecs = (CgroupText.Value(stat, "system_usec") ?? 0) / 1e6;
        }
        else if (Controller("cpuacct", containerId) is { } accounting && Read(accounting, "cpuacct.stat") is { } ticks && CgroupText.Value(ticks, "user") is { } userTicks)
        {
            statistics.CpusUserTimeSecs = (double)userTicks / ProcessStat.TicksPerSecond;
            statistics.CpusSystemTimeSecs = (double)(CgroupText.Value(ticks, "system") ?? 0) / ProcessStat.TicksPerSecond;
        }
        else
        {
            return false;
        }

        var throttling = _unifiedControls ? Read(Path.Combine(_unified!, containerId), "cpu.stat")
            : Controller("cpu", containerId) is { } cpu ? Read(cpu, "cpu.stat")
            : null;
        if (CgroupText.Value(throttling, "nr_periods") is > 0 and var periods)
        {
            statistics.CpusNrPeriods = (uint)periods;
            statistics.CpusNrThrottled = (uint)(CgroupText.Value(throttling, "nr_throttled") ?? 0);
            statistics.CpusThrottledTimeSecs = _unifiedControls
                ? (CgroupText.Value(throttling, "throttled_usec") ?? 0) / 1e6
                : (CgroupText.Value(throttling, "throttled_time") ?? 0) / 1e9;
        }

        return true;
    }

    private bool MeasureMemory(string containerId, ResourceStatistics statistics)
    {
        var group = _unifiedControls ? Path.Combine(_unified!, containerId) : Controller("memory", containerId);
        if (group is null || Read(group, "memory.stat") is not { } stat)
        {
            return false;
        }

        var total = CgroupText.Number(Read(group, _unifiedControls ? "memory.current" : "memory.usage_in_bytes"));
        var resident = CgroupText.Value(stat, _unifiedControls ? "anon" : "total_rss");
        var files = CgroupText.Value(stat, _unifiedControls ? "file" : "total_cache");
        statistics.MemRssBytes = (ulong)(resident ?? 0);
        statistics.MemAnonBytes = (ulong)(resident ?? 0);
        statistics.MemFileBytes = (ulong)(files ?? 0);
        statistics.MemCacheBytes = (ulong)(files ?? 0);
        statistics.MemTotalBytes = (ulong)(total ?? 0);
        statistics.MemMappedFileBytes = (ulong)(CgroupText.Value(stat, _unifiedControls ? "file_mapped" : "total_mapped_file") ?? 0);
        return true;
    }
}
