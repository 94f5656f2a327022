using Orchestrator.AgentService.Sandbox;

namespace Orchestrator.AgentService.Isolation;

/// <summary>
/// The control groups of command tasks: one for each container below <c>--cgroups_root</c> in every tree that can be written.
/// Where none can, tasks run without limits and are held together by their process groups alone.
/// </summary>
internal sealed partial class Cgroups
{
    private static readonly TimeSpan s_retry = TimeSpan.FromMilliseconds(10);
    private readonly string? _unified;
    private readonly bool _unifiedControls;
    private readonly IReadOnlyDictionary<string, string> _controllers;

    private Cgroups(string? unified, bool unifiedControls, IReadOnlyDictionary<string, string> controllers)
    {
        _unified = unified;
        _unifiedControls = unifiedControls;
        _controllers = controllers;
    }

    /// <summary>None at all: an agent without the right to make any.</summary>
    internal static Cgroups None { get; } = new(null, false, new Dictionary<string, string>());

    /// <summary>Whether processes of a container can be told from others whatever they do.</summary>
    internal bool CanTrack => _unified is not null || _controllers.Count > 0;

    /// <summary>Whether memory can be limited.</summary>
    internal bool CanLimitMemory => _unifiedControls || _controllers.ContainsKey("memory");

    /// <summary>Whether processor time can be shared and limited.</summary>
    internal bool CanLimitCpu => _unifiedControls || _controllers.ContainsKey("cpu");

    /// <summary>Makes the common parents; what cannot be written is left out.</summary>
    /// <param name="layout">Where the kernel shows them.</param>
    /// <param name="root">A relative path, <c>mesos</c> by default.</param>
    internal static Cgroups Open(CgroupLayout layout, string root)
    {
        var unified = layout.Unified is { } tree && TryMake(Path.Combine(tree, root)) ? Path.Combine(tree, root) : null;
        var controls = unified is not null && Delegate(layout.Unified!, root);
        var controllers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in new[] { "memory", "cpu", "cpuacct", "freezer" })
        {
            // Version 2 counts processor time and ends all processes of a group by itself: two trees less to enter.
            var needed = !controls && (name is "memory" or "cpu" || unified is null);
            if (needed && layout.Controllers.TryGetValue(name, out var mount) && TryMake(Path.Combine(mount, root)))
            {
                controllers[name] = Path.Combine(mount, root);
            }
        }

        return new Cgroups(unified, controls, controllers);
    }

    /// <summary>Makes the groups of a container and sets its limits; the directories that its first process must enter.</summary>
    /// <exception cref="IOException">They cannot be made, or a limit is refused; nothing is left of them.</exception>
    internal IReadOnlyList<string> Create(string containerId, ContainerLimits limits)
    {
        var directories = Directories(containerId);
        try
        {
            foreach (var directory in directories)
            {
                Directory.CreateDirectory(directory);
            }

            Limit(containerId, limits);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            foreach (var directory in directories.Where(Directory.Exists))
            {
                Directory.Delete(directory);
            }

            throw new IOException($"The control groups below {directories[0]} cannot be set up: {e.Message}", e);
        }

        return directories;
    }

    /// <summary>Sets other limits of a container that runs. The kernel refuses less memory than is used now.</summary>
    /// <exception cref="IOException">A limit is refused.</exception>
    internal void Resize(string containerId, ContainerLimits limits) => Limit(containerId, limits);

    /// <summary>The groups of a container, whether they exist or not.</summary>
    internal IReadOnlyList<string> Directories(string containerId)
    {
        var roots = _controllers.Values.Distinct();
        return [.. (_unified is null ? roots : roots.Prepend(_unified)).Select(root => Path.Combine(root, containerId))];
    }

    /// <summary>The processes in a container now, those of groups that it made inside included.</summary>
    internal IReadOnlyList<int> Processes(string containerId)
    {
        try
        {
            // A directory has a link from each inside: two means none, and spares listing the group's many files.
            return Directories(containerId) is not [var first, ..] || Posix.Inspect(first) is not { } facts ? []
                : facts.Links == 2 ? CgroupText.Processes(Read(first, "cgroup.procs"))
                : [.. Directory.EnumerateDirectories(first, "*", SearchOption.AllDirectories).Prepend(first).SelectMany(directory => CgroupText.Processes(Read(directory, "cgroup.procs")))];
        }
        catch (DirectoryNotFoundException)
        {
            // It has just been removed, so it was empty.
            return [];
        }
    }

    /// <summary>SIGKILL to everything in a container, however fast it forks.</summary>
    internal void Kill(string containerId)
    {
        if (_unified is not null && TryWrite(Path.Combine(_unified, containerId, "cgroup.kill"), "1"))
        {
            return;
        }

        // Frozen processes do not fork; the signal takes effect once they thaw.
        var freezer = _controllers.TryGetValue("freezer", out var root) ? Path.Combine(root, containerId, "freezer.state") : null;
        var frozen = freezer is not null && TryWrite(freezer, "FROZEN");
        foreach (var pid in Processes(containerId))
        {
            Native.Kill(pid, Native.SigKill);
        }

        if (frozen)
        {
            TryWrite(freezer!, "THAWED");
        }
    }

    /// <summary>Ends what is left in a container and removes its groups; false when something would not go in time.</summary>
    internal async Task<bool> RemoveAsync(string containerId, TimeSpan patience, CancellationToken cancellationToken)
    {
        var deadline = DateTime.UtcNow + patience;
        while (true)
        {
            Kill(containerId);
            if (Directories(containerId).All(TryRemove))
            {
                return true;
            }

            if (DateTime.UtcNow > deadline)
            {
                return false;
            }

            await Task.Delay(s_retry, cancellationToken);
        }
    }

    /// <summary>How often the kernel ended a process of the container at its memory limit.</summary>
    internal long OutOfMemoryKills(string containerId) => _unifiedControls
        ? CgroupText.Value(Read(Path.Combine(_unified!, containerId), "memory.events"), "oom_kill") ?? 0
        : Controller("memory", containerId) is { } memory ? CgroupText.Value(Read(memory, "memory.oom_control"), "oom_kill") ?? 0
        : 0;

    private void Limit(string containerId, ContainerLimits limits)
    {
        if (_unifiedControls)
        {
            var group = Path.Combine(_unified!, containerId);
            Write(group, "cpu.weight", CgroupText.WeightOf(limits.CpuShares));
            Write(group, "cpu.max", limits.CpuQuotaMicroseconds is { } time ? FormattableString.Invariant($"{time} {ContainerLimits.PeriodMicroseconds}") : "max");
            Write(group, "memory.low", limits.MemorySoftBytes);
            Write(group, "memory.max", limits.MemoryHardBytes is { } bytes ? FormattableString.Invariant($"{bytes}") : "max");
            // The task as a whole ends at its limit, as the reference has it, not one process of it.
            TryWrite(Path.Combine(group, "memory.oom.group"), "1");
            return;
        }

        if (Controller("cpu", containerId) is { } cpu)
        {
            Write(cpu, "cpu.shares", limits.CpuShares);
            if (limits.CpuQuotaMicroseconds is { } quota)
            {
                Write(cpu, "cpu.cfs_period_us", ContainerLimits.PeriodMicroseconds);
                Write(cpu, "cpu.cfs_quota_us", quota);
            }
        }

        if (Controller("memory", containerId) is { } memory)
        {
            Write(memory, "memory.soft_limit_in_bytes", limits.MemorySoftBytes);
            if (limits.MemoryHardBytes is { } hard)
            {
                Write(memory, "memory.limit_in_bytes", hard);
            }
        }
    }

    private string? Controller(string name, string containerId) => _controllers.TryGetValue(name, out var root) ? Path.Combine(root, containerId) : null;

    /// <summary>Hands the controllers of version 2 down to the containers; false when there are none or they may not be handed down.</summary>
    private static bool Delegate(string tree, string root)
    {
        if (!HasControllers(tree, "cgroup.controllers"))
        {
            return false;
        }

        var directory = tree;
        var handedDown = HandDown(directory);
        foreach (var part in root.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            directory = Path.Combine(directory, part);
            handedDown = handedDown && HandDown(directory);
        }

        return handedDown;
    }

    private static bool HandDown(string directory) =>
        HasControllers(directory, "cgroup.subtree_control") || TryWrite(Path.Combine(directory, "cgroup.subtree_control"), "+cpu +memory");

    private static bool HasControllers(string directory, string file)
    {
        var controllers = (Read(directory, file) ?? "").Split([' ', '\n']);
        return controllers.Contains("cpu") && controllers.Contains("memory");
    }

    private static bool TryMake(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
            // A directory that exists may still be somebody else's.
            var probe = Path.Combine(directory, "probe-" + Environment.ProcessId);
            Directory.CreateDirectory(probe);
            Directory.Delete(probe);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Removes a group and those that were made inside it.</summary>
    private static bool TryRemove(string directory)
    {
        // A group is nearly always without others inside, and looking for them means to list its many files.
        if (!Directory.Exists(directory) || TryRemoveOne(directory))
        {
            return true;
        }

        try
        {
            return Directory.EnumerateDirectories(directory, "*", SearchOption.AllDirectories).OrderByDescending(path => path.Length).ToArray().All(TryRemoveOne)
                && TryRemoveOne(directory);
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
    }

    private static bool TryRemoveOne(string directory)
    {
        try
        {
            Directory.Delete(directory);
            return true;
        }
        catch (IOException)
        {
            return !Directory.Exists(directory);
        }
    }

    private static string? Read(string directory, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(directory, file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static void Write(string directory, string file, IFormattable value) =>
        File.WriteAllText(Path.Combine(directory, file), value.ToString(null, System.Globalization.CultureInfo.InvariantCulture));

    private static void Write(string directory, string file, string value) => File.WriteAllText(Path.Combine(directory, file), value);

    private static bool TryWrite(string path, string value)
    {
        try
        {
            // A group that has gone must not come back as a plain file where there are no control groups.
            if (!File.Exists(path))
            {
                return false;
            }

            File.WriteAllText(path, value);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
