namespace Orchestrator.Web.Console.ViewModels.Forms;

/// <summary>
/// What the create and edit dialog shows of a definition. Everything is text as it was typed, so that a half-written
/// number is neither lost nor guessed at; <see cref="AppFormReader"/> makes it of JSON, <see cref="AppFormWriter"/> brings
/// it back. Empty stands for "not given".
/// </summary>
public sealed class AppForm
{
    /// <summary>Path, for example <c>/shop/web</c>.</summary>
    public string Id { get; set; } = "";

    /// <summary>Cores.</summary>
    public string Cpus { get; set; } = "";

    /// <summary>Memory, MiB.</summary>
    public string Mem { get; set; } = "";

    /// <summary>Disk, MiB.</summary>
    public string Disk { get; set; } = "";

    /// <summary>GPUs.</summary>
    public string Gpus { get; set; } = "";

    /// <summary>Number of instances.</summary>
    public string Instances { get; set; } = "";

    /// <summary>Role that owns the tasks.</summary>
    public string Role { get; set; } = "";

    /// <summary>Shell command.</summary>
    public string Cmd { get; set; } = "";

    /// <summary>What runs it.</summary>
    public ContainerRuntime Runtime { get; set; }

    /// <summary>Image reference.</summary>
    public string Image { get; set; } = "";

    /// <summary>Whether the image is pulled at each launch.</summary>
    public bool ForcePullImage { get; set; }

    /// <summary>Whether the container has full access to the machine.</summary>
    public bool Privileged { get; set; }

    /// <summary>Further options of <c>docker run</c>.</summary>
    public List<PairRow> Parameters { get; set; } = [];

    /// <summary>Its network.</summary>
    public FormNetwork Network { get; set; }

    /// <summary>Name of the network when it is <see cref="FormNetwork.User"/>.</summary>
    public string NetworkName { get; set; } = "";

    /// <summary>Its ports.</summary>
    public List<PortRow> Ports { get; set; } = [];

    /// <summary>Whether nothing was said of ports, so that the app gets one of any number.</summary>
    public bool ArePortsDefault { get; set; } = true;

    /// <summary>Whether host ports must be the ones given; host network only.</summary>
    public bool RequirePorts { get; set; }

    /// <summary>Environment.</summary>
    public List<PairRow> Env { get; set; } = [];

    /// <summary>Labels.</summary>
    public List<PairRow> Labels { get; set; } = [];

    /// <summary>Health checks.</summary>
    public List<HealthCheckRow> HealthChecks { get; set; } = [];

    /// <summary>Volumes.</summary>
    public List<VolumeRow> Volumes { get; set; } = [];

    /// <summary>Path of a custom executor.</summary>
    public string Executor { get; set; } = "";

    /// <summary>Addresses of files to fetch, comma or line separated.</summary>
    public string Uris { get; set; } = "";

    /// <summary><c>field:operator[:value]</c>, comma or line separated.</summary>
    public string Constraints { get; set; } = "";

    /// <summary>Roles whose reservations may be used, comma separated.</summary>
    public string AcceptedResourceRoles { get; set; } = "";

    /// <summary>Account on the agent.</summary>
    public string User { get; set; } = "";

    /// <summary>Apps that must run first, comma separated.</summary>
    public string Dependencies { get; set; } = "";

    /// <summary>Share of instances that must stay healthy during a change, 0 to 1.</summary>
    public string MinimumHealthCapacity { get; set; } = "";

    /// <summary>Extra share of instances allowed during a change, 0 to 1.</summary>
    public string MaximumOverCapacity { get; set; } = "";

    /// <summary>First delay after a failure, seconds.</summary>
    public string BackoffSeconds { get; set; } = "";

    /// <summary>By how much each further failure lengthens it.</summary>
    public string BackoffFactor { get; set; } = "";

    /// <summary>Longest delay, seconds.</summary>
    public string MaxLaunchDelaySeconds { get; set; } = "";

    /// <summary>Seconds between SIGTERM and SIGKILL.</summary>
    public string TaskKillGracePeriodSeconds { get; set; } = "";
}
