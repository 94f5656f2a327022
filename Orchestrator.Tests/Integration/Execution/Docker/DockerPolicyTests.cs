using Orchestrator.AgentService.Execution;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.Policy;
using Orchestrator.Tests.Integration.EndToEnd;
using Orchestrator.Tests.Support;
using SourceType = Orchestrator.Core.Contract.Mesos.Volume.Types.Source.Types.Type;

namespace Orchestrator.Tests.Integration.Execution.Docker;

/// <summary>Volumes, networks and what the policy has to say about them, against the real daemon.</summary>
[Trait("Category", "Integration")]
public sealed class DockerPolicyTests : IClassFixture<BusyboxFixture>, IDisposable
{
    private readonly TemporaryDirectory _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Volumes_are_mounted_from_host_and_sandbox_and_read_only_is_held()
    {
        var data = _host.Sub("data");
        await File.WriteAllTextAsync(Path.Combine(data, "in"), "from the host\n");
        await using var docker = new DockerFixture(options => options with { Policy = new SecurityPolicy(PolicyMode.Baseline, [_host.Path]) });
        var plan = docker.Plan("cat /data/in; echo x > /data/out || echo refused; echo y > /own/made; echo z > /mnt/mesos/sandbox/inside/made", task =>
        {
            task.Container.Volumes.Add(new Volume { HostPath = data, ContainerPath = "/data", Mode = Volume.Types.Mode.Ro });
            task.Container.Volumes.Add(new Volume { HostPath = "own", ContainerPath = "/own", Mode = Volume.Types.Mode.Rw });
            task.Container.Volumes.Add(new Volume { HostPath = _host.Sub("other:place"), ContainerPath = "inside", Mode = Volume.Types.Mode.Rw });
        });

        Assert.Equal(0, (await docker.RunAsync(plan)).ExitCode);

        Assert.Equal("from the host\nrefused\n", DockerFixture.Output(plan));
        Assert.Equal("y\n", DockerFixture.Output(plan, "own/made"));
        Assert.Equal("z\n", await File.ReadAllTextAsync(Path.Combine(_host.Path, "other:place", "made")));
    }

    [Fact]
    public async Task Docker_volume_is_mounted()
    {
        var name = "orchestrator-test-" + Guid.NewGuid().ToString("N");
        await using var docker = new DockerFixture();
        var plan = docker.Plan("echo kept > /v/file", task => task.Container.Volumes.Add(new Volume
        {
            ContainerPath = "/v",
            Mode = Volume.Types.Mode.Rw,
            Source = new Volume.Types.Source { Type = SourceType.DockerVolume, DockerVolume = new Volume.Types.Source.Types.DockerVolume { Name = name, Driver = "local" } },
        }));

        try
        {
            Assert.Equal(0, (await docker.RunAsync(plan)).ExitCode);
            Assert.Equal("kept", await Shell.RunAsync($"docker run --rm -v {name}:/v {BusyboxFixture.Image} /bin/cat /v/file"));
        }
        finally
        {
            await Shell.RunAsync($"docker rm -fv mesos-{plan.ContainerId}; docker volume rm -f {name}");
        }
    }

    [Fact]
    public async Task User_network_is_joined_under_an_alias()
    {
        var name = "orchestrator-test-" + Guid.NewGuid().ToString("N");
        await Shell.RunAsync($"docker network create {name}");
        try
        {
            await using var docker = new DockerFixture();
            var plan = docker.Plan("exec httpd -f -p 8080 -h /www", task =>
            {
                task.Container.Docker.Network = ContainerInfo.Types.DockerInfo.Types.Network.User;
                task.Container.NetworkInfos.Add(new NetworkInfo { Name = name });
                task.Container.Docker.Parameters.Add(new Parameter { Key = "net-alias", Value = "web" });
            });

            var running = await docker.Containerizer.LaunchAsync(plan, CancellationToken.None);

            Assert.Single(running.IpAddresses);
            Assert.Equal("ok", await Shell.RunAsync($"docker run --rm --net {name} {BusyboxFixture.Image} /bin/wget -qO- http://web:8080/"));
        }
        finally
        {
            await Shell.RunAsync($"docker network rm {name}");
        }
    }

    [Fact]
    public async Task Host_network_has_no_address_of_its_own()
    {
        await using var docker = new DockerFixture();
        var plan = docker.Plan("exec sleep 1000", task => task.Container.Docker.Network = ContainerInfo.Types.DockerInfo.Types.Network.Host);

        Assert.Empty((await docker.Containerizer.LaunchAsync(plan, CancellationToken.None)).IpAddresses);
    }

    [Fact]
    public async Task Privileged_container_runs_under_the_policy_that_allows_it_only()
    {
        await using var strict = new DockerFixture();
        await using var lenient = new DockerFixture(options => options with { Policy = new SecurityPolicy(PolicyMode.Privileged, []) });

        var failure = await Assert.ThrowsAsync<ContainerLaunchException>(() => strict.Containerizer.LaunchAsync(strict.Plan("true", Privileged), CancellationToken.None));
        var plan = lenient.Plan("exec sleep 1000", Privileged);
        try
        {
            await lenient.Containerizer.LaunchAsync(plan, CancellationToken.None);
            Assert.True((await lenient.InspectAsync(plan)).GetProperty("HostConfig").GetProperty("Privileged").GetBoolean());
        }
        catch (ContainerLaunchException e)
        {
            // Where the daemon itself lacks capabilities it says so: the request for them came through.
            Assert.Contains("caps", e.Message, StringComparison.Ordinal);
        }

        Assert.Contains("--policy=baseline does not allow a privileged container", failure.Message, StringComparison.Ordinal);

        static void Privileged(TaskInfo task) => task.Container.Docker.Privileged = true;
    }
}
