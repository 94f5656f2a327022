using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Orchestrator.AgentService.Execution.Docker;
using Orchestrator.AgentService.Link;
using Orchestrator.Core.Contract.Policy;
using Orchestrator.Core.Resources;
using Orchestrator.Core.Runtime.Flags;

namespace Orchestrator.AgentService.Hosting;

/// <summary>The agent's configuration, checked as a whole at start.</summary>
public sealed class AgentFlags
{
    private AgentFlags(FlagValues values) => Values = values;

    /// <summary>All flags, for the rest and for <c>/flags</c>.</summary>
    public FlagValues Values { get; }

    /// <summary>Where the masters are.</summary>
    public IReadOnlyList<Uri> Masters { get; private set; } = [];

    /// <summary>The address to listen at.</summary>
    public IPAddress Ip { get; private set; } = IPAddress.Loopback;

    /// <summary>The port to listen at; 0 for any.</summary>
    public int Port { get; private set; }

    /// <summary>Absolute, without links and without a slash at its end.</summary>
    public string WorkDirectory { get; private set; } = "";

    /// <summary>In the order in which they are asked.</summary>
    public IReadOnlyList<string> Containerizers { get; private set; } = [];

    /// <summary>The base set of variables of command tasks.</summary>
    public IReadOnlyDictionary<string, string> ExecutorEnvironment { get; private set; } = new Dictionary<string, string>();

    /// <summary>The agent's own account at the master; null without.</summary>
    public AuthenticationHeaderValue? Credential { get; private set; }

    /// <summary>Who may use the agent's own endpoints, name to secret.</summary>
    public IReadOnlyDictionary<string, string> HttpCredentials { get; private set; } = new Dictionary<string, string>();

    /// <summary>Attributes in Mesos' text form, parsed.</summary>
    public IReadOnlyList<Core.Contract.Mesos.Attribute> Attributes { get; private set; } = [];

    /// <summary>Resources that were given; the rest is detected.</summary>
    public ResourceList Resources { get; private set; } = ResourceList.Empty;

    /// <summary>What tasks may ask of the machine: <c>--policy</c> and <c>--volume_roots</c>.</summary>
    public SecurityPolicy Policy { get; private set; } = SecurityPolicy.Default;

    /// <summary>Accounts at image registries: <c>--docker_config</c>, else those of the agent's own user.</summary>
    internal RegistryCredentials RegistryAccounts { get; private set; } = RegistryCredentials.None;

    /// <summary>Path of Docker's unix socket.</summary>
    public string DockerSocket { get; private set; } = "";

    /// <summary>Whether somebody must authenticate to read.</summary>
    public bool AuthenticatesReaders => Values.IsSet("authenticate_http_readonly");

    /// <summary>Whether the other endpoints need an account.</summary>
    public bool AuthenticatesWriters => Values.IsSet("authenticate_http_readwrite");

    /// <summary>Reads and checks everything.</summary>
    /// <exception cref="FlagException">Something is wrong; the message names it and the remedy.</exception>
    public static AgentFlags Parse(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var flags = new AgentFlags(new FlagValues(AgentFlagTable.All, arguments, environment));
        flags.Check();
        return flags;
    }

    private void Check()
    {
        Masters = Convert("master", text => MasterAddress.Parse(text)) ?? throw new FlagException("--master is missing: give host:port of the master, for example --master=127.0.0.1:5050");
        Ip = Convert("ip", IPAddress.Parse)!;
        Port = Values.Number("port", 0, 65535);
        _ = Values.Get("advertise_port") is null ? 0 : Values.Number("advertise_port", 1, 65535);
        _ = Convert("advertise_ip", IPAddress.Parse);
        WorkDirectory = Path.TrimEndingDirectorySeparator(Path.GetFullPath(Values.Get("work_dir") is { Length: > 0 } directory
            ? directory
            : throw new FlagException("--work_dir is missing: name a directory for sandboxes and state, for example --work_dir=/var/lib/mesos")));
        Containerizers = Values.Get("containerizers")!.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var name in Containerizers.Where(name => name is not ("mesos" or "docker")))
        {
            throw new FlagException($"--containerizers: '{name}' is not known; use mesos, docker or docker,mesos");
        }

        if (Containerizers.Count == 0)
        {
            throw new FlagException("--containerizers is empty; use mesos, docker or docker,mesos");
        }

        Attributes = Convert("attributes", AttributeList.Parse) ?? [];
        Resources = Convert("resources", text => ResourceList.Parse(text, Values.Get("default_role")!)) ?? ResourceList.Empty;
        ExecutorEnvironment = Convert("executor_environment_variables", ReadVariables) ?? new Dictionary<string, string>();
        Credential = Convert("credential", ReadCredential);
        HttpCredentials = Convert("http_credentials", ReadCredentials) ?? new Dictionary<string, string>();
        _ = Values.Duration("gc_delay");
        _ = Values.Duration("disk_watch_interval");
        _ = Values.Duration("docker_remove_delay");
        _ = Values.Duration("docker_stop_timeout");
        _ = Values.Duration("usage_interval");
        _ = Values.Fraction("gc_disk_headroom");
        _ = Values.Number("max_completed_executors_per_framework", 0, 10_000);
        _ = Values.IsSet("switch_user") || Values.IsSet("cgroups_enable_cfs") || Values.IsSet("docker_kill_orphans") || Values.IsSet("shutdown_tasks_on_exit");
        _ = Values.Duration("fetcher_stall_timeout");
        _ = Values.Bytes("fetcher_cache_size");
        _ = Values.Bytes("fetcher_max_size");
        _ = Values.Bytes("sandbox_log_size");
        _ = Values.Number("sandbox_log_files", 1, 1000);
        _ = Values.Duration("executor_registration_timeout");
        _ = Values.Duration("executor_shutdown_grace_period");
        _ = Values.Duration("recovery_timeout");
        if (Values.Duration("executor_reregistration_timeout") > TimeSpan.FromSeconds(15))
        {
            throw new FlagException($"--executor_reregistration_timeout={Values.Get("executor_reregistration_timeout")}: at most 15secs, because tasks of executors that are gone wait for it");
        }

        DockerSocket = Convert("docker_socket", ReadSocket)!;
        RegistryAccounts = Convert("docker_config", RegistryCredentials.OfFlag)
            ?? RegistryCredentials.OfFolder(System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile))
            ?? RegistryCredentials.None;
        CheckPolicy();
        CheckExposure();
    }

    private void CheckPolicy()
    {
        var mode = Values.OneOf("policy", "baseline", "restricted", "privileged") switch
        {
            "restricted" => PolicyMode.Restricted,
            "privileged" => PolicyMode.Privileged,
            _ => PolicyMode.Baseline,
        };

        var roots = Values.Get("volume_roots")!.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var root in roots.Where(root => !root.StartsWith('/')))
        {
            throw new FlagException($"--volume_roots: '{root}' is no absolute path, for example /srv,/mnt");
        }

        Policy = new SecurityPolicy(mode, roots);
    }

    private void CheckExposure()
    {
        var authenticated = AuthenticatesReaders && Values.IsSet("authenticate_http_readwrite");
        if (authenticated && HttpCredentials.Count == 0)
        {
            throw new FlagException("--authenticate_http_readonly needs --http_credentials: name a file {\"credentials\":[{\"principal\":\"P\",\"secret\":\"S\"}]}");
        }

        if (!IPAddress.IsLoopback(Ip) && !authenticated && !Values.IsSet("insecure"))
        {
            throw new FlagException(
                $"--ip={Ip}: the agent would be open to everybody who reaches this address. Set --authenticate_http_readonly --authenticate_http_readwrite "
                + "--http_credentials=FILE, listen on 127.0.0.1 only, or accept the risk with --insecure");
        }
    }

    private T? Convert<T>(string name, Func<string, T> convert)
    {
        if (Values.Get(name) is not { } text)
        {
            return default;
        }

        try
        {
            return convert(text);
        }
        catch (Exception e) when (e is FormatException or ResourceException or JsonException or IOException or UnauthorizedAccessException)
        {
            throw new FlagException(e.Message.StartsWith("--", StringComparison.Ordinal) ? e.Message : $"--{name}: {e.Message}");
        }
    }

    /// <summary>A path, or <c>unix://</c> and a path.</summary>
    private static string ReadSocket(string text)
    {
        var path = text.StartsWith("unix://", StringComparison.Ordinal) ? text["unix://".Length..] : text;
        return path.StartsWith('/') ? path : throw new FormatException($"'{text}' is no absolute path of a unix socket, for example /var/run/docker.sock");
    }

    private static Dictionary<string, string> ReadVariables(string json) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(InlineOrFile(json))
        ?? throw new FormatException("expected a JSON object of strings, for example {\"LANG\":\"C.UTF-8\"}");

    private static AuthenticationHeaderValue ReadCredential(string text)
    {
        using var document = JsonDocument.Parse(InlineOrFile(text));
        var (principal, secret) = ReadPair(document.RootElement);
        return new AuthenticationHeaderValue("Basic", System.Convert.ToBase64String(Encoding.UTF8.GetBytes($"{principal}:{secret}")));
    }

    private static Dictionary<string, string> ReadCredentials(string text)
    {
        using var document = JsonDocument.Parse(InlineOrFile(text));
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("credentials", out var list) || list.ValueKind != JsonValueKind.Array)
        {
            throw new FormatException("expected {\"credentials\":[{\"principal\":\"P\",\"secret\":\"S\"}]}");
        }

        return list.EnumerateArray().Select(ReadPair).ToDictionary(pair => pair.Principal, pair => pair.Secret);
    }

    private static (string Principal, string Secret) ReadPair(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty("principal", out var principal) && principal.ValueKind == JsonValueKind.String && principal.GetString() is { Length: > 0 } name
        && element.TryGetProperty("secret", out var secret) && secret.ValueKind == JsonValueKind.String
            ? (name, secret.GetString()!)
            : throw new FormatException("expected {\"principal\":\"P\",\"secret\":\"S\"}");

    /// <summary>JSON itself, or the content of the file that an absolute path names.</summary>
    private static string InlineOrFile(string text) => text.StartsWith('/') ? File.ReadAllText(text) : text;
}
