using System.Runtime.CompilerServices;
using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Marathon.Instances;
using Orchestrator.Core.Resources;
using Environment = Orchestrator.Core.Contract.Mesos.Environment;

namespace Orchestrator.Core.Marathon.Launching;

/// <summary>Turns an instance that was placed into the TaskInfo of its launch.</summary>
internal sealed class TaskBuilder(MarathonOptions options)
{
    private static readonly Dictionary<string, string> s_noLabels = [];

    // Messages are never changed once they are built, so those of a large app share what is equal in them.
    private readonly ConditionalWeakTable<AppDefinition, SharedParts> _shared = [];

    /// <summary>The task; <paramref name="ports"/> are those that PORT0, PORT1 … tell.</summary>
    public TaskInfo Build(InstanceState instance, Offer offer, Placement placement, IReadOnlyList<int> ports)
    {
        var app = instance.Spec;
        var name = PathId.ToName(app.Id);
        var shared = _shared.GetOrCreateValue(app);
        var env = TaskEnvironment.Of(app, instance.TaskId, offer.Hostname, ports, instance.Ordinal);
        var task = new TaskInfo
        {
            Name = name,
            TaskId = new TaskID { Value = instance.TaskId },
            AgentId = offer.AgentId,
            Command = CommandOf(app, env, shared),
            Container = ContainerOf(app, placement, instance.TaskId),
            Discovery = DiscoveryOf(app, name, ports),
            HealthCheck = app.HealthChecks.FirstOrDefault(check => !check.IsAskedByHost) is { } check ? HealthCheckOf(check, InnerPorts(app, ports)) : null,
        };
        task.Resources.AddRange(placement.Resources.ToProto(ResourceFormat.PreRefinement));
        if (app.TaskKillGracePeriodSeconds is { } grace)
        {
            task.KillPolicy = new KillPolicy { GracePeriod = new DurationInfo { Nanoseconds = (long)(grace * 1e9) } };
        }

        AddLimits(task, app.Limits);
        if (app.Labels.Count > 0)
        {
            task.Labels = shared.Labels ??= LabelsOf(app.Labels);
        }

        return task;
    }

    /// <summary>What PORTn tells: the host port, or the port inside where none is published.</summary>
    public static IReadOnlyList<int> PortsOf(AppDefinition app, Placement placement)
    {
        var generated = 1025;
        return [.. app.Ports.Select((port, index) => placement.Ports[index] ?? (port.Container is > 0 and var inside ? inside : generated++))];
    }

    /// <summary>Where the task itself listens: the agent checks it from within its network.</summary>
    internal static IReadOnlyList<int> InnerPorts(AppDefinition app, IReadOnlyList<int> ports) =>
        [.. app.Ports.Select((port, index) => port.Container is > 0 and var inside ? inside : ports[index])];

    private CommandInfo CommandOf(AppDefinition app, SortedDictionary<string, string> env, SharedParts shared)
    {
        var command = new CommandInfo { User = app.User ?? options.User, Environment = new Environment() };
        if (app.Cmd is { } cmd)
        {
            command.Shell = true;
            command.Value = cmd;
        }
        else
        {
            command.Shell = false;
            command.Arguments.AddRange(app.Args);

            // Without an image the first argument is the program itself.
            if (app.Container?.Docker is null && app.Args.Count > 0)
            {
                command.Value = app.Args[0];
            }
        }

        command.Environment.Variables.Capacity = env.Count;
        foreach (var (name, value) in env)
        {
            command.Environment.Variables.Add(shared.Variable(name, value));
        }

        foreach (var item in app.Fetch)
        {
            var uri = new CommandInfo.Types.URI { Value = item.Uri, Extract = item.Extract, Executable = item.Executable, Cache = item.Cache };
            if (item.DestPath is { } path)
            {
                uri.OutputFile = path;
            }

            command.Uris.Add(uri);
        }

        return command;
    }

    private static ContainerInfo? ContainerOf(AppDefinition app, Placement placement, string taskId)
    {
        if (app.Container is not { } container)
        {
            return null;
        }

        var info = new ContainerInfo { Type = container.IsDocker ? ContainerInfo.Types.Type.Docker : ContainerInfo.Types.Type.Mesos };
        foreach (var volume in container.Volumes.Where(volume => volume.HostPath is not null))
        {
            info.Volumes.Add(new Volume { ContainerPath = volume.ContainerPath, HostPath = volume.HostPath, Mode = volume.IsReadOnly ? Volume.Types.Mode.Ro : Volume.Types.Mode.Rw });
        }

        if (container.Docker is { } docker && container.IsDocker)
        {
            info.Docker = DockerOf(app, docker, placement, taskId);
            if (app.Networks is [{ Mode: NetworkMode.Container, Name: { } network }, ..])
            {
                info.NetworkInfos.Add(new NetworkInfo { Name = network, Labels = LabelsOf(app.Networks[0].Labels) });
            }
        }

        return info;
    }

    private static ContainerInfo.Types.DockerInfo DockerOf(AppDefinition app, DockerDefinition docker, Placement placement, string taskId)
    {
        var info = new ContainerInfo.Types.DockerInfo
        {
            Image = docker.Image,
            ForcePullImage = docker.ForcePullImage,
            Privileged = docker.Privileged,
            Network = app.IsHostNetworking ? ContainerInfo.Types.DockerInfo.Types.Network.Host
                : app.Networks[0].Mode == NetworkMode.Bridge ? ContainerInfo.Types.DockerInfo.Types.Network.Bridge
                : ContainerInfo.Types.DockerInfo.Types.Network.User,
        };
        foreach (var (key, value) in docker.Parameters)
        {
            info.Parameters.Add(new Parameter { Key = key, Value = value });
        }

        info.Parameters.Add(new Parameter { Key = "label", Value = $"MESOS_TASK_ID={taskId}" });
        var mappings = app.IsHostNetworking ? [] : app.Container!.PortMappings ?? [];
        for (var i = 0; i < mappings.Count; i++)
        {
            if (placement.Ports[i] is not { } hostPort)
            {
                continue;
            }

            foreach (var protocol in mappings[i].Protocol.Split(','))
            {
                info.PortMappings.Add(new ContainerInfo.Types.DockerInfo.Types.PortMapping
                {
                    HostPort = (uint)hostPort,
                    ContainerPort = (uint)(mappings[i].ContainerPort == 0 ? hostPort : mappings[i].ContainerPort),
                    Protocol = protocol,
                });
            }
        }

        return info;
    }

    internal static DiscoveryInfo DiscoveryOf(AppDefinition app, string name, IReadOnlyList<int> ports)
    {
        var discovery = new DiscoveryInfo { Visibility = DiscoveryInfo.Types.Visibility.Framework, Name = name, Ports = new Ports() };
        for (var i = 0; i < ports.Count; i++)
        {
            foreach (var protocol in app.Ports[i].Protocol.Split(','))
            {
                var port = new Port { Number = (uint)ports[i], Protocol = protocol };
                if (app.Ports[i].Name is { } portName)
                {
                    port.Name = portName;
                }

                port.Labels = LabelsOf(app.Ports[i].Labels);
                port.Labels.Labels_.Add(new Label { Key = "network-scope", Value = app.Ports[i].Host is null ? "container" : "host" });
                discovery.Ports.Ports_.Add(port);
            }
        }

        return discovery;
    }

    internal static HealthCheck HealthCheckOf(HealthCheckDefinition check, IReadOnlyList<int> ports)
    {
        var info = new HealthCheck
        {
            DelaySeconds = check.DelaySeconds,
            IntervalSeconds = check.IntervalSeconds,
            TimeoutSeconds = check.TimeoutSeconds,
            ConsecutiveFailures = (uint)check.MaxConsecutiveFailures,
            GracePeriodSeconds = check.GracePeriodSeconds,
        };
        var port = (uint)(check.Port ?? (check.PortIndex is { } index && index < ports.Count ? ports[index] : 0));
        switch (check.Protocol)
        {
            case "COMMAND":
                info.Type = HealthCheck.Types.Type.Command;
                info.Command = new CommandInfo { Value = check.Command, Shell = true };
                break;
            case "MESOS_TCP":
                info.Type = HealthCheck.Types.Type.Tcp;
                info.Tcp = new HealthCheck.Types.TCPCheckInfo { Port = port };
                break;
            default:
                info.Type = HealthCheck.Types.Type.Http;
                info.Http = new HealthCheck.Types.HTTPCheckInfo { Port = port, Path = check.Path ?? "/", Scheme = check.Protocol == "MESOS_HTTPS" ? "https" : "http" };
                break;
        }

        return info;
    }

    internal static void AddLimits(TaskInfo task, ResourceLimits? limits)
    {
        if (limits?.Cpus is { } cpus)
        {
            task.Limits["cpus"] = new Value.Types.Scalar { Value = cpus };
        }

        if (limits?.Mem is { } mem)
        {
            task.Limits["mem"] = new Value.Types.Scalar { Value = mem };
        }
    }

    internal static Labels LabelsOf(IReadOnlyDictionary<string, string>? labels)
    {
        var result = new Labels();
        foreach (var (key, value) in labels ?? s_noLabels)
        {
            result.Labels_.Add(new Label { Key = key, Value = value });
        }

        return result;
    }

    /// <summary>What tasks of one configuration have in common.</summary>
    private sealed class SharedParts
    {
        private readonly Dictionary<string, Environment.Types.Variable> _variables = new(StringComparer.Ordinal);

        public Labels? Labels { get; set; }

        /// <summary>The variable of the first task when it has the same value, which most have.</summary>
        public Environment.Types.Variable Variable(string name, string value)
        {
            if (_variables.TryGetValue(name, out var first) && first.Value == value)
            {
                return first;
            }

            var variable = new Environment.Types.Variable { Name = name, Value = value };
            _variables.TryAdd(name, variable);
            return variable;
        }
    }
}
