using System.Globalization;
using Orchestrator.AgentService.Execution;
using Orchestrator.Tests.Integration.EndToEnd;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Integration.Execution.Docker;

/// <summary>A daemon that goes away and comes back, or was never there.</summary>
[Trait("Category", "Integration")]
public sealed class DockerDaemonTests : IClassFixture<BusyboxFixture>
{
    [Fact]
    public async Task Daemon_that_restarts_loses_no_container_no_output_and_no_end()
    {
        await using var daemon = await PrivateDaemon.StartAsync();
        await using var docker = new DockerFixture(socket: daemon.SocketPath);
        var lasting = docker.Plan("i=0; while true; do i=$((i+1)); echo line $i; sleep 0.02; done");
        var ending = docker.Plan("while ! test -e /mnt/mesos/sandbox/go; do sleep 0.05; done; echo done; exit 5");
        await docker.Containerizer.LaunchAsync(lasting, CancellationToken.None);
        await docker.Containerizer.LaunchAsync(ending, CancellationToken.None);
        var (end, goesOn) = (docker.WaitAsync(ending), docker.WaitAsync(lasting));

        await daemon.StopAsync();
        await File.WriteAllTextAsync(Path.Combine(ending.SandboxDirectory, "go"), "");
        await Until.TrueAsync("the agent says that Docker is away", () => docker.Log.Messages.Any(message => message.StartsWith("Docker is away", StringComparison.Ordinal)));
        await daemon.ResumeAsync();

        Assert.NotNull((await end).ExitCode);
        var seen = Count(lasting);
        await Until.TrueAsync("output goes on", () => Count(lasting) > seen + 5);
        Assert.False(goesOn.IsCompleted);
        await docker.Containerizer.StopAsync(lasting, TimeSpan.Zero, CancellationToken.None);
        Assert.Equal(137, (await goesOn).ExitCode);
        var lines = DockerFixture.Output(lasting).TrimEnd('\n').Split('\n');
        Assert.Equal(Enumerable.Range(1, lines.Length).Select(i => $"line {i}"), lines);
        Assert.Contains("Docker is back", docker.Log.Messages);
    }

    [Fact]
    public async Task Launch_while_no_daemon_answers_fails_with_what_to_do()
    {
        await using var docker = new DockerFixture(options => options with { KillOrphans = false }, socket: "/tmp/no-such-docker.sock");

        var failure = await Assert.ThrowsAsync<ContainerLaunchException>(() => docker.Containerizer.LaunchAsync(docker.Plan("true"), CancellationToken.None));

        Assert.Contains("No Docker daemon answers at /tmp/no-such-docker.sock", failure.Message, StringComparison.Ordinal);
        Assert.Contains("--docker_socket", failure.Message, StringComparison.Ordinal);
        Assert.Single(docker.Log.Messages, message => message.StartsWith("Docker is away", StringComparison.Ordinal));
    }

    private static int Count(ContainerPlan plan)
    {
        var text = DockerFixture.Output(plan);
        return text.Length == 0 ? 0 : int.Parse(text[..text.LastIndexOf('\n')].Split('\n')[^1].Split(' ')[^1], CultureInfo.InvariantCulture);
    }
}
