namespace Orchestrator.AgentService.Sandbox;

/// <summary>
/// Deletes sandboxes of ended tasks once they are old enough: after <c>gc_delay</c>, sooner when the disk fills up
/// (<c>gc_delay × max(0, 1 − headroom − usage)</c>). Source: Mesos' garbage collection.
/// </summary>
/// <param name="workDirectory">Below which sandboxes lie.</param>
/// <param name="isLive">Whether a container id is still in use.</param>
/// <param name="delay">Longest age.</param>
/// <param name="headroom">Part of the disk to keep free, 0 to 1.</param>
/// <param name="interval">Time between looks.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
public sealed partial class SandboxCollector(
    string workDirectory,
    Func<string, bool> isLive,
    TimeSpan delay,
    double headroom,
    TimeSpan interval,
    TimeProvider time,
    ILogger<SandboxCollector> logger)
{
    /// <summary>How old a sandbox may be at this disk usage (0 to 1).</summary>
    public TimeSpan MaxAge(double diskUsage) => delay * Math.Max(0, 1 - headroom - diskUsage);

    /// <summary>Looks until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                Collect(MaxAge(DiskUsage()));
            }
        }
        catch (OperationCanceledException)
        {
            // The agent stops.
        }
    }

    /// <summary>How full the disk of the work directory is, 0 to 1.</summary>
    public double DiskUsage()
    {
        var disk = new DriveInfo(workDirectory);
        return disk.TotalSize == 0 ? 0 : 1 - ((double)disk.AvailableFreeSpace / disk.TotalSize);
    }

    /// <summary>Deletes what is older; how many sandboxes went.</summary>
    public int Collect(TimeSpan maxAge)
    {
        var collected = 0;
        foreach (var run in Runs())
        {
            var age = time.GetUtcNow().UtcDateTime - Directory.GetLastWriteTimeUtc(run);
            if (age < maxAge || isLive(Path.GetFileName(run)))
            {
                continue;
            }

            try
            {
                Delete(run);
                collected++;
                LogCollected(logger, run, age);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                LogFailed(logger, run, e.Message);
            }
        }

        return collected;
    }

    private IEnumerable<string> Runs() =>
        from agent in Children(Path.Combine(workDirectory, "slaves"))
        from framework in Children(Path.Combine(agent, "frameworks"))
        from executor in Children(Path.Combine(framework, "executors"))
        from run in Children(Path.Combine(executor, "runs"))
        select run;

    /// <summary>Real directories only: links, runs/latest among them, are not followed.</summary>
    private static string[] Children(string directory) => Directory.Exists(directory)
        ? [.. new DirectoryInfo(directory).EnumerateDirectories().Where(child => child.LinkTarget is null).Select(child => child.FullName)]
        : [];

    private static void Delete(string run)
    {
        Directory.Delete(run, recursive: true);
        var runs = Path.GetDirectoryName(run)!;
        var latest = Path.Combine(runs, "latest");
        if (new FileInfo(latest).LinkTarget == Path.GetFileName(run))
        {
            File.Delete(latest);
        }

        // The executor's and the framework's directories go with their last sandbox.
        var directory = runs;
        for (var level = 0; level < 4 && !Directory.EnumerateFileSystemEntries(directory).Any(); level++)
        {
            Directory.Delete(directory);
            directory = Path.GetDirectoryName(directory)!;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Removed the sandbox {Sandbox}, {Age} old")]
    private static partial void LogCollected(ILogger logger, string sandbox, TimeSpan age);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The sandbox {Sandbox} could not be removed: {Reason}")]
    private static partial void LogFailed(ILogger logger, string sandbox, string reason);
}
