using Orchestrator.AgentService.Execution;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.Policy;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Integration.Execution;

/// <summary>Folders of the host for commands without an image.</summary>
[Trait("Category", "Integration")]
public sealed class HostVolumeTests
{
    [Fact]
    public async Task Folder_of_the_host_is_found_at_a_relative_path_and_can_be_written()
    {
        using var host = new TemporaryDirectory();
        using var fixture = new CommandFixture(policy: new SecurityPolicy(PolicyMode.Baseline, [host.Path]));
        var plan = fixture.Plan("echo kept > deep/data/file; ls own", task => Add(task, (host.Path, "deep/data"), ("own", "own"), (host.Path, host.Path)));

        var (exit, _, error) = await fixture.RunAsync(plan);

        Assert.Equal((0, ""), (exit.ExitCode, error));
        Assert.Equal("kept\n", await File.ReadAllTextAsync(Path.Combine(host.Path, "file")));
    }

    [Theory]
    [InlineData("/etc", "data", Volume.Types.Mode.Rw, "--volume_roots")]
    [InlineData("LINK", "data", Volume.Types.Mode.Rw, "/etc")]
    [InlineData("ROOT/none", "data", Volume.Types.Mode.Rw, "make it first")]
    [InlineData("ROOT", "/data", Volume.Types.Mode.Rw, "relative to the sandbox")]
    [InlineData("ROOT", "data", Volume.Types.Mode.Ro, "read-only")]
    [InlineData("ROOT", "../data", Volume.Types.Mode.Rw, "inside the sandbox")]
    [InlineData("../x", "data", Volume.Types.Mode.Rw, "inside the sandbox")]
    public async Task Volume_that_cannot_be_had_is_refused_with_its_name_and_the_way_out(string hostPath, string path, Volume.Types.Mode mode, string remedy)
    {
        using var host = new TemporaryDirectory();
        using var fixture = new CommandFixture(policy: new SecurityPolicy(PolicyMode.Baseline, [host.Path]));
        var link = Path.Combine(host.Path, "link");
        File.CreateSymbolicLink(link, "/etc");
        var plan = fixture.Plan("true", task =>
        {
            Add(task, (hostPath.Replace("ROOT", host.Path, StringComparison.Ordinal).Replace("LINK", link, StringComparison.Ordinal), path));
            task.Container.Volumes[0].Mode = mode;
        });

        var error = await Assert.ThrowsAsync<ContainerLaunchException>(() => fixture.Containerizer.LaunchAsync(plan, CancellationToken.None));

        Assert.Contains($"'{path}'", error.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
    }

    private static void Add(TaskInfo task, params (string Host, string Container)[] volumes)
    {
        task.Container = new ContainerInfo { Type = ContainerInfo.Types.Type.Mesos };
        foreach (var (host, container) in volumes)
        {
            task.Container.Volumes.Add(new Volume { HostPath = host, ContainerPath = container, Mode = Volume.Types.Mode.Rw });
        }
    }
}
