using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.AgentService.Execution;
using Orchestrator.AgentService.Execution.Docker;
using Orchestrator.AgentService.Execution.Groups;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Tests.Unit.Execution.Docker;
using ImageInfo = Orchestrator.Core.Contract.Mesos.Image;

namespace Orchestrator.Tests.Unit.Execution;

/// <summary>The container that holds the network of a task group.</summary>
public sealed class GroupNetworksTests : IDisposable
{
    private readonly FakeDockerEngine _engine = new();
    private readonly GroupNetworks _networks;

    public GroupNetworksTests() => _networks = new GroupNetworks(_engine, "/work", NullLogger<GroupNetworks>.Instance);

    public void Dispose() => _networks.Dispose();

    [Fact]
    public async Task Group_on_the_hosts_network_needs_no_holder()
    {
        Assert.Null(await _networks.EnsureAsync(Plan("g"), CancellationToken.None));
        Assert.Empty(_engine.Calls);
    }

    [Fact]
    public async Task Members_that_come_at_once_share_one_holder()
    {
        var group = Plan("g", "mesos-bridge");
        var networks = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => _networks.EnsureAsync(group, CancellationToken.None)));

        Assert.All(networks, network => Assert.Equal(new GroupNetwork("mesos-g", "172.17.0.2", 4711), network));
        Assert.Equal(1, _engine.Count("create"));
        Assert.Equal(networks[0], await _networks.FindAsync(group, CancellationToken.None));
    }

    [Fact]
    public async Task ImageInfois_imported_once_when_the_daemon_has_none()
    {
        var there = false;
        _engine.Before = call =>
        {
            there |= call.StartsWith("import", StringComparison.Ordinal);
            return there || !call.StartsWith("create", StringComparison.Ordinal) ? Task.CompletedTask : throw new DockerException(404, "No such image: orchestrator-pause:1");
        };
        await _networks.EnsureAsync(Plan("g", ""), CancellationToken.None);

        Assert.Equal(1, _engine.Count("import orchestrator-pause:1"));
        Assert.Equal("running", _engine.Containers["mesos-g"].Status);
    }

    [Fact]
    public async Task Holder_that_cannot_start_is_removed_and_the_reason_told()
    {
        _engine.Before = call => call.StartsWith("start", StringComparison.Ordinal) ? throw new DockerException(500, "port is already allocated") : Task.CompletedTask;
        var error = await Assert.ThrowsAsync<ContainerLaunchException>(() => _networks.EnsureAsync(Plan("g", ""), CancellationToken.None));

        Assert.Contains("port is already allocated", error.Message, StringComparison.Ordinal);
        Assert.Empty(_engine.Containers);
    }

    [Fact]
    public async Task Orphans_are_removed_but_neither_known_groups_nor_those_of_this_run()
    {
        await _engine.CreateAsync("mesos-orphan", [], CancellationToken.None);
        await _engine.CreateAsync("mesos-known", [], CancellationToken.None);
        await _networks.EnsureAsync(Plan("own", ""), CancellationToken.None);
        await _networks.RemoveOrphansAsync(new HashSet<string> { "known" }, CancellationToken.None);
        Assert.Equal(["mesos-known", "mesos-own"], _engine.Containers.Keys.Order(StringComparer.Ordinal));

        await _networks.RemoveAsync("own", CancellationToken.None);
        await _networks.RemoveAsync("of-the-host", CancellationToken.None);
        Assert.Equal(["mesos-known"], _engine.Containers.Keys);
    }

    [Fact]
    public async Task Two_networks_and_the_namespace_of_another_container_are_refused()
    {
        var two = Plan("g", "a");
        two.Executor.Container.NetworkInfos.Add(new NetworkInfo { Name = "b" });
        await Assert.ThrowsAsync<ContainerLaunchException>(() => _networks.EnsureAsync(two, CancellationToken.None));
        await Assert.ThrowsAsync<ContainerLaunchException>(() => _networks.EnsureAsync(Plan("g", "container:other"), CancellationToken.None));
        Assert.Empty(_engine.Calls);
    }

    [Theory]
    [InlineData(Architecture.X64, 62)]
    [InlineData(Architecture.Arm64, 183)]
    public void Pause_program_is_an_executable_of_its_machine_whose_entry_lies_in_it(Architecture architecture, ushort machine)
    {
        var file = PauseProgram.For(architecture)!;

        Assert.Equal([0x7F, (byte)'E', (byte)'L', (byte)'F'], file[..4]);
        Assert.Equal(machine, BitConverter.ToUInt16(file, 18));
        Assert.InRange(BitConverter.ToUInt64(file, 24) - 0x400000, 120UL, (ulong)file.Length - 1);
        Assert.Equal((ulong)file.Length, BitConverter.ToUInt64(file, 64 + 32));
    }

    [Fact]
    public void Task_with_an_image_of_type_mesos_becomes_one_for_docker()
    {
        var task = Image("busybox", cached: false);
        task.Command = new CommandInfo { Shell = false, Value = "/bin/httpd", Arguments = { "httpd", "-f" } };
        task.Container.TtyInfo = new TTYInfo();
        var docker = MesosImage.ToDocker(task);

        Assert.Equal((ContainerInfo.Types.Type.Docker, "busybox", true), (docker.Container.Type, docker.Container.Docker.Image, docker.Container.Docker.ForcePullImage));
        Assert.Equal(["tty=true", "entrypoint=/bin/httpd"], docker.Container.Docker.Parameters.Select(parameter => $"{parameter.Key}={parameter.Value}"));
        Assert.Equal(["-f"], docker.Command.Arguments);
        Assert.Equal(ContainerInfo.Types.Type.Mesos, task.Container.Type);
    }

    [Fact]
    public void ImageInfoof_another_kind_and_a_pull_secret_are_refused_by_name()
    {
        var appc = Image("x");
        appc.Container.Mesos.Image.Type = ImageInfo.Types.Type.Appc;
        Assert.Contains("DOCKER", Assert.Throws<ContainerLaunchException>(() => MesosImage.ToDocker(appc)).Message, StringComparison.Ordinal);

        var secret = Image("x");
        secret.Container.Mesos.Image.Docker.Config = new Secret();
        Assert.Contains("--docker_config", Assert.Throws<ContainerLaunchException>(() => MesosImage.ToDocker(secret)).Message, StringComparison.Ordinal);
    }

    private static TaskInfo Image(string name, bool cached = true) => new()
    {
        Container = new ContainerInfo
        {
            Type = ContainerInfo.Types.Type.Mesos,
            Mesos = new ContainerInfo.Types.MesosInfo { Image = new ImageInfo { Type = ImageInfo.Types.Type.Docker, Cached = cached, Docker = new ImageInfo.Types.Docker { Name = name } } },
        },
    };

    private static GroupPlan Plan(string id, string? network = null)
    {
        var executor = new ExecutorInfo { ExecutorId = new ExecutorID { Value = "e" } };
        if (network is not null)
        {
            executor.Container = new ContainerInfo { Type = ContainerInfo.Types.Type.Mesos, NetworkInfos = { new NetworkInfo { Name = network } } };
        }

        return new GroupPlan(id, "/sandbox", executor);
    }
}
