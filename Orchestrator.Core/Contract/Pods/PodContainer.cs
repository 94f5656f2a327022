using Orchestrator.Core.Contract.Apps;

namespace Orchestrator.Core.Contract.Pods;

/// <summary>One container of a pod.</summary>
public sealed record PodContainer
{
    /// <summary>Unique in the pod; part of its task ids.</summary>
    public required string Name { get; init; }

    /// <summary>Shell command; null when <see cref="Arguments"/> or the image say what runs.</summary>
    public string? Shell { get; init; }

    /// <summary>Program and arguments without a shell.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Whether the first argument replaces the program of the image.</summary>
    public bool OverridesEntrypoint { get; init; }

    /// <summary>Docker image; null for a plain command.</summary>
    public string? Image { get; init; }

    /// <summary>Whether the image is pulled before every launch.</summary>
    public bool ForcePull { get; init; }

    /// <summary>Cores.</summary>
    public double Cpus { get; init; } = 1;

    /// <summary>Memory, MiB.</summary>
    public double Mem { get; init; } = 128;

    /// <summary>Disk, MiB.</summary>
    public double Disk { get; init; }

    /// <summary>GPUs.</summary>
    public int Gpus { get; init; }

    /// <summary>Hard ceilings above the requests; null for none.</summary>
    public ResourceLimits? Limits { get; init; }

    /// <summary>Where it listens.</summary>
    public IReadOnlyList<PodEndpoint> Endpoints { get; init; } = [];

    /// <summary>Environment beside the pod's; its values win.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Account; null for the pod's.</summary>
    public string? User { get; init; }

    /// <summary>Free metadata.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether it has a terminal.</summary>
    public bool HasTerminal { get; init; }

    /// <summary>Files that the agent fetches.</summary>
    public IReadOnlyList<FetchUri> Artifacts { get; init; } = [];

    /// <summary>Whether it is well; asked by the agent. Its port index counts the endpoints of the whole pod.</summary>
    public HealthCheckDefinition? HealthCheck { get; init; }

    /// <summary>The pod's volumes in it.</summary>
    public IReadOnlyList<PodVolumeMount> Mounts { get; init; } = [];

    /// <summary>Seconds between SIGTERM and SIGKILL; null for the agent's default.</summary>
    public double? KillGraceSeconds { get; init; }
}
