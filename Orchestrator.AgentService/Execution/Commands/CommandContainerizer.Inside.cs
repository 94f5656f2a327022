using System.Globalization;
using System.Runtime.InteropServices;
using Orchestrator.AgentService.Execution.Nested;
using Orchestrator.AgentService.Isolation;
using Orchestrator.AgentService.Sandbox;
using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.AgentService.Execution.Commands;

/// <content>Output, health checks and numbers.</content>
internal sealed partial class CommandContainerizer
{
    /// <summary>Arguments: sandbox, number of control groups, these, the words in front of the command. Standard input: its script.</summary>
    private const string InsideText =
        """
        cd -P "$1" || exit 125
        groups=$2
        shift 2
        while [ "$groups" -gt 0 ]; do
          echo 0 >"$1/cgroup.procs" || exit 125
          shift
          groups=$((groups - 1))
        done
        exec "$@" /bin/sh
        """;

    /// <summary>The same for a program with input, whose script is descriptor 3. First argument: the terminal that becomes its own, or nothing.</summary>
    private const string OpenText =
        """
        if [ -n "$1" ]; then exec <>"$1" >&0 2>&0 || exit 125; fi
        shift
        cd -P "$1" || exit 125
        groups=$2
        shift 2
        while [ "$groups" -gt 0 ]; do
          echo 0 >"$1/cgroup.procs" || exit 125
          shift
          groups=$((groups - 1))
        done
        exec "$@" /bin/sh /proc/self/fd/3
        """;

    private static readonly TimeSpan s_scanAge = TimeSpan.FromSeconds(1);
    private (long Taken, List<ProcessStat> Processes)? _scan;

    /// <inheritdoc/>
    public async Task<int> ExecuteAsync(ContainerPlan plan, CommandInfo command, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (!_running.TryGetValue(plan.ContainerId, out var running) || running.Exit.IsCompleted)
        {
            throw new InvalidOperationException("The command has ended");
        }

        var environment = new Dictionary<string, string>(plan.Environment, StringComparer.Ordinal);
        foreach (var variable in command.Environment?.Variables ?? [])
        {
            environment[variable.Name] = variable.Value;
        }

        using var input = Native.MemoryFile("check", CommandScript.Build(command, environment));
        IReadOnlyList<string> groups = _cgroups.CanTrack ? _cgroups.Directories(plan.ContainerId) : [];
        string[] arguments =
        [
            "sh", "-c", InsideText, "orchestrator-check", plan.SandboxDirectory, groups.Count.ToString(CultureInfo.InvariantCulture), .. groups, .. _tools.Enter(plan.Group?.Network), .. _tools.Become(plan.User),
        ];
        var pid = ProcessSpawner.Start(CommandTools.Shell, arguments, CommandTools.Environment, input, _nothing, _nothing);
        var process = new ProcessIdentity(pid, ProcessStat.Read(pid)!.StartTicks);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            await _watcher.WaitForProcessAsync(process, limit.Token);
        }
        catch (OperationCanceledException)
        {
            Native.Kill(-pid, Native.SigKill);
            _ = ReapAsync(process);
            cancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException($"The command took longer than {timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s");
        }

        return Native.Reap(pid) ?? throw new InvalidOperationException("How the command ended is not known");
    }

    /// <inheritdoc/>
    public Task<IInsideProcess> OpenAsync(ContainerPlan plan, InsideCommand inside, CancellationToken cancellationToken)
    {
        if (!_running.TryGetValue(plan.ContainerId, out var running) || running.Exit.IsCompleted)
        {
            throw new InvalidOperationException("The command has ended");
        }

        var environment = new Dictionary<string, string>(plan.Environment, StringComparer.Ordinal);
        foreach (var variable in inside.Command.Environment?.Variables ?? [])
        {
            environment[variable.Name] = variable.Value;
        }

        if (inside.Terminal is not null)
        {
            environment.TryAdd("TERM", "xterm");
        }

        using var script = Native.MemoryFile("inside", CommandScript.Build(inside.Command, environment, isRead: true));
        return Task.FromResult<IInsideProcess>(inside.Terminal is { } terminal ? OpenWithTerminal(plan, script, terminal) : OpenWithPipes(plan, script));
    }

    private CommandInsideProcess OpenWithTerminal(ContainerPlan plan, SafeHandle script, TTYInfo wanted)
    {
        var terminal = PseudoTerminal.Open();
        try
        {
            SandboxOwner.Of(plan.User).Give(terminal.Path);
            if (wanted.WindowSize is { } size)
            {
                terminal.Resize(size.Rows, size.Columns);
            }

            var process = StartInside(plan, terminal.Path, _nothing, _nothing, _nothing, script);
            return new CommandInsideProcess(process, _watcher, terminal.Master, [(terminal.Master, false)], terminal);
        }
        catch
        {
            terminal.Dispose();
            throw;
        }
    }

    private CommandInsideProcess OpenWithPipes(ContainerPlan plan, SafeHandle script)
    {
        var (inputRead, inputWrite) = Native.Pipe();
        var (outputRead, outputWrite) = Native.Pipe();
        var (errorRead, errorWrite) = Native.Pipe();
        using (inputRead)
        using (outputWrite)
        using (errorWrite)
        {
            try
            {
                return new CommandInsideProcess(StartInside(plan, "", inputRead, outputWrite, errorWrite, script), _watcher, inputWrite, [(outputRead, false), (errorRead, true)], null);
            }
            catch
            {
                inputWrite.Dispose();
                outputRead.Dispose();
                errorRead.Dispose();
                throw;
            }
        }
    }

    private ProcessIdentity StartInside(ContainerPlan plan, string terminal, SafeHandle input, SafeHandle output, SafeHandle error, SafeHandle script)
    {
        IReadOnlyList<string> groups = _cgroups.CanTrack ? _cgroups.Directories(plan.ContainerId) : [];
        string[] arguments =
        [
            "sh", "-c", OpenText, "orchestrator-inside", terminal, plan.SandboxDirectory, groups.Count.ToString(CultureInfo.InvariantCulture),
            .. groups, .. _tools.Enter(plan.Group?.Network), .. _tools.Become(plan.User),
        ];
        var pid = ProcessSpawner.Start(CommandTools.Shell, arguments, CommandTools.Environment, input, output, error, script);
        return new ProcessIdentity(pid, ProcessStat.Read(pid)!.StartTicks);
    }

    /// <inheritdoc/>
    public Task<ResourceStatistics?> MeasureAsync(ContainerPlan plan, CancellationToken cancellationToken)
    {
        if (!_running.TryGetValue(plan.ContainerId, out var running) || running.Exit.IsCompleted)
        {
            return Task.FromResult<ResourceStatistics?>(null);
        }

        var limits = ContainerLimits.Of(plan.Task, _options.EnforceCpus, _options.MachineMemoryBytes);
        var statistics = new ResourceStatistics
        {
            Timestamp = (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds,
            CpusSoftLimit = limits.Cpus,
            MemSoftLimitBytes = (ulong)limits.MemorySoftBytes,
        };
        if (limits.CpuLimit is { } cpus)
        {
            statistics.CpusLimit = cpus;
        }

        if (limits.MemoryHardBytes is { } bytes)
        {
            statistics.MemLimitBytes = (ulong)bytes;
        }

        if (!_cgroups.Measure(plan.ContainerId, statistics) && running.Records.Command is { } command)
        {
            AddProcesses(command, statistics);
        }

        return Task.FromResult<ResourceStatistics?>(statistics);
    }

    /// <inheritdoc/>
    public Task ResizeAsync(ContainerPlan plan, CancellationToken cancellationToken)
    {
        if (_cgroups.CanTrack && _running.TryGetValue(plan.ContainerId, out var running) && !running.Exit.IsCompleted)
        {
            _cgroups.Resize(plan.ContainerId, ContainerLimits.Of(plan.Task, _options.EnforceCpus, _options.MachineMemoryBytes));
        }

        return Task.CompletedTask;
    }

    /// <summary>Sums up the command's session; processes that left it, and those that ended, are missing.</summary>
    private void AddProcesses(ProcessIdentity command, ResourceStatistics statistics)
    {
        if (_scan is not var (taken, processes) || _time.GetElapsedTime(taken) > s_scanAge)
        {
            processes = ProcessStat.ReadAll();
            _scan = (_time.GetTimestamp(), processes);
        }

        var own = processes.Where(process => process.Session == command.Pid).ToList();
        statistics.CpusUserTimeSecs = (double)own.Sum(process => process.UserTicks) / ProcessStat.TicksPerSecond;
        statistics.CpusSystemTimeSecs = (double)own.Sum(process => process.SystemTicks) / ProcessStat.TicksPerSecond;
        statistics.MemRssBytes = (ulong)(own.Sum(process => process.ResidentPages) * System.Environment.SystemPageSize);
    }

    /// <summary>Where a command writes: a file of its sandbox, or a pipe into the process that keeps that file short.</summary>
    private SafeHandle OpenLog(ContainerPlan plan, string name, IReadOnlyList<string> identity)
    {
        var path = Path.Combine(plan.SandboxDirectory, name);
        var file = SandboxLog.Open(path, SandboxOwner.Of(plan.User));
        if (!_options.Logs.IsLimited)
        {
            return file;
        }

        using (file)
        {
            var (read, write) = Native.Pipe();
            using var source = read;
            IReadOnlyList<string> arguments = identity.Count > 0 ? [.. identity, _tools.Split, .. _options.Logs.Arguments.Skip(1)] : _options.Logs.Arguments;
            var variables = CommandTools.Environment.Concat(_options.Logs.Variables(path)).ToDictionary();
            try
            {
                var pid = ProcessSpawner.Start(identity.Count > 0 ? identity[0] : _tools.Split, arguments, variables, source, _nothing, _nothing);
                _ = ReapAsync(new ProcessIdentity(pid, ProcessStat.Read(pid)!.StartTicks));
                return write;
            }
            catch
            {
                write.Dispose();
                throw;
            }
        }
    }

    /// <summary>Takes the status of a child in the background, so that it does not stay as a zombie.</summary>
    private async Task ReapAsync(ProcessIdentity process)
    {
        try
        {
            await _watcher.WaitForProcessAsync(process, _stop.Token);
            Native.Reap(process.Pid);
        }
        catch (OperationCanceledException)
        {
            // The agent stops; whoever adopts the child reaps it.
        }
    }
}
