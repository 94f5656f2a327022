using Orchestrator.Core.Contract.Pods;

namespace Orchestrator.Core.Contract.Apps;

/// <summary>
/// What a user wants of one app, normalised and valid: new forms only, defaults filled in. Field meanings: Marathon's app
/// definition.
/// </summary>
public sealed record AppDefinition
{
    /// <summary>Absolute path, for example <c>/shop/web</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Shell command; null when <see cref="Args"/> or the image say what runs.</summary>
    public string? Cmd { get; init; }

    /// <summary>Arguments without a shell.</summary>
    public IReadOnlyList<string> Args { get; init; } = [];

    /// <summary>Account on the agent.</summary>
    public string? User { get; init; }

    /// <summary>Environment; a value is text or names a secret.</summary>
    public IReadOnlyDictionary<string, EnvValue> Env { get; init; } = new Dictionary<string, EnvValue>();

    /// <summary>Wanted number of instances.</summary>
    public int Instances { get; init; } = 1;

    /// <summary>
    /// One instance on every matching agent, whatever <see cref="Instances"/> said; the engine sets that to the number it has come to.
    /// </summary>
    public bool IsDaemon { get; init; }

    /// <summary>Cores an instance.</summary>
    public double Cpus { get; init; } = 1;

    /// <summary>Memory an instance, MiB.</summary>
    public double Mem { get; init; } = 128;

    /// <summary>Sandbox disk an instance, MiB.</summary>
    public double Disk { get; init; }

    /// <summary>GPUs an instance.</summary>
    public int Gpus { get; init; }

    /// <summary>Hard ceilings above the requests; null for none.</summary>
    public ResourceLimits? Limits { get; init; }

    /// <summary>Custom executor path; empty for commands and images.</summary>
    public string Executor { get; init; } = "";

    /// <summary>Placement rules, all of which must hold.</summary>
    public IReadOnlyList<PlacementConstraint> Constraints { get; init; } = [];

    /// <summary>Roles whose reservations may be used; null for any.</summary>
    public IReadOnlyList<string>? AcceptedResourceRoles { get; init; }

    /// <summary>Role that owns the tasks; null for the framework's.</summary>
    public string? Role { get; init; }

    /// <summary>Ids of apps that must run before this one starts.</summary>
    public IReadOnlyList<string> Dependencies { get; init; } = [];

    /// <summary>Free metadata.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Files that the agent fetches.</summary>
    public IReadOnlyList<FetchUri> Fetch { get; init; } = [];

    /// <summary>Networks that the task joins; host when nothing else was said.</summary>
    public IReadOnlyList<NetworkDefinition> Networks { get; init; } = [];

    /// <summary>Ports on the host network.</summary>
    public IReadOnlyList<PortDefinition> PortDefinitions { get; init; } = [];

    /// <summary>Host ports must equal the declared ones.</summary>
    public bool RequirePorts { get; init; }

    /// <summary>Container settings; null for a plain command.</summary>
    public ContainerDefinition? Container { get; init; }

    /// <summary>Liveness rules.</summary>
    public IReadOnlyList<HealthCheckDefinition> HealthChecks { get; init; } = [];

    /// <summary>What a new instance is asked during a deployment; at most one.</summary>
    public IReadOnlyList<ReadinessCheckDefinition> ReadinessChecks { get; init; } = [];

    /// <summary>How a new configuration replaces the old.</summary>
    public UpgradeStrategy UpgradeStrategy { get; init; } = new(1, 1);

    /// <summary>First delay of a relaunch after a failure.</summary>
    public double BackoffSeconds { get; init; } = 1;

    /// <summary>By how much each further failure lengthens it.</summary>
    public double BackoffFactor { get; init; } = 1.15;

    /// <summary>Longest delay.</summary>
    public double MaxLaunchDelaySeconds { get; init; } = 300;

    /// <summary>Whether the oldest are killed first on scale-down, not the youngest.</summary>
    public bool KillOldestFirst { get; init; }

    /// <summary>What to do about unreachable agents; null when disabled.</summary>
    public UnreachableStrategy? UnreachableStrategy { get; init; } = new(0, 0);

    /// <summary>Seconds between SIGTERM and SIGKILL; null for the agent's default.</summary>
    public double? TaskKillGracePeriodSeconds { get; init; }

    /// <summary>Seconds between the end of an instance's traffic and SIGTERM, for balancers; null for none. Our own.</summary>
    public double? DrainSeconds { get; init; }

    /// <summary>How the number of instances follows the load; null when only users change it.</summary>
    public AutoscalingDefinition? Autoscaling { get; init; }

    /// <summary>Fields that are kept as they were given, by name: raw JSON.</summary>
    public IReadOnlyDictionary<string, string> Other { get; init; } = new Dictionary<string, string>();

    /// <summary>What makes it a pod; null for an app.</summary>
    public PodDefinition? Pod { get; init; }

    /// <summary>Version of this configuration; set by the engine.</summary>
    public DateTimeOffset Version { get; init; }

    /// <summary>Time of the last scaling or restart; set by the engine.</summary>
    public DateTimeOffset LastScalingAt { get; init; }

    /// <summary>Time of the last change of configuration; set by the engine.</summary>
    public DateTimeOffset LastConfigChangeAt { get; init; }

    /// <summary>Whether its instances keep data on their agents, and so come back only there.</summary>
    public bool IsResident => Container?.Volumes.Any(volume => volume.Persistent is not null) == true;

    /// <summary>Whether it uses the host's network.</summary>
    public bool IsHostNetworking => Networks.Count == 0 || Networks[0].Mode == NetworkMode.Host;

    /// <summary>The ports in their order: definitions on the host network, mappings elsewhere.</summary>
    public IReadOnlyList<ServicePort> Ports => Pod is not null ? Pod.Ports(IsHostNetworking) : IsHostNetworking
        ? [.. PortDefinitions.Select(port => new ServicePort(port.Port, RequirePorts ? port.Port : 0, null, port.Protocol, port.Name, port.Labels))]
        : [.. (Container?.PortMappings ?? []).Select(port => new ServicePort(port.ServicePort, port.HostPort, port.ContainerPort, port.Protocol, port.Name, port.Labels))];
}
