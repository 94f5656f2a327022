using Orchestrator.AgentService.Execution;
using Orchestrator.Core.Contract.Mesos;
using DockerInfo = Orchestrator.Core.Contract.Mesos.ContainerInfo.Types.DockerInfo;
using IpcMode = Orchestrator.Core.Contract.Mesos.LinuxInfo.Types.IpcMode;
using Network = Orchestrator.Core.Contract.Mesos.ContainerInfo.Types.DockerInfo.Types.Network;

namespace Orchestrator.Tests.Unit.Execution;

public sealed class UnsupportedFieldsTests
{
    public static TheoryData<string, Action<TaskInfo>> OfBoth => new()
    {
        { "resources[0].disk.persistence", task => task.Resources.Add(Disk(new Resource.Types.DiskInfo { Persistence = new Resource.Types.DiskInfo.Types.Persistence { Id = "p" } })) },
        { "resources[0].disk.volume", task => task.Resources.Add(Disk(new Resource.Types.DiskInfo { Volume = new Volume { ContainerPath = "data", Mode = Volume.Types.Mode.Rw } })) },
        { "container.tty_info", task => task.Container.TtyInfo = new TTYInfo() },
        { "container.network_infos[0].port_mappings", task => task.Container.NetworkInfos.Add(new NetworkInfo { PortMappings = { new NetworkInfo.Types.PortMapping { HostPort = 1, ContainerPort = 1 } } }) },
        { "container.network_infos[0].ip_addresses", task => task.Container.NetworkInfos.Add(new NetworkInfo { IpAddresses = { new NetworkInfo.Types.IPAddress { IpAddress = "10.0.0.1" } } }) },
        { "container.network_infos[0].groups", task => task.Container.NetworkInfos.Add(new NetworkInfo { Groups = { "g" } }) },
        { "container.network_infos[1].name", task => task.Container.NetworkInfos.Add([new NetworkInfo(), new NetworkInfo { Name = "n" }]) },
#pragma warning disable CS0612
        { "container.linux_info.capability_info", task => task.Container.LinuxInfo = new LinuxInfo { CapabilityInfo = new CapabilityInfo() } },
#pragma warning restore CS0612
        { "container.linux_info.bounding_capabilities", task => task.Container.LinuxInfo = new LinuxInfo { BoundingCapabilities = new CapabilityInfo() } },
        { "container.linux_info.effective_capabilities", task => task.Container.LinuxInfo = new LinuxInfo { EffectiveCapabilities = new CapabilityInfo() } },
        { "container.linux_info.seccomp", task => task.Container.LinuxInfo = new LinuxInfo { Seccomp = new SeccompInfo { ProfileName = "p" } } },
        { "container.linux_info.shm_size", task => task.Container.LinuxInfo = new LinuxInfo { ShmSize = 1 } },
    };

    public static TheoryData<string, Action<TaskInfo>> OfCommands => new()
    {
        { "container.docker", task => task.Container.Docker = new DockerInfo { Image = "app:1" } },
        { "container.hostname", task => task.Container.Hostname = "h" },
        { "container.linux_info.ipc_mode", task => task.Container.LinuxInfo = new LinuxInfo { IpcMode = IpcMode.Private } },
    };

    public static TheoryData<string, Action<TaskInfo>> OfDocker => new()
    {
        { "container.mesos.image", task => task.Container.Mesos = new ContainerInfo.Types.MesosInfo { Image = new Image { Type = Image.Types.Type.Docker } } },
        { "container.volumes[0].image", task => task.Container.Volumes.Add(new Volume { ContainerPath = "/x", HostPath = "/y", Mode = Volume.Types.Mode.Rw, Image = new Image() }) },
        {
            "container.volumes[0].source.host_path.mount_propagation", task => task.Container.Volumes.Add(new Volume
            {
                ContainerPath = "/x",
                Mode = Volume.Types.Mode.Rw,
                Source = new Volume.Types.Source { HostPath = new Volume.Types.Source.Types.HostPath { Path = "/y", MountPropagation = new MountPropagation { Mode = MountPropagation.Types.Mode.Bidirectional } } },
            })
        },
        { "container.linux_info.share_pid_namespace", task => task.Container.LinuxInfo = new LinuxInfo { SharePidNamespace = true } },
        { "container.linux_info.seccomp", task => task.Container.LinuxInfo = new LinuxInfo { Seccomp = new SeccompInfo { Unconfined = true } } },
        { "container.linux_info.ipc_mode", task => task.Container.LinuxInfo = new LinuxInfo { IpcMode = IpcMode.ShareParent } },
    };

    [Theory]
    [MemberData(nameof(OfBoth), DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(OfCommands), DisableDiscoveryEnumeration = true)]
    public void Command_is_refused_what_it_cannot_have(string field, Action<TaskInfo> change) =>
        AssertRefused(field, () => UnsupportedFields.CheckCommand(Command(change)));

    [Theory]
    [MemberData(nameof(OfBoth), DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(OfDocker), DisableDiscoveryEnumeration = true)]
    public void Docker_container_is_refused_what_it_cannot_have(string field, Action<TaskInfo> change) =>
        AssertRefused(field, () => UnsupportedFields.CheckDocker(Docker(change)));

    [Fact]
    public void What_is_so_anyway_is_no_reason_to_refuse()
    {
        UnsupportedFields.CheckCommand(new TaskInfo());
        UnsupportedFields.CheckCommand(Command(task =>
        {
            task.Container.NetworkInfos.Add(new NetworkInfo { IpAddresses = { new NetworkInfo.Types.IPAddress() } });
            task.Container.LinuxInfo = new LinuxInfo { IpcMode = IpcMode.ShareParent, SharePidNamespace = true, Seccomp = new SeccompInfo { Unconfined = true } };
        }));
        UnsupportedFields.CheckDocker(Docker(task =>
        {
            task.Container.Hostname = "h";
            task.Container.LinuxInfo = new LinuxInfo { IpcMode = IpcMode.Private, SharePidNamespace = false };
            task.Container.NetworkInfos.Add(new NetworkInfo { Name = "bridge" });
        }));
        UnsupportedFields.CheckDocker(Docker(task =>
        {
            task.Container.Docker.Network = Network.User;
            task.Container.NetworkInfos.Add(new NetworkInfo { Name = "n" });
        }));
    }

    private static void AssertRefused(string field, Action check) =>
        Assert.StartsWith($"'{field}", Assert.Throws<ContainerLaunchException>(check).Message, StringComparison.Ordinal);

    private static TaskInfo Command(Action<TaskInfo> change) => With(new ContainerInfo { Type = ContainerInfo.Types.Type.Mesos }, change);

    private static TaskInfo Docker(Action<TaskInfo> change) =>
        With(new ContainerInfo { Type = ContainerInfo.Types.Type.Docker, Docker = new DockerInfo { Image = "app:1", Network = Network.Bridge } }, change);

    private static TaskInfo With(ContainerInfo container, Action<TaskInfo> change)
    {
        var task = new TaskInfo { Container = container };
        change(task);
        return task;
    }

    private static Resource Disk(Resource.Types.DiskInfo disk) => new() { Name = "disk", Disk = disk };
}
