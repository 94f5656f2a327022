using System.Collections.Concurrent;
using System.Globalization;
using Orchestrator.AgentService.Execution;
using Orchestrator.Core.Agent;
using Orchestrator.Core.Agent.Executors;
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
        var current = snapshot();
        var running = current.Tasks.Where(task => !task.Location.InExecutor && task.Phase is (TaskPhase.Running or TaskPhase.Terminating)).Select(task => task.Location)
            .Concat(current.Executors.Where(executor => executor.Phase is not (ExecutorPhase.Queued or ExecutorPhase.Ended)).Select(executor => OnlyTaskOf(executor, current)))
            .ToArray();
        var usages = new ConcurrentBag<AgentCall.Types.TaskUsage>();
        await Parallel.ForEachAsync(running, new ParallelOptions { MaxDegreeOfParallelism = MaxParallel, CancellationToken = cancellationToken }, async (task, token) =>
        {
            if (await MeasureAsync(task, token) is { } measured)
            {
                usages.Add(measured);
            }
        });
        usage.Tasks.Add(usages);
        var alive = running.Select(task => task.ContainerId).ToHashSet();
        foreach (var gone in _statistics.Keys.Where(id => !alive.Contains(id)))
        {
            _statistics.TryRemove(gone, out _);
        }

        return new AgentCall { Usage = usage };
    }

    /// <summary>What an executor uses is what its task uses, when it has only one; of several it cannot be told apart.</summary>
    private static TaskLocation OnlyTaskOf(AgentExecutorView executor, AgentSnapshot current)
    {
        var live = current.Tasks.Where(task => task.Location.InExecutor && task.Location.ContainerId == executor.Location.ContainerId && task.Phase != TaskPhase.Ended).Take(2).ToArray();
        return live.Length == 1 ? live[0].Location : executor.Location.TaskAt("");
    }

    private async Task<AgentCall.Types.TaskUsage?> MeasureAsync(TaskLocation task, CancellationToken cancellationToken)
    {
        var id = task.ContainerId;
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
        if (task.TaskId.Length == 0)
        {
            return null;
        }

        var usage = new AgentCall.Types.TaskUsage { FrameworkId = new FrameworkID { Value = task.FrameworkId }, TaskId = new TaskID { Value = task.TaskId } };
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
