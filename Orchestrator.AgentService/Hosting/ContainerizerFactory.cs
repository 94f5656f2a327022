using Orchestrator.Core.Runtime.Flags;
using System.Security.Cryptography;
using System.Text;
using Orchestrator.AgentService.Execution;
using Orchestrator.AgentService.Execution.Commands;
using Orchestrator.AgentService.Execution.Docker;
using Orchestrator.AgentService.Execution.Fetching;
using Orchestrator.AgentService.Execution.Groups;
using Orchestrator.AgentService.Isolation;
using Orchestrator.AgentService.Sandbox;

namespace Orchestrator.AgentService.Hosting;

/// <summary>Makes what <c>--containerizers</c> names, in that order.</summary>
internal static class ContainerizerFactory
{
    /// <exception cref="FlagException">One of them cannot work on this machine.</exception>
    internal static IReadOnlyList<IContainerizer> Create(AgentFlags flags, ILoggerFactory logging)
    {
        try
        {
            var tools = CommandTools.Find();
            var fetcher = new Fetcher(FetcherOptionsOf(flags), tools);
            IReadOnlyList<IContainerizer> made = [.. flags.Containerizers.Select(name => Create(name, flags, tools, logging)).OfType<IContainerizer>().Select(inner => new FetchingContainerizer(inner, fetcher))];
            return made.Count > 0
                ? made
                : throw new FlagException($"--containerizers={string.Join(',', flags.Containerizers)}: none of these is part of this build");
        }
        catch (FileNotFoundException e)
        {
            throw new FlagException($"--containerizers={string.Join(',', flags.Containerizers)}: {e.Message}");
        }
    }

    /// <summary>The networks of task groups; null without Docker.</summary>
    internal static IGroupNetworks? Networks(AgentFlags flags, ILoggerFactory logging) => flags.Containerizers.Contains("docker")
        ? new GroupNetworks(new DockerEngine(flags.DockerSocket), flags.WorkDirectory, logging.CreateLogger<GroupNetworks>())
        : null;

    private static IContainerizer? Create(string name, AgentFlags flags, CommandTools tools, ILoggerFactory logging) => name switch
    {
        "mesos" => Commands(flags, tools, logging),
        "docker" => Docker(flags, logging),
        _ => null,
    };

    private static DockerContainerizer Docker(AgentFlags flags, ILoggerFactory logging) => new(
        new DockerEngine(flags.DockerSocket),
        new DockerOptions
        {
            Socket = flags.DockerSocket,
            WorkDirectory = flags.WorkDirectory,
            SandboxDirectory = flags.Values.Get("sandbox_directory")!,
            Policy = flags.Policy,
            EnforceCpus = flags.Values.IsSet("cgroups_enable_cfs"),
            Credentials = flags.RegistryAccounts,
            // Told to end its tasks, the agent leaves nothing behind.
            RemoveDelay = flags.Values.IsSet("shutdown_tasks_on_exit") ? TimeSpan.Zero : flags.Values.Duration("docker_remove_delay"),
            KillOrphans = flags.Values.IsSet("docker_kill_orphans"),
            StopTimeout = flags.Values.Duration("docker_stop_timeout"),
            Cgroups = CgroupLayout.Parse(File.ReadLines("/proc/self/mountinfo"), flags.Values.Get("cgroups_hierarchy")!),
            Logs = new LogOptions(flags.Values.Bytes("sandbox_log_size"), flags.Values.Number("sandbox_log_files", 1, 1000)),
        },
        MachineMemoryBytes(),
        TimeProvider.System,
        logging);

    private static long MachineMemoryBytes() => UsageReporter.ReadMemory() is var (total, _) ? (long)total * 1024 : 0;

    private static CommandContainerizer Commands(AgentFlags flags, CommandTools tools, ILoggerFactory logging)
    {
        var layout = CgroupLayout.Parse(File.ReadLines("/proc/self/mountinfo"), flags.Values.Get("cgroups_hierarchy")!);
        var options = new CommandOptions
        {
            WorkDirectory = flags.WorkDirectory,
            BootId = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim(),
            Policy = flags.Policy,
            Logs = new LogRotator(flags.Values.Bytes("sandbox_log_size"), flags.Values.Number("sandbox_log_files", 1, 1000)),
            EnforceCpus = flags.Values.IsSet("cgroups_enable_cfs"),
            MachineMemoryBytes = MachineMemoryBytes(),
        };
        return new CommandContainerizer(options, Cgroups.Open(layout, flags.Values.Get("cgroups_root")!), tools, TimeProvider.System, logging.CreateLogger<CommandContainerizer>());
    }

    /// <summary>The cache has a directory of its own below the one given, because it is emptied at start and agents may share the latter.</summary>
    private static FetcherOptions FetcherOptionsOf(AgentFlags flags)
    {
        var own = "agent-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(flags.WorkDirectory)))[..12];
        return new FetcherOptions
        {
            Home = flags.Values.Get("frameworks_home") is { Length: > 0 } home ? home : null,
            CacheDirectory = Path.Combine(flags.Values.Get("fetcher_cache_dir") ?? Path.Combine(flags.WorkDirectory, "fetch"), own),
            CacheBytes = flags.Values.Bytes("fetcher_cache_size"),
            StallTimeout = flags.Values.Duration("fetcher_stall_timeout"),
            MaxBytes = flags.Values.Bytes("fetcher_max_size"),
            Policy = flags.Policy,
        };
    }
}
