using System.Text.Json.Nodes;

#pragma warning disable CA1507 // The wire's names happen to be those of the properties.

namespace Orchestrator.AgentService.Execution.Docker;

/// <content>What each option of <c>docker run</c> writes.</content>
internal sealed partial class RunOptions
{
    private static readonly Dictionary<string, string> s_aliases = new(StringComparer.Ordinal)
    {
        ["a"] = "attach",
        ["c"] = "cpu-shares",
        ["d"] = "detach",
        ["dns-opt"] = "dns-option",
        ["e"] = "env",
        ["h"] = "hostname",
        ["i"] = "interactive",
        ["l"] = "label",
        ["m"] = "memory",
        ["net"] = "network",
        ["net-alias"] = "network-alias",
        ["P"] = "publish-all",
        ["p"] = "publish",
        ["t"] = "tty",
        ["u"] = "user",
        ["v"] = "volume",
        ["w"] = "workdir",
    };

    /// <summary>Options that would take the container out of the agent's hands, and what to do instead.</summary>
    private static readonly Dictionary<string, string> s_refused = new(StringComparer.Ordinal)
    {
        ["attach"] = "the agent keeps the output in the sandbox",
        ["cidfile"] = "it is a file of the docker client",
        ["cpu-shares"] = "set 'cpus' of the task",
        ["detach"] = "the agent follows the container",
        ["detach-keys"] = "the agent follows the container",
        ["env-file"] = "it is a file of the docker client; give 'env' of the task",
        ["label-file"] = "it is a file of the docker client; give 'label'",
        ["memory"] = "set 'mem' of the task",
        ["name"] = "the agent names the container",
        ["publish"] = "give port mappings, so that the host port comes out of the offer",
        ["publish-all"] = "give port mappings, so that the host ports come out of the offer",
        ["pull"] = "set force_pull_image",
        ["restart"] = "the scheduler starts ended tasks again; remove it",
        ["rm"] = "the agent removes the container (--docker_remove_delay)",
        ["sig-proxy"] = "the agent follows the container",
    };

    private static readonly Dictionary<string, Action<RunOptions, string>> s_options = new(StringComparer.Ordinal)
    {
        ["add-host"] = (o, v) => List(o.Host, "ExtraHosts").Add(HostEntry(v)),
        ["blkio-weight"] = (o, v) => o.Host["BlkioWeight"] = Integer(v),
        ["cap-add"] = (o, v) => List(o.Host, "CapAdd").Add(v),
        ["cap-drop"] = (o, v) => List(o.Host, "CapDrop").Add(v),
        ["cgroup-parent"] = (o, v) => o.Host["CgroupParent"] = v,
        ["cgroupns"] = (o, v) => o.Host["CgroupnsMode"] = v,
        ["cpu-period"] = (o, v) => o.Host["CpuPeriod"] = Integer(v),
        ["cpu-quota"] = (o, v) => o.Host["CpuQuota"] = Integer(v),
        ["cpus"] = (o, v) => o.SetCpus(v),
        ["cpuset-cpus"] = (o, v) => o.Host["CpusetCpus"] = v,
        ["cpuset-mems"] = (o, v) => o.Host["CpusetMems"] = v,
        ["device"] = (o, v) => List(o.Host, "Devices").Add(Device(v)),
        ["device-cgroup-rule"] = (o, v) => List(o.Host, "DeviceCgroupRules").Add(v),
        ["dns"] = (o, v) => List(o.Host, "Dns").Add(v),
        ["dns-option"] = (o, v) => List(o.Host, "DnsOptions").Add(v),
        ["dns-search"] = (o, v) => List(o.Host, "DnsSearch").Add(v),
        ["domainname"] = (o, v) => o.Config["Domainname"] = v,
        ["entrypoint"] = (o, v) => o.Config["Entrypoint"] = v.Length == 0 ? new JsonArray("") : new JsonArray(v),
        ["env"] = (o, v) => o.AddEnvironment(v),
        ["expose"] = (o, v) => Map(o.Config, "ExposedPorts")[v.Contains('/', StringComparison.Ordinal) ? v : v + "/tcp"] = new JsonObject(),
        ["group-add"] = (o, v) => List(o.Host, "GroupAdd").Add(v),
        ["hostname"] = (o, v) => o.Config["Hostname"] = v,
        ["init"] = (o, v) => o.Host["Init"] = Switch(v),
        ["interactive"] = (o, v) => o.Config["OpenStdin"] = Switch(v),
        ["ip"] = (o, v) => Map(o.Endpoint, "IPAMConfig")["IPv4Address"] = v,
        ["ip6"] = (o, v) => Map(o.Endpoint, "IPAMConfig")["IPv6Address"] = v,
        ["ipc"] = (o, v) => o.Host["IpcMode"] = v,
        ["label"] = (o, v) => Put(Map(o.Config, "Labels"), Pair(v, "NAME=VALUE", valueRequired: false)),
        ["link"] = (o, v) => List(o.Host, "Links").Add(v),
        ["log-driver"] = (o, v) => o.SetLogDriver(v),
        ["log-opt"] = (o, v) => Put(Map(Map(o.Host, "LogConfig"), "Config"), Pair(v, "NAME=VALUE")),
        ["mac-address"] = (o, v) => o.Config["MacAddress"] = v,
        ["memory-reservation"] = (o, v) => o.Host["MemoryReservation"] = Bytes(v),
        ["memory-swap"] = (o, v) => o.Host["MemorySwap"] = v == "-1" ? -1 : Bytes(v),
        ["memory-swappiness"] = (o, v) => o.Host["MemorySwappiness"] = Integer(v),
        ["mount"] = (o, v) => List(o.Host, "Mounts").Add(Mount(v)),
        ["network"] = (o, v) => o.Host["NetworkMode"] = v,
        ["network-alias"] = (o, v) => List(o.Endpoint, "Aliases").Add(v),
        ["no-healthcheck"] = (o, v) => o.Config["Healthcheck"] = Switch(v) ? new JsonObject { ["Test"] = new JsonArray("NONE") } : null,
        ["oom-kill-disable"] = (o, v) => o.Host["OomKillDisable"] = Switch(v),
        ["oom-score-adj"] = (o, v) => o.Host["OomScoreAdj"] = Integer(v),
        ["pid"] = (o, v) => o.Host["PidMode"] = v,
        ["pids-limit"] = (o, v) => o.Host["PidsLimit"] = Integer(v),
        ["privileged"] = (o, v) => o.Host["Privileged"] = Switch(v),
        ["read-only"] = (o, v) => o.Host["ReadonlyRootfs"] = Switch(v),
        ["runtime"] = (o, v) => o.Host["Runtime"] = v,
        ["security-opt"] = (o, v) => List(o.Host, "SecurityOpt").Add(v),
        ["shm-size"] = (o, v) => o.Host["ShmSize"] = Bytes(v),
        ["stop-signal"] = (o, v) => o.Config["StopSignal"] = v,
        ["stop-timeout"] = (o, v) => o.Config["StopTimeout"] = Integer(v),
        ["storage-opt"] = (o, v) => Put(Map(o.Host, "StorageOpt"), Pair(v, "NAME=VALUE")),
        ["sysctl"] = (o, v) => Put(Map(o.Host, "Sysctls"), Pair(v, "NAME=VALUE")),
        ["tmpfs"] = (o, v) => Put(Map(o.Host, "Tmpfs"), v.IndexOf(':', StringComparison.Ordinal) is >= 0 and var at ? (v[..at], v[(at + 1)..]) : (v, "")),
        ["tty"] = (o, v) => o.Config["Tty"] = Switch(v),
        ["ulimit"] = (o, v) => List(o.Host, "Ulimits").Add(Ulimit(v)),
        ["user"] = (o, v) => o.Config["User"] = v,
        ["userns"] = (o, v) => o.Host["UsernsMode"] = v,
        ["uts"] = (o, v) => o.Host["UTSMode"] = v,
        ["volume"] = (o, v) => o.AddVolume(v),
        ["volume-driver"] = (o, v) => o.Host["VolumeDriver"] = v,
        ["volumes-from"] = (o, v) => List(o.Host, "VolumesFrom").Add(v),
        ["workdir"] = (o, v) => o.Config["WorkingDir"] = v,
    };

    private void AddEnvironment(string text)
    {
        var (name, value) = Pair(text, "NAME=VALUE");
        Environment[name] = value;
    }

    /// <summary>A name alone is a path inside: an anonymous volume.</summary>
    private void AddVolume(string value)
    {
        if (value.Contains(':', StringComparison.Ordinal))
        {
            List(Host, "Binds").Add(value);
        }
        else if (value.StartsWith('/'))
        {
            Map(Config, "Volumes")[value] = new JsonObject();
        }
        else
        {
            throw new FormatException("expected SOURCE:/PATH, SOURCE:/PATH:ro or /PATH");
        }
    }

    private void SetLogDriver(string name)
    {
        var log = Map(Host, "LogConfig");
        if (log["Type"]?.GetValue<string>() != name)
        {
            log["Type"] = name;
            log.Remove("Config");
        }
    }

    private void SetCpus(string value)
    {
        // A quota of the agent's own and this one exclude each other.
        Host.Remove("CpuQuota");
        Host.Remove("CpuPeriod");
        Host["NanoCpus"] = (long)(Decimal(value) * 1_000_000_000m);
    }
}
