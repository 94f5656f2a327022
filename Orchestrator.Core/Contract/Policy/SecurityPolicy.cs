namespace Orchestrator.Core.Contract.Policy;

/// <summary>
/// The one setting (<c>--policy</c>) that governs what a definition may ask of the machine. The services engine asks it when
/// a definition comes in, the agent again before a launch. Each answer names the setting and the remedy; null means allowed.
/// </summary>
/// <param name="Mode">How much is allowed.</param>
/// <param name="VolumeRoots">Absolute folders below which baseline allows host volumes.</param>
public sealed record SecurityPolicy(PolicyMode Mode, IReadOnlyList<string> VolumeRoots)
{
    /// <summary>Where host volumes are allowed unless told otherwise.</summary>
    public static IReadOnlyList<string> DefaultVolumeRoots { get; } = ["/srv", "/mnt", "/data", "/var/lib/orchestrator/volumes"];

    /// <summary>Baseline with the default folders.</summary>
    public static SecurityPolicy Default { get; } = new(PolicyMode.Baseline, DefaultVolumeRoots);

    private static readonly HashSet<string> s_dangerous = new(StringComparer.Ordinal)
    {
        "privileged", "device", "device-cgroup-rule", "security-opt", "cgroup-parent", "cgroupns", "pid", "ipc", "uts", "userns", "oom-kill-disable", "volumes-from", "runtime", "gpus",
    };

    private static readonly HashSet<string> s_harmlessCapabilities = new(StringComparer.OrdinalIgnoreCase)
    {
        "CHOWN", "DAC_OVERRIDE", "FSETID", "FOWNER", "MKNOD", "NET_RAW", "SETGID", "SETUID", "SETFCAP", "SETPCAP", "NET_BIND_SERVICE", "SYS_CHROOT", "KILL", "AUDIT_WRITE",
    };

    /// <summary>Whether a container may be privileged.</summary>
    public string? CheckPrivileged() => Mode == PolicyMode.Privileged ? null : Refusal("a privileged container", "--policy=privileged");

    /// <summary>Whether a container may use the host's network.</summary>
    public string? CheckHostNetwork() => Mode != PolicyMode.Restricted ? null : Refusal("the host's network for a container", "--policy=baseline");

    /// <summary>Whether a folder of the host may be mounted. Relative paths stand below the sandbox and are always allowed.</summary>
    public string? CheckHostPath(string path)
    {
        if (Mode == PolicyMode.Privileged || !path.StartsWith('/'))
        {
            return path.StartsWith('/') || !path.Split('/').Contains("..") ? null : $"The host path '{path}' leaves the sandbox; remove '..'.";
        }

        var canonical = Canonical(path);
        if (Mode == PolicyMode.Restricted)
        {
            return Refusal($"the host path {canonical}", "--policy=baseline with --volume_roots");
        }

        return VolumeRoots.Any(root => IsBelow(canonical, Canonical(root)))
            ? null
            : Refusal($"the host path {canonical}", $"a path below {string.Join(", ", VolumeRoots)} (--volume_roots), or --policy=privileged");
    }

    /// <summary>Whether an option of <c>docker run</c> may be given.</summary>
    public string? CheckParameter(string key, string value)
    {
        if (Mode == PolicyMode.Privileged)
        {
            return null;
        }

        var problem = key switch
        {
            "security-opt" when value is "no-new-privileges" or "no-new-privileges:true" or "no-new-privileges=true" => null,
            _ when s_dangerous.Contains(key) => "x",
            "cap-add" when !s_harmlessCapabilities.Contains(value.StartsWith("CAP_", StringComparison.OrdinalIgnoreCase) ? value[4..] : value) => "x",
            "net" or "network" when value == "host" => CheckHostNetwork(),
            "net" or "network" when value.StartsWith("container:", StringComparison.Ordinal) || value.StartsWith("ns:", StringComparison.Ordinal) => "x",
            "v" or "volume" when value.StartsWith('/') => CheckHostPath(value.Split(':')[0]),
            "oom-score-adj" when value.StartsWith('-') => "x",
            "mount" when value.Contains("type=bind", StringComparison.Ordinal) => "x",
            _ => null,
        };
        return problem == "x" ? Refusal($"the docker parameter {key}={value}", "--policy=privileged") : problem;
    }

    private string Refusal(string what, string remedy) => $"--policy={Mode.ToString().ToLowerInvariant()} does not allow {what}; use {remedy}.";

    private static bool IsBelow(string path, string root) => path == root || path.StartsWith(root.TrimEnd('/') + "/", StringComparison.Ordinal);

    /// <summary>Without <c>.</c>, <c>..</c> and double slashes. Links are for the agent to resolve.</summary>
    private static string Canonical(string path)
    {
        var parts = new List<string>();
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".." && parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part is not ("." or ".."))
            {
                parts.Add(part);
            }
        }

        return "/" + string.Join('/', parts);
    }
}
