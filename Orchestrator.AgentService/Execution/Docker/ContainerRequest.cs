using System.Globalization;
using System.Text.Json.Nodes;
using Orchestrator.AgentService.Isolation;
using Orchestrator.Core.Contract.Mesos;
using DockerInfo = Orchestrator.Core.Contract.Mesos.ContainerInfo.Types.DockerInfo;

namespace Orchestrator.AgentService.Execution.Docker;

/// <summary>Turns a task into the body of <c>POST /containers/create</c>. Source: the reference's calls of <c>docker run</c>.</summary>
/// <param name="options">How containers are run.</param>
/// <param name="paths">Which folders may be mounted.</param>
/// <param name="machineBytes">Memory of the machine.</param>
internal sealed class ContainerRequest(DockerOptions options, HostPaths paths, long machineBytes)
{
    /// <summary>
    /// The daemon's own copy of the output is bounded too, at twice this. It is what the sandbox is written from after a
    /// restart of the agent; a daemon that rotates while it is followed loses output when the reader is a file behind
    /// (observed with 20.10), so it is large. A log driver of the task's choice replaces this.
    /// </summary>
    private const string DaemonLogSize = "100m";

    /// <summary>The body.</summary>
    /// <exception cref="ContainerLaunchException">The definition is wrong or the policy does not allow it; the message says what and the remedy.</exception>
    internal JsonObject Build(ContainerPlan plan)
    {
        try
        {
            return BuildChecked(plan);
        }
        catch (FormatException e)
        {
            throw new ContainerLaunchException($"Failed to create docker run options: {e.Message}");
        }
    }

    private JsonObject BuildChecked(ContainerPlan plan)
    {
        var container = plan.Task.Container;
        UnsupportedFields.CheckDocker(plan.Task);
        var docker = container.Docker ?? throw new FormatException("the container is of type DOCKER but has no 'docker' with an 'image'");
        if (docker.Image.Length == 0)
        {
            throw new FormatException("'image' is empty; name an image");
        }

        var run = new RunOptions();
        run.Config["Image"] = docker.Image;
        SetCommand(run, plan.Task.Command);
        foreach (var (name, value) in plan.Environment)
        {
            run.Environment[name] = value;
        }

        SetLimits(run, plan.Task);
        SetProcessLimits(run, plan.Task);
        if (plan.Group?.Network is { } shared)
        {
            run.Host["NetworkMode"] = "container:" + shared.Holder;
        }
        else
        {
            SetNetwork(run, plan.Task, docker);
        }

        if (container.HasHostname)
        {
            run.Config["Hostname"] = container.Hostname;
        }

        if (docker.Privileged)
        {
            Require(options.Policy.CheckPrivileged());
            run.Host["Privileged"] = true;
        }

#pragma warning disable CS0612 // Old, but what frameworks of the time send.
        var driver = docker.HasVolumeDriver ? docker.VolumeDriver : null;
#pragma warning restore CS0612
        if (driver is not null)
        {
            run.Host["VolumeDriver"] = driver;
        }

        var mounts = new VolumeMount(options, paths, plan, driver is not null);
        mounts.AddPersistent(run.Host);
        foreach (var volume in container.Volumes)
        {
            mounts.Add(run.Host, volume);
        }

        VolumeMount.Bind(run.Host, plan.SandboxDirectory, options.SandboxDirectory, null);

        run.Host["LogConfig"] = new JsonObject { ["Type"] = "json-file", ["Config"] = new JsonObject { ["max-size"] = DaemonLogSize, ["max-file"] = "2" } };
        foreach (var parameter in docker.Parameters)
        {
            Apply(run, parameter);
        }

        RunOptions.Map(run.Config, "Labels")[DockerOptions.LabelName] = options.WorkDirectory;
        return run.ToBody(run.Host["NetworkMode"]?.GetValue<string>());
    }

    private void Apply(RunOptions run, Parameter parameter)
    {
        var key = RunOptions.Canonical(parameter.Key);
        Require(options.Policy.CheckParameter(key, parameter.Value));
        if (options.EnforceCpus && key is ("cpus" or "cpu-quota" or "cpu-period"))
        {
            throw new FormatException($"docker parameter '{parameter.Key}' cannot be used where --cgroups_enable_cfs limits processors; set 'cpus' of the task or its limit");
        }

        var value = parameter.Value;
        if (key == "volume" && value.StartsWith('/') && value.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
        {
            value = paths.Allow(value[..colon]) + value[colon..];
        }

        if (key == "ulimit" && run.Host["Ulimits"] is JsonArray limits
            && limits.Any(limit => value.StartsWith(limit!["Name"]!.GetValue<string>() + "=", StringComparison.Ordinal)))
        {
            throw new FormatException($"docker parameter 'ulimit' sets '{value.Split('=')[0]}' a second time; keep one of it and 'container.rlimit_info'");
        }

        run.Apply(parameter.Key, value);
    }

    private void SetProcessLimits(RunOptions run, TaskInfo task)
    {
        foreach (var limit in ProcessLimit.Of(task))
        {
            if (limit.Name == "as")
            {
                throw new FormatException("'container.rlimit_info': Docker has no limit RLMT_AS; set 'mem' of the task");
            }

            Require(options.Policy.CheckParameter("ulimit", limit.Name));
            // The daemon takes the kernel's 64 bits as a signed number: no limit is -1.
            RunOptions.List(run.Host, "Ulimits").Add(new JsonObject { ["Name"] = limit.Name, ["Soft"] = unchecked((long)limit.Soft), ["Hard"] = unchecked((long)limit.Hard) });
        }
    }

    private static void SetCommand(RunOptions run, CommandInfo? command)
    {
        if (command is null)
        {
            return;
        }

        if (command.Shell)
        {
            if (!command.HasValue)
            {
                throw new FormatException("Shell specified but no command value provided: give 'value', or set 'shell' to false to run the image's own command");
            }

            run.Config["Entrypoint"] = new JsonArray("/bin/sh");
            run.Config["Cmd"] = new JsonArray("-c", command.Value);
            return;
        }

        var words = new JsonArray();
        if (command.HasValue)
        {
            words.Add(command.Value);
        }

        foreach (var argument in command.Arguments)
        {
            words.Add(argument);
        }

        if (words.Count > 0)
        {
            run.Config["Cmd"] = words;
        }
    }

    /// <summary>The limits of a container that runs, for <c>POST /containers/NAME/update</c>.</summary>
    internal JsonObject Limits(TaskInfo task)
    {
        var body = new JsonObject();
        var limits = ContainerLimits.Of(task, options.EnforceCpus, machineBytes);
        SetLimits(body, limits);
        if (limits.MemoryHardBytes is { } hard)
        {
            // Twice the memory, as the daemon made it at the start; left alone, it would not let the memory grow.
            body["MemorySwap"] = 2 * hard;
        }

        return body;
    }

    private static void SetLimits(JsonObject host, ContainerLimits limits)
    {
        host["CpuShares"] = limits.CpuShares;
        if (limits.CpuQuotaMicroseconds is { } quota)
        {
            host["CpuPeriod"] = ContainerLimits.PeriodMicroseconds;
            host["CpuQuota"] = quota;
        }

        if (limits.MemoryHardBytes is { } hard)
        {
            host["Memory"] = hard;
        }

        if (limits.MemoryHardBytes != limits.MemorySoftBytes)
        {
            host["MemoryReservation"] = limits.MemorySoftBytes;
        }
    }

    private void SetLimits(RunOptions run, TaskInfo task)
    {
        var limits = ContainerLimits.Of(task, options.EnforceCpus, machineBytes);
        SetLimits(run.Host, limits);
        if (limits.OutOfMemoryAdjustment is { } adjustment)
        {
            run.Host["OomScoreAdj"] = adjustment;
        }
    }

    private void SetNetwork(RunOptions run, TaskInfo task, DockerInfo docker)
    {
        // Absent means HOST; the wire says so.
        var network = docker.Network;
        run.Host["NetworkMode"] = network switch
        {
            DockerInfo.Types.Network.Bridge => "bridge",
            DockerInfo.Types.Network.None => "none",
            DockerInfo.Types.Network.User => NetworkName(task.Container),
            _ => "host",
        };
        if (network == DockerInfo.Types.Network.Host)
        {
            Require(options.Policy.CheckHostNetwork());
        }

        if (docker.PortMappings.Count > 0 && network is not (DockerInfo.Types.Network.Bridge or DockerInfo.Types.Network.User))
        {
            throw new FormatException("Port mappings are only supported for bridge and user-defined networks; remove 'port_mappings' or set 'network' to BRIDGE");
        }

        foreach (var mapping in docker.PortMappings)
        {
            AddPort(run, task, mapping);
        }
    }

    private static string NetworkName(ContainerInfo container)
    {
        if (container.NetworkInfos.Count > 1)
        {
            throw new FormatException("Only one network can be joined; give one 'network_infos'");
        }

        var name = container.NetworkInfos.Count == 1 ? container.NetworkInfos[0].Name : "";
        return name.Length > 0 && !name.StartsWith("container:", StringComparison.Ordinal) && name != "host"
            ? name
            : throw new FormatException("'network' is USER: give the name of a docker network in 'network_infos'");
    }

    private static void AddPort(RunOptions run, TaskInfo task, DockerInfo.Types.PortMapping mapping)
    {
        if (mapping.ContainerPort is 0 or > 65535 || mapping.HostPort > 65535)
        {
            throw new FormatException($"port mapping {mapping.HostPort}:{mapping.ContainerPort} is out of range; ports are 1 to 65535");
        }

        if (!task.Resources.Where(resource => resource.Name == "ports").SelectMany(resource => resource.Ranges?.Range ?? []).Any(range => range.Begin <= mapping.HostPort && mapping.HostPort <= range.End))
        {
            throw new FormatException($"Port [ {mapping.HostPort} ] not included in resources; give the task the 'ports' that it maps");
        }

        foreach (var protocol in (mapping.HasProtocol && mapping.Protocol.Length > 0 ? mapping.Protocol : "tcp").ToLowerInvariant().Split(','))
        {
            if (protocol is not ("tcp" or "udp" or "sctp"))
            {
                throw new FormatException($"port mapping {mapping.HostPort}:{mapping.ContainerPort}: protocol '{mapping.Protocol}' is not known; use tcp or udp");
            }

            var port = string.Create(CultureInfo.InvariantCulture, $"{mapping.ContainerPort}/{protocol}");
            RunOptions.Map(run.Config, "ExposedPorts")[port] = new JsonObject();
            RunOptions.List(RunOptions.Map(run.Host, "PortBindings"), port).Add(new JsonObject { ["HostPort"] = mapping.HostPort.ToString(CultureInfo.InvariantCulture) });
        }
    }

    private static void Require(string? refusal)
    {
        if (refusal is not null)
        {
            throw new FormatException(refusal);
        }
    }
}
