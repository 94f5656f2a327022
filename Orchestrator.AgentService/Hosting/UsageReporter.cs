using System.Collections.Concurrent;
using System.Globalization;
using Orchestrator.AgentService.Execution;
using Orchestrator.Core.Agent;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.AgentService.Hosting;

/// <summary>
/// Measures the machine and its tasks every few seconds, tells the master, and keeps the newest statistics for the agent's
/// own endpoints.
/// </summary>
/// <param name="snapshot">The tasks.</param>
/// <param name="find">The container of an id.</param>
/// <param name="send">To the master; dropped while there is no link.</param>
/// <param name="workDirectory">Whose disk is measured.</param>
/// <param name="interval">Time between reports.</param>
/// <param name="time">The clock.</param>
public sealed class UsageReporter(
    Func<AgentSnapshot> snapshot,
    Func<string, (ContainerPlan Plan, IContainerizer Containerizer)?> find,
    Action<AgentCall> send,
    string workDirectory,
    TimeSpan interval,
    TimeProvider time)
{
    private const int MaxParallel = 8;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(4);
    private readonly ConcurrentDictionary<string, ResourceStatistics> _statistics = new();
    private (double Busy, double Total)? _machine;

    /// <summary>The newest statistics of a container; null before the first measurement.</summary>
    public ResourceStatistics? Of(string containerId) => _statistics.GetValueOrDefault(containerId);

    /// <summary>Measures until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            do
            {
                send(await MeasureAsync(cancellationToken));
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The agent stops.
        }
    }

    private async Task<AgentCall> MeasureAsync(CancellationToken cancellationToken)
    {
        var usage = new AgentCall.Types.Usage();
        if (MachineCpus() is { } cpus)
        {
            usage.CpusUsed = cpus;
        }

        if (ReadMemory() is var (total, available))
        {
            usage.MemUsedMib = (total - available) / 1024.0;
        }

        var disk = new DriveInfo(workDirectory);
        usage.DiskUsedMib = (disk.TotalSize - disk.AvailableFreeSpace) / 1024.0 / 1024.0;
        var running = snapshot().Tasks.Where(task => task.Phase is TaskPhase.Running or TaskPhase.Terminating).ToArray();
        var usages = new ConcurrentBag<AgentCall.Types.TaskUsage>();
        await Parallel.ForEachAsync(running, new ParallelOptions { MaxDegreeOfParallelism = MaxParallel, CancellationToken = cancellationToken }, async (task, token) =>
        {
            if (await MeasureAsync(task, token) is { } measured)
            {
                usages.Add(measured);
            }
        });
        usage.Tasks.Add(usages);
        var alive = running.Select(task => task.Location.ContainerId).ToHashSet();
        foreach (var gone in _statistics.Keys.Where(id => !alive.Contains(id)))
        {
            _statistics.TryRemove(gone, out _);
        }

        return new AgentCall { Usage = usage };
    }

    private async Task<AgentCall.Types.TaskUsage?> MeasureAsync(AgentTaskView task, CancellationToken cancellationToken)
    {
        var id = task.Location.ContainerId;
        if (find(id) is not var (plan, containerizer))
        {
            return null;
        }

        ResourceStatistics? now;
        try
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            timeout.CancelAfter(s_patience);
            now = await containerizer.MeasureAsync(plan, timeout.Token);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // It ends just now, or its daemon is away: no number is better than a wrong one.
            return null;
        }

        if (now is null)
        {
            return null;
        }

        var before = Of(id);
        _statistics[id] = now;
        var usage = new AgentCall.Types.TaskUsage { FrameworkId = new FrameworkID { Value = task.Location.FrameworkId }, TaskId = task.Info.TaskId };
        if (now.HasMemRssBytes)
        {
            usage.MemUsedMib = now.MemRssBytes / 1024.0 / 1024.0;
        }

        if (before is not null && now.Timestamp > before.Timestamp)
        {
            var spent = now.CpusUserTimeSecs + now.CpusSystemTimeSecs - before.CpusUserTimeSecs - before.CpusSystemTimeSecs;
            usage.CpusUsed = Math.Max(0, spent / (now.Timestamp - before.Timestamp));
        }

        return usage;
    }

    /// <summary>Processors busy since the last call; null on the first.</summary>
    private double? MachineCpus()
    {
        // cpu  user nice system idle iowait irq softirq steal guest guest_nice
        var line = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var ticks = line.Skip(1).Take(8).Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        var total = ticks.Sum();
        var busy = total - ticks[3] - ticks[4];
        var before = _machine;
        _machine = (busy, total);
        return before is var (lastBusy, lastTotal) && total > lastTotal ? (busy - lastBusy) / (total - lastTotal) * System.Environment.ProcessorCount : null;
    }

    /// <summary>MemTotal and MemAvailable in KiB.</summary>
    internal static (double Total, double Available)? ReadMemory()
    {
        double? total = null;
        foreach (var line in File.ReadLines("/proc/meminfo"))
        {
            var parts = line.Split([' ', ':'], StringSplitOptions.RemoveEmptyEntries);
            if (parts[0] == "MemTotal")
            {
                total = double.Parse(parts[1], CultureInfo.InvariantCulture);
            }
            else if (parts[0] == "MemAvailable" && total is { } known)
            {
                return (known, double.Parse(parts[1], CultureInfo.InvariantCulture));
            }
        }

        return null;
    }
}
