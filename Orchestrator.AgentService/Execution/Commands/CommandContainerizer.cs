using System.Collections.Concurrent;
using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Orchestrator.AgentService.Isolation;
using Orchestrator.AgentService.Sandbox;
using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.AgentService.Execution.Commands;

/// <summary>
/// Runs commands without an image: each in a session and control groups of its own, beside a supervisor that outlives the
/// agent (<see cref="SupervisorScript"/>). What is known of a container between two runs of the agent lies in
/// <c>meta/containers/ID</c> of the work directory.
/// </summary>
internal sealed partial class CommandContainerizer : IContainerizer, IDisposable
{
    /// <summary>Starts under way at a time; more would only make each of them slower.</summary>
    private static readonly int s_maxStarts = Math.Max(2, System.Environment.ProcessorCount * 2);

    private static readonly TimeSpan s_cleanUpPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_recordPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(10);

    private readonly CommandOptions _options;
    private readonly Cgroups _cgroups;
    private readonly CommandTools _tools;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly DescriptorWatcher _watcher = new();
    private readonly SemaphoreSlim _starts = new(s_maxStarts);
    private readonly CancellationTokenSource _stop = new();
    private readonly SafeFileHandle _nothing = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
    private readonly ConcurrentDictionary<string, RunningCommand> _running = new();
    private readonly string _records;
    private readonly string _bootId;

    /// <summary>Containers of earlier runs of the agent.</summary>
    private readonly IReadOnlyList<string> _earlier;

    internal CommandContainerizer(CommandOptions options, Cgroups cgroups, CommandTools tools, TimeProvider time, ILogger<CommandContainerizer> logger)
    {
        _options = options;
        _cgroups = cgroups;
        _tools = tools;
        _time = time;
        _logger = logger;
        _records = Path.Combine(options.WorkDirectory, "meta", "containers");
        _bootId = options.BootId;
        _earlier = Directory.Exists(_records) ? [.. Directory.EnumerateDirectories(_records).Select(path => Path.GetFileName(path))] : [];
        if (!cgroups.CanTrack)
        {
            LogNoGroups(logger);
        }
        else if (!cgroups.CanLimitCpu || !cgroups.CanLimitMemory)
        {
            LogNoLimits(logger, cgroups.CanLimitMemory ? "cpu" : cgroups.CanLimitCpu ? "memory" : "cpu and memory");
        }
    }

    /// <inheritdoc/>
    public string Name => "mesos";

    /// <inheritdoc/>
    public bool Accepts(TaskInfo task) =>
        task.Container is null || (task.Container.Type == ContainerInfo.Types.Type.Mesos && task.Container.Mesos?.Image is null);

    /// <inheritdoc/>
    public async Task<RunningContainer> LaunchAsync(ContainerPlan plan, CancellationToken cancellationToken)
    {
        UnsupportedFields.CheckCommand(plan.Task);
        var identity = _tools.Become(plan.User);
        IReadOnlyList<string> bounds = [.. _tools.Enter(plan.Group?.Network), .. _tools.Bound(ProcessLimit.Of(plan.Task))];
        var script = CommandScript.Build(plan.Task.Command ?? new CommandInfo(), plan.Environment);
        VolumeDirectories.Link(plan);
        HostVolumes.Link(plan, _options.Policy);
        await _starts.WaitAsync(cancellationToken);
        var records = new SupervisorRecords(Path.Combine(_records, plan.ContainerId));
        ProcessIdentity? supervisor = null;
        try
        {
            Directory.CreateDirectory(records.Directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            var limits = ContainerLimits.Of(plan.Task, _options.EnforceCpus, _options.MachineMemoryBytes);
            var groups = _cgroups.CanTrack ? _cgroups.Create(plan.ContainerId, limits) : [];
            var (read, write) = Native.Pipe();
            using var told = read;
            supervisor = Start(plan, script, records, groups, limits, bounds, identity, write);
            var command = await StartedAsync(told, supervisor.Value, cancellationToken);
            Follow(plan.ContainerId, records, supervisor);
            return new RunningContainer([], command, null);
        }
        catch (Exception e)
        {
            await GiveUpAsync(plan.ContainerId, records, supervisor);
            if (e is IOException or UnauthorizedAccessException or Win32Exception)
            {
                throw new ContainerLaunchException($"Failed to launch container: {e.Message}");
            }

            throw;
        }
        finally
        {
            _starts.Release();
        }
    }

    /// <inheritdoc/>
    public async Task<RunningContainer?> RecoverAsync(ContainerPlan plan, CancellationToken cancellationToken)
    {
        var records = new SupervisorRecords(Path.Combine(_records, plan.ContainerId));
        if (!Directory.Exists(records.Directory) || records.TryAbandon())
        {
            // Nothing was started, and nothing will be.
            await CleanUpAsync(plan.ContainerId, records, cancellationToken);
            return null;
        }

        // A supervisor that has just begun is still writing its line.
        var deadline = _time.GetUtcNow() + s_recordPatience;
        while (records.Supervisor is null && _time.GetUtcNow() < deadline)
        {
            await Task.Delay(s_poll, _time, cancellationToken);
        }

        var (bootId, supervisor) = records.Supervisor ?? ("", default);
        if (records.ExitCode is null && bootId != _bootId)
        {
            // The machine was booted since, or the supervisor ended before its first line.
            await CleanUpAsync(plan.ContainerId, records, cancellationToken);
            return null;
        }

        Follow(plan.ContainerId, records, bootId == _bootId ? supervisor : null);
        return new RunningContainer([], records.Command?.Pid, null);
    }

    /// <inheritdoc/>
    public Task<ContainerExit> WaitAsync(ContainerPlan plan, CancellationToken cancellationToken) =>
        _running.TryGetValue(plan.ContainerId, out var running)
            ? running.Exit.WaitAsync(cancellationToken)
            : Task.FromResult(new ContainerExit(null, false, "The command is not known; how it ended is not known either"));

    /// <inheritdoc/>
    public async Task StopAsync(ContainerPlan plan, TimeSpan gracePeriod, CancellationToken cancellationToken)
    {
        if (!_running.TryGetValue(plan.ContainerId, out var running) || running.Exit.IsCompleted)
        {
            return;
        }

        if (running.Records.Command is { } command && command.IsAlive())
        {
            Terminate(plan.ContainerId, command);
        }

        await Task.WhenAny(running.Exit, Task.Delay(gracePeriod, _time, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
        if (!running.Exit.IsCompleted)
        {
            KillEverything(plan.ContainerId, running.Records);
        }
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(ContainerPlan plan, CancellationToken cancellationToken)
    {
        await CleanUpAsync(plan.ContainerId, new SupervisorRecords(Path.Combine(_records, plan.ContainerId)), cancellationToken);
        _running.TryRemove(plan.ContainerId, out _);
    }

    /// <inheritdoc/>
    public async Task RemoveOrphansAsync(IReadOnlySet<string> known, CancellationToken cancellationToken)
    {
        foreach (var containerId in _earlier.Where(id => !known.Contains(id)))
        {
            var records = new SupervisorRecords(Path.Combine(_records, containerId));
            records.TryAbandon();
            await GiveUpAsync(containerId, records, records.Supervisor is var (bootId, supervisor) && bootId == _bootId && supervisor.IsAlive() ? supervisor : null);
            LogOrphan(_logger, containerId);
        }
    }

    /// <summary>Lets go of everything; commands run on.</summary>
    public void Dispose()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        _stop.Cancel();
        _watcher.Dispose();
        _nothing.Dispose();
        _starts.Dispose();
    }

    private ProcessIdentity Start(
        ContainerPlan plan,
        byte[] script,
        SupervisorRecords records,
        IReadOnlyList<string> groups,
        ContainerLimits limits,
        IReadOnlyList<string> bounds,
        IReadOnlyList<string> identity,
        SafeHandle told)
    {
        using var tell = told;
        using var input = Native.MemoryFile("command", script);
        using var output = OpenLog(plan, "stdout", identity);
        using var error = OpenLog(plan, "stderr", identity);
        string[] arguments =
        [
            "sh", "-c", SupervisorScript.Text, "orchestrator-supervisor",
            records.Directory,
            plan.SandboxDirectory,
            limits.OutOfMemoryAdjustment?.ToString(CultureInfo.InvariantCulture) ?? "",
            groups.Count.ToString(CultureInfo.InvariantCulture),
            .. groups,
            .. bounds,
            _tools.SetSession,
            .. identity,
        ];
        var pid = ProcessSpawner.Start(CommandTools.Shell, arguments, CommandTools.Environment, input, _nothing, _nothing, tell, output, error);
        // It is our child and not reaped, so this is it whatever it has come to.
        return new ProcessIdentity(pid, ProcessStat.Read(pid)!.StartTicks);
    }

    /// <summary>The command's process, once it has begun.</summary>
    private async Task<int> StartedAsync(SafeFileHandle told, ProcessIdentity supervisor, CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        var buffer = new byte[1024];
        while (line.Length == 0 || line[^1] != '\n')
        {
            await _watcher.WaitAsync(told, cancellationToken);
            var read = Native.Read(told, buffer);
            if (read <= 0)
            {
                throw new ContainerLaunchException($"Failed to launch container: its supervisor (process {supervisor.Pid}) ended before the command began");
            }

            line.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }

        // "started 4711 (sh) S …" or "failed and why"
        var text = line.ToString().TrimEnd('\n');
        var words = text.Split(' ', 3);
        return words[0] == "started" && int.TryParse(words[1], CultureInfo.InvariantCulture, out var pid)
            ? pid
            : throw new ContainerLaunchException($"Failed to launch container: {text["failed ".Length..]}");
    }

    /// <summary>Waits for the end in the background.</summary>
    private void Follow(string containerId, SupervisorRecords records, ProcessIdentity? supervisor)
    {
        var exit = EndOfAsync(containerId, records, supervisor);
        _running[containerId] = new RunningCommand(records, supervisor) { Exit = exit };
    }

    private async Task<ContainerExit> EndOfAsync(string containerId, SupervisorRecords records, ProcessIdentity? supervisor)
    {
        if (supervisor is { } process)
        {
            await _watcher.WaitForProcessAsync(process, _stop.Token);
            Native.Reap(process.Pid);
        }

        await EmptyAsync(containerId, records);
        var outOfMemory = _cgroups.OutOfMemoryKills(containerId) > 0;
        return records.ExitCode is not { } code
            ? new ContainerExit(null, outOfMemory, "The process that supervised the command was killed, and the command with it; how it would have ended is not known")
            : new ContainerExit(code, outOfMemory && code != 0, Signals.Describe(code));
    }

    /// <summary>Ends what the command left running, and waits for it.</summary>
    private async Task EmptyAsync(string containerId, SupervisorRecords records)
    {
        var deadline = _time.GetUtcNow() + s_cleanUpPatience;
        while (IsOccupied(containerId, records) && _time.GetUtcNow() < deadline)
        {
            KillEverything(containerId, records);
            await Task.Delay(s_poll, _time, _stop.Token);
        }
    }

    private bool IsOccupied(string containerId, SupervisorRecords records) => _cgroups.CanTrack
        ? _cgroups.Processes(containerId).Count > 0
        : StrayProcesses.Of(records.Command, containerId).Count > 0;

    /// <summary>SIGTERM to the command's group, and to what has left the group but not the container.</summary>
    private void Terminate(string containerId, ProcessIdentity command)
    {
        var others = _cgroups.CanTrack ? _cgroups.Processes(containerId) : StrayProcesses.Of(command, containerId);
        foreach (var pid in others.Where(pid => ProcessStat.Read(pid) is { } process && process.Group != command.Pid))
        {
            Native.Kill(pid, Native.SigTerm);
        }

        Native.Kill(-command.Pid, Native.SigTerm);
    }

    private void KillEverything(string containerId, SupervisorRecords records)
    {
        if (_cgroups.CanTrack)
        {
            _cgroups.Kill(containerId);
            return;
        }

        foreach (var pid in StrayProcesses.Of(records.Command, containerId))
        {
            Native.Kill(pid, Native.SigKill);
        }
    }

    private async Task GiveUpAsync(string containerId, SupervisorRecords records, ProcessIdentity? supervisor)
    {
        try
        {
            if (supervisor is { } process)
            {
                // First those that would go on, then what they may have started.
                Native.Kill(-process.Pid, Native.SigKill);
                await _watcher.WaitForProcessAsync(process, _stop.Token);
                Native.Reap(process.Pid);
                await EmptyAsync(containerId, records);
            }

            await CleanUpAsync(containerId, records, _stop.Token);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            LogLeftBehind(_logger, containerId, e.Message);
        }
    }

    private async Task CleanUpAsync(string containerId, SupervisorRecords records, CancellationToken cancellationToken)
    {
        if (_cgroups.CanTrack && !await _cgroups.RemoveAsync(containerId, s_cleanUpPatience, cancellationToken))
        {
            LogLeftBehind(_logger, containerId, "a process in it does not end");
        }

        if (Directory.Exists(records.Directory))
        {
            Directory.Delete(records.Directory, recursive: true);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "No control groups can be made: commands run without limits of cpu and memory, held together by their process groups. Run the agent as root, or give it a writable --cgroups_hierarchy.")]
    private static partial void LogNoGroups(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The {Controllers} of commands cannot be limited on this machine: the controller is not available below --cgroups_hierarchy")]
    private static partial void LogNoLimits(ILogger logger, string controllers);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Container {ContainerId} of an earlier run belongs to no task that is known, and was ended")]
    private static partial void LogOrphan(ILogger logger, string containerId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Something of container {ContainerId} could not be removed: {Reason}")]
    private static partial void LogLeftBehind(ILogger logger, string containerId, string reason);
}
