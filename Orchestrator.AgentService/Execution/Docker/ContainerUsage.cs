using System.Text.Json;
using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.AgentService.Execution.Docker;

/// <summary>Reads the Engine's statistics of one container.</summary>
internal static class ContainerUsage
{
    private const double NanosecondsPerSecond = 1e9;

    /// <summary>Processor time in seconds, memory in bytes.</summary>
    internal static ResourceStatistics Read(JsonElement answer, DateTimeOffset now)
    {
        var cpu = answer.GetProperty("cpu_stats").GetProperty("cpu_usage");
        var memory = answer.GetProperty("memory_stats");
        var details = memory.TryGetProperty("stats", out var stats) ? stats : default;
        var statistics = new ResourceStatistics
        {
            Timestamp = (now - DateTimeOffset.UnixEpoch).TotalSeconds,
            CpusUserTimeSecs = Number(cpu, "usage_in_usermode") / NanosecondsPerSecond,
            CpusSystemTimeSecs = Number(cpu, "usage_in_kernelmode") / NanosecondsPerSecond,
            MemTotalBytes = (ulong)Number(memory, "usage"),
            // total_rss with control groups of version 1, anon with version 2.
            MemRssBytes = (ulong)(Find(details, "total_rss") ?? Find(details, "anon") ?? Number(memory, "usage")),
        };
        statistics.MemAnonBytes = statistics.MemRssBytes;
        statistics.MemFileBytes = (ulong)(Find(details, "total_cache") ?? Find(details, "file") ?? 0);
        statistics.MemCacheBytes = statistics.MemFileBytes;
        return statistics;
    }

    private static double Number(JsonElement part, string name) => Find(part, name) ?? 0;

    private static double? Find(JsonElement part, string name) =>
        part.ValueKind == JsonValueKind.Object && part.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
