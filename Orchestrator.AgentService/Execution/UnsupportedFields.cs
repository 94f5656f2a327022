using System.Globalization;
using Orchestrator.Core.Contract.Mesos;
using IpcMode = Orchestrator.Core.Contract.Mesos.LinuxInfo.Types.IpcMode;
using Network = Orchestrator.Core.Contract.Mesos.ContainerInfo.Types.DockerInfo.Types.Network;

namespace Orchestrator.AgentService.Execution;

/// <summary>
/// What a task can ask for on the wire and this agent cannot give. It is refused, because a task that runs without it is
/// another one than was asked for: a service without its volume, a program without its bounds.
/// </summary>
internal static class UnsupportedFields
{
    private const string RunWithDocker = "remove it, or run the task with a Docker image";

    /// <summary>Checks a task that runs without an image.</summary>
    /// <exception cref="ContainerLaunchException">It asks for something that a command cannot have; the message names the field and the remedy.</exception>
    internal static void CheckCommand(TaskInfo task)
    {
        CheckResources(task);
        if (task.Container is not { } container)
        {
            return;
        }

        Refuse(container.Docker is not null, "container.docker", "the container is of type MESOS", "set 'container.type' to DOCKER, or remove it");
        Refuse(container.HasHostname, "container.hostname", "a command without an image has the host's name", RunWithDocker);
        Refuse(container.TtyInfo is not null, "container.tty_info", "a command without an image has no terminal", RunWithDocker);
        for (var i = 0; i < container.NetworkInfos.Count; i++)
        {
            var network = container.NetworkInfos[i];
            Refuse(network.Name.Length > 0, Member(i, "name"), "a command without an image uses the host's network", RunWithDocker);
            Refuse(network.PortMappings.Count > 0, Member(i, "port_mappings"), "a command without an image uses the host's network", "let it listen on the ports of its 'resources'");
            CheckAddresses(network, i, RunWithDocker);
        }

        if (container.LinuxInfo is { } linux)
        {
            const string why = "a command without an image runs in the host's namespaces with the rights of its user";
            CheckCapabilities(linux, why, RunWithDocker);
            Refuse(linux.Seccomp is { HasProfileName: true }, "container.linux_info.seccomp.profile_name", why, RunWithDocker);
            Refuse(linux.IpcMode == IpcMode.Private, "container.linux_info.ipc_mode", why, RunWithDocker);
            Refuse(linux.HasShmSize, "container.linux_info.shm_size", why, RunWithDocker);
        }
    }

    /// <summary>Checks a task that runs with a Docker image.</summary>
    /// <exception cref="ContainerLaunchException">It asks for something that its container would not have; the message names the field and the remedy.</exception>
    internal static void CheckDocker(TaskInfo task)
    {
        CheckResources(task);
        var container = task.Container;
        Refuse(container.Mesos?.Image is not null, "container.mesos.image", "the container is of type DOCKER", "name the image in 'container.docker.image'");
        Refuse(container.TtyInfo is not null, "container.tty_info", "it is for containers of type MESOS", "give the docker parameter tty=true");
        for (var i = 0; i < container.NetworkInfos.Count; i++)
        {
            var network = container.NetworkInfos[i];
            var used = container.Docker?.Network ?? Network.Host;
            Refuse(
                used != Network.User && network.Name.Length > 0 && !network.Name.Equals(used.ToString(), StringComparison.OrdinalIgnoreCase),
                Member(i, "name"),
                "'container.docker.network' is not USER",
                "set it to USER, or remove the name");
            Refuse(network.PortMappings.Count > 0, Member(i, "port_mappings"), "it is for containers of type MESOS", "give 'container.docker.port_mappings'");
            CheckAddresses(network, i, "give the docker parameter ip or ip6");
        }

        for (var i = 0; i < container.Volumes.Count; i++)
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"container.volumes[{i}].");
            var volume = container.Volumes[i];
            Refuse(volume.Image is not null, at + "image", "a Docker container has no volumes that are images", "remove it");
            Refuse(volume.Source?.HostPath?.MountPropagation is { Mode: not MountPropagation.Types.Mode.Unknown }, at + "source.host_path.mount_propagation", "volumes are mounted without it", "give the docker parameter volume=/HOST:/CONTAINER:rslave or :rshared instead of the volume");
        }

        if (container.LinuxInfo is { } linux)
        {
            const string why = "it is for containers of type MESOS";
            CheckCapabilities(linux, why, "give the docker parameters cap-add and cap-drop");
            Refuse(linux.SharePidNamespace, "container.linux_info.share_pid_namespace", why, "give the docker parameter pid=host");
            Refuse(linux.Seccomp is not null, "container.linux_info.seccomp", why, "give the docker parameter security-opt=seccomp=…");
            Refuse(linux.IpcMode == IpcMode.ShareParent, "container.linux_info.ipc_mode", why, "give the docker parameter ipc=host");
            Refuse(linux.HasShmSize, "container.linux_info.shm_size", why, "give the docker parameter shm-size");
        }
    }

    private static void CheckResources(TaskInfo task)
    {
        for (var i = 0; i < task.Resources.Count; i++)
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"resources[{i}].disk.");
            var disk = task.Resources[i].Disk;
            Refuse(disk is { Volume: not null, Persistence: null }, at + "volume", "only persistent volumes are mounted", "mount a folder of the host with 'container.volumes'");
            Refuse(disk is { Volume: null, Persistence: not null }, at + "persistence", "it does not say where the volume is to be mounted", "set 'disk.volume' with 'container_path' and mode RW");
        }
    }

    private static void CheckAddresses(NetworkInfo network, int index, string remedy)
    {
        Refuse(network.IpAddresses.Any(address => address.HasIpAddress), Member(index, "ip_addresses"), "the address cannot be chosen here", remedy);
        Refuse(network.Groups.Count > 0, Member(index, "groups"), "this agent does not separate networks by groups", "remove them");
    }

    private static void CheckCapabilities(LinuxInfo linux, string why, string remedy)
    {
#pragma warning disable CS0612 // Old, but frameworks may still send it.
        Refuse(linux.CapabilityInfo is not null, "container.linux_info.capability_info", why, remedy);
#pragma warning restore CS0612
        Refuse(linux.BoundingCapabilities is not null, "container.linux_info.bounding_capabilities", why, remedy);
        Refuse(linux.EffectiveCapabilities is not null, "container.linux_info.effective_capabilities", why, remedy);
    }

    private static string Member(int index, string name) => string.Create(CultureInfo.InvariantCulture, $"container.network_infos[{index}].{name}");

    private static void Refuse(bool isAsked, string field, string why, string remedy)
    {
        if (isAsked)
        {
            throw new ContainerLaunchException($"'{field}' cannot be had: {why}; {remedy}");
        }
    }
}
