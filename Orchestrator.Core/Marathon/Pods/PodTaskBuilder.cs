using System.Globalization;
using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.Pods;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Marathon.Instances;
using Orchestrator.Core.Marathon.Launching;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;
using Environment = Orchestrator.Core.Contract.Mesos.Environment;
using SandboxPath = Orchestrator.Core.Contract.Mesos.Volume.Types.Source.Types.SandboxPath;

namespace Orchestrator.Core.Marathon.Pods;

/// <summary>Turns a pod's instance that was placed into the LAUNCH_GROUP of its containers.</summary>
internal sealed class PodTaskBuilder(MarathonOptions options)
{
    /// <summary>The folder of the executor's sandbox in which the volumes of an instance lie.</summary>
    private const string VolumeFolder = "volumes/";

    /// <summary>The name of Docker's default bridge in definitions for Mesos.</summary>
    private const string BridgeName = "mesos-bridge";

    /// <summary>The operation; <paramref name="ports"/> stand in the order of the pod's endpoints.</summary>
    public Offer.Types.Operation Build(InstanceState instance, PodDefinition pod, Offer offer, Placement placement, IReadOnlyList<int> ports)
    {
        var app = instance.Spec;
        var rest = placement.Resources.ToProto(ResourceFormat.PreRefinement).ToList();
        var executor = new ExecutorInfo
        {
            Type = ExecutorInfo.Types.Type.Default,
            ExecutorId = new ExecutorID { Value = ExecutorIdOf(instance.Id) },
            Container = NetworkOf(app, pod, placement),
        };
        executor.Resources.AddRange(Carve(rest, pod.ExecutorCpus, pod.ExecutorMem, pod.ExecutorDisk, 0, []));
        var group = new TaskGroupInfo();
        var first = 0;
        foreach (var container in pod.Containers)
        {
            var own = Enumerable.Range(first, container.Endpoints.Count).ToList();
            first += container.Endpoints.Count;
            var task = TaskOf(instance, app, pod, container, offer, ports, own);
            task.Resources.AddRange(Carve(rest, container.Cpus, container.Mem, container.Disk, container.Gpus, [.. own.Select(index => placement.Ports[index]).OfType<int>()]));
            group.Tasks.Add(task);
        }

        return new Offer.Types.Operation
        {
            Type = Offer.Types.Operation.Types.Type.LaunchGroup,
            LaunchGroup = new Offer.Types.Operation.Types.LaunchGroup { Executor = executor, TaskGroup = group },
        };
    }

    /// <summary><c>shop_web.instance-1234</c> is run by the executor <c>instance-shop_web.1234</c>.</summary>
    internal static string ExecutorIdOf(string instanceId)
    {
        var at = instanceId.LastIndexOf(".instance-", StringComparison.Ordinal);
        return $"instance-{instanceId[..at]}.{instanceId[(at + ".instance-".Length)..]}";
    }

    private TaskInfo TaskOf(InstanceState instance, AppDefinition app, PodDefinition pod, PodContainer container, Offer offer, IReadOnlyList<int> ports, List<int> own)
    {
        var taskId = instance.TaskIdOf(container.Name);
        var task = new TaskInfo
        {
            Name = container.Name,
            TaskId = new TaskID { Value = taskId },
            AgentId = offer.AgentId,
            Command = CommandOf(app, container, EnvironmentOf(app, pod, container, taskId, instance.Id, offer.Hostname, instance.Ports, ports)),
            Container = ContainerOf(pod, container),
            Discovery = DiscoveryOf(app, ports, own),
            HealthCheck = container.HealthCheck is { } check ? TaskBuilder.HealthCheckOf(check, TaskBuilder.InnerPorts(app, ports)) : null,
        };
        if (container.KillGraceSeconds is { } grace)
        {
            task.KillPolicy = new KillPolicy { GracePeriod = new DurationInfo { Nanoseconds = (long)(grace * 1e9) } };
        }

        TaskBuilder.AddLimits(task, container.Limits);
        var labels = new SortedDictionary<string, string>(app.Labels.ToDictionary(), StringComparer.Ordinal);
        foreach (var (name, value) in container.Labels)
        {
            labels[name] = value;
        }

        if (labels.Count > 0)
        {
            task.Labels = TaskBuilder.LabelsOf(labels);
        }

        return task;
    }

    private static ContainerInfo? NetworkOf(AppDefinition app, PodDefinition pod, Placement placement)
    {
        if (app.IsHostNetworking)
        {
            return null;
        }

        var network = new NetworkInfo { Name = app.Networks[0].Name ?? BridgeName, Labels = TaskBuilder.LabelsOf(app.Networks[0].Labels) };
        var endpoints = pod.Endpoints;
        for (var i = 0; i < endpoints.Count; i++)
        {
            foreach (var protocol in placement.Ports[i] is null ? [] : endpoints[i].Protocols)
            {
                network.PortMappings.Add(new NetworkInfo.Types.PortMapping { HostPort = (uint)placement.Ports[i]!.Value, ContainerPort = (uint)endpoints[i].ContainerPort!.Value, Protocol = protocol });
            }
        }

        return new ContainerInfo { Type = ContainerInfo.Types.Type.Mesos, NetworkInfos = { network } };
    }

    private CommandInfo CommandOf(AppDefinition app, PodContainer container, SortedDictionary<string, string> environment)
    {
        var command = new CommandInfo { User = container.User ?? app.User ?? options.User, Environment = new Environment(), Shell = container.Shell is not null };
        if (container.Shell is { } shell)
        {
            command.Value = shell;
        }
        else if (container.Arguments.Count > 0)
        {
            // With an image its own program is called with these, unless they begin with another one.
            if (container.Image is null || container.OverridesEntrypoint)
            {
                command.Value = container.Arguments[0];
            }

            command.Arguments.AddRange(container.Arguments);
        }

        foreach (var (name, value) in environment)
        {
            command.Environment.Variables.Add(new Environment.Types.Variable { Name = name, Value = value });
        }

        foreach (var item in container.Artifacts)
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

    private static ContainerInfo ContainerOf(PodDefinition pod, PodContainer container)
    {
        // Each container has limits of its own.
        var info = new ContainerInfo { Type = ContainerInfo.Types.Type.Mesos, LinuxInfo = new LinuxInfo { ShareCgroups = false } };
        if (container.Image is { } image)
        {
            info.Mesos = new ContainerInfo.Types.MesosInfo
            {
                Image = new Image { Type = Image.Types.Type.Docker, Docker = new Image.Types.Docker { Name = image }, Cached = !container.ForcePull },
            };
        }

        if (container.HasTerminal)
        {
            info.TtyInfo = new TTYInfo();
        }

        foreach (var mount in container.Mounts)
        {
            var volume = new Volume { ContainerPath = mount.MountPath, Mode = mount.IsReadOnly ? Volume.Types.Mode.Ro : Volume.Types.Mode.Rw };
            if (pod.Volumes.First(candidate => candidate.Name == mount.Name).HostPath is { } host)
            {
                volume.HostPath = host;
            }
            else
            {
                volume.Source = new Volume.Types.Source
                {
                    Type = Volume.Types.Source.Types.Type.SandboxPath,
                    SandboxPath = new SandboxPath { Type = SandboxPath.Types.Type.Parent, Path = VolumeFolder + mount.Name },
                };
            }

            info.Volumes.Add(volume);
        }

        return info;
    }

    private static SortedDictionary<string, string> EnvironmentOf(
        AppDefinition app, PodDefinition pod, PodContainer container, string taskId, string instanceId, string host, IReadOnlyList<int> hostPorts, IReadOnlyList<int> ports)
    {
        var environment = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in app.Env)
        {
            environment[name] = value.Text ?? "";
        }

        foreach (var (name, value) in container.Environment)
        {
            environment[name] = value;
        }

        environment["HOST"] = host;
        environment["MESOS_TASK_ID"] = taskId;
        environment["MESOS_EXECUTOR_ID"] = ExecutorIdOf(instanceId);
        environment["MARATHON_APP_ID"] = app.Id;
        environment["MARATHON_APP_VERSION"] = Timestamps.Write(app.Version);
        environment["MARATHON_CONTAINER_ID"] = container.Name;
        environment["MARATHON_CONTAINER_RESOURCE_CPUS"] = TaskEnvironment.Number(container.Cpus);
        environment["MARATHON_CONTAINER_RESOURCE_MEM"] = TaskEnvironment.Number(container.Mem);
        environment["MARATHON_CONTAINER_RESOURCE_DISK"] = TaskEnvironment.Number(container.Disk);
        environment["MARATHON_CONTAINER_RESOURCE_GPUS"] = container.Gpus.ToString(CultureInfo.InvariantCulture);
        environment["MARATHON_APP_ENFORCE_GROUP_ROLE"] = "FALSE";
        TaskEnvironment.AddLabels(environment, app);
        var endpoints = pod.Endpoints;
        for (var i = 0; i < endpoints.Count; i++)
        {
            var name = TaskEnvironment.Clean(endpoints[i].Name);
            var hostPort = app.Ports[i].Host is not null && i < hostPorts.Count ? hostPorts[i] : (int?)null;
            environment["ENDPOINT_" + name] = (endpoints[i].ContainerPort ?? ports[i]).ToString(CultureInfo.InvariantCulture);
            if (hostPort is { } published)
            {
                environment["EP_HOST_" + name] = published.ToString(CultureInfo.InvariantCulture);
            }

            if (endpoints[i].ContainerPort is { } inside)
            {
                environment["EP_CONTAINER_" + name] = inside.ToString(CultureInfo.InvariantCulture);
            }
        }

        return environment;
    }

    private static DiscoveryInfo DiscoveryOf(AppDefinition app, IReadOnlyList<int> ports, List<int> own)
    {
        var discovery = new DiscoveryInfo { Visibility = DiscoveryInfo.Types.Visibility.Framework, Name = PathId.ToName(app.Id), Ports = new Ports() };
        var all = TaskBuilder.DiscoveryOf(app, discovery.Name, ports).Ports.Ports_;
        discovery.Ports.Ports_.AddRange(all.Where(port => own.Exists(index => app.Ports[index].Name == port.Name)));
        return discovery;
    }

    /// <summary>Takes amounts and ports out of what the instance was given; each piece keeps its role and reservation.</summary>
    private static List<Resource> Carve(List<Resource> rest, double cpus, double mem, double disk, int gpus, IReadOnlyList<int> ports)
    {
        var taken = new List<Resource>();
        foreach (var (name, amount) in new[] { ("cpus", cpus), ("mem", mem), ("disk", disk), ("gpus", (double)gpus) })
        {
            var needed = Quantity.FromDouble(amount);
            foreach (var item in rest.Where(item => item.Name == name && item.Scalar is not null))
            {
                var there = Quantity.FromDouble(item.Scalar.Value);
                var part = there < needed ? there : needed;
                if (part > Quantity.Zero)
                {
                    taken.Add(With(item, part));
                    item.Scalar.Value = (there - part).ToDouble();
                    needed -= part;
                }
            }
        }

        foreach (var item in rest.Where(item => item.Name == "ports"))
        {
            var here = ports.Where(port => item.Ranges.Range.Any(range => range.Begin <= (ulong)port && (ulong)port <= range.End)).ToList();
            if (here.Count > 0)
            {
                var piece = item.Clone();
                piece.Ranges.Range.Clear();
                piece.Ranges.Range.AddRange(here.Order().Select(port => new Value.Types.Range { Begin = (ulong)port, End = (ulong)port }));
                taken.Add(piece);
            }
        }

        return taken;
    }

    private static Resource With(Resource item, Quantity amount)
    {
        var piece = item.Clone();
        piece.Scalar.Value = amount.ToDouble();
        return piece;
    }
}
