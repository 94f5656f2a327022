using Orchestrator.AgentService.Isolation;
using Orchestrator.Core.Contract.Policy;

namespace Orchestrator.AgentService.Execution.Docker;

/// <summary>How Docker containers are run; from the agent's flags.</summary>
internal sealed record DockerOptions
{
    /// <summary>The daemon's socket.</summary>
    public required string Socket { get; init; }

    /// <summary>The agent's work directory: absolute, without links.</summary>
    public required string WorkDirectory { get; init; }

    /// <summary>Where a container finds its sandbox.</summary>
    public string SandboxDirectory { get; init; } = "/mnt/mesos/sandbox";

    /// <summary>What tasks may ask of the machine.</summary>
    public SecurityPolicy Policy { get; init; } = SecurityPolicy.Default;

    /// <summary>Whether requested cpus are a limit too.</summary>
    public bool EnforceCpus { get; init; }

    /// <summary>Accounts at registries.</summary>
    public RegistryCredentials Credentials { get; init; } = RegistryCredentials.None;

    /// <summary>How long an ended container is kept for a look at it.</summary>
    public TimeSpan RemoveDelay { get; init; }

    /// <summary>Whether containers of this agent that it knows nothing of are stopped and removed at start.</summary>
    public bool KillOrphans { get; init; } = true;

    /// <summary>SIGTERM to SIGKILL for orphans.</summary>
    public TimeSpan StopTimeout { get; init; }

    /// <summary>Where the kernel shows control groups; used for measuring only.</summary>
    public CgroupLayout Cgroups { get; init; } = new(null, new Dictionary<string, string>());

    /// <summary>How large log files become.</summary>
    public LogOptions Logs { get; init; } = LogOptions.Default;

    /// <summary>Containers that are created and started at a time. More only wait for each other in the daemon: measured, four are fastest on two cores.</summary>
    public int MaxConcurrentStarts { get; init; } = 4;

    /// <summary>The label of this agent's containers; several agents may share a daemon.</summary>
    public string Label => $"{LabelName}={WorkDirectory}";

    /// <summary>The name of the label.</summary>
    public const string LabelName = "orchestrator.work_dir";

    /// <summary>Progress of a container's output.</summary>
    public string LogRecord(string containerId) => Path.Combine(WorkDirectory, "docker", containerId + ".log.json");
}
