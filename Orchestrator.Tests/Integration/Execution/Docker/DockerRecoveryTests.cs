using System.Globalization;
using Orchestrator.AgentService.Execution;
using Orchestrator.AgentService.Execution.Docker;
using Orchestrator.Tests.Integration.EndToEnd;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Integration.Execution.Docker;

/// <summary>Restarts of the agent, and what happens meanwhile.</summary>
[Trait("Category", "Integration")]
public sealed class DockerRecoveryTests : IClassFixture<BusyboxFixture>
{
    private const string CountForever = "i=0; while true; do i=$((i+1)); echo out $i; echo err $i >&2; done";

    [Fact]
    public async Task Running_container_is_found_again_with_its_addresses_and_its_end_is_told()
    {
        await using var docker = new DockerFixture();
        var plan = docker.Plan("exec sleep 1000");
        var before = await docker.Containerizer.LaunchAsync(plan, CancellationToken.None);

        await docker.RestartAsync();
        var after = await docker.Containerizer.RecoverAsync(plan, CancellationToken.None);
        var end = docker.WaitAsync(plan);

        Assert.Equal(before.Pid, after!.Pid);
        Assert.False(end.IsCompleted);
        await docker.Containerizer.StopAsync(plan, TimeSpan.Zero, CancellationToken.None);
        Assert.Equal(137, (await end).ExitCode);
    }

    [Fact]
    public async Task Container_that_ended_meanwhile_is_found_with_its_status_and_its_last_words()
    {
        await using var docker = new DockerFixture();
        var plan = docker.Plan("echo one; while ! test -e /mnt/mesos/sandbox/go; do sleep 0.05; done; echo two; exit 6");
        await docker.Containerizer.LaunchAsync(plan, CancellationToken.None);
        await Until.TrueAsync("the first line is there", () => Length(plan) == 4);

        await docker.RestartAsync(async () =>
        {
            await File.WriteAllTextAsync(Path.Combine(plan.SandboxDirectory, "go"), "");
            await Shell.RunAsync($"docker wait mesos-{plan.ContainerId}");
        });
        Assert.NotNull(await docker.Containerizer.RecoverAsync(plan, CancellationToken.None));

        Assert.Equal(6, (await docker.WaitAsync(plan)).ExitCode);
        Assert.Equal("one\ntwo\n", DockerFixture.Output(plan));
    }

    [Fact]
    public async Task Output_across_restarts_of_the_agent_is_whole_and_nothing_is_there_twice()
    {
        await using var docker = new DockerFixture(options => options with { Logs = new LogOptions(0, 1) });
        var plan = docker.Plan(CountForever);
        await docker.Containerizer.LaunchAsync(plan, CancellationToken.None);

        for (var i = 0; i < 5; i++)
        {
            var before = Length(plan);
            await Until.TrueAsync("output goes on", () => Length(plan) > before + 20_000);
            await docker.RestartAsync();
            Assert.NotNull(await docker.Containerizer.RecoverAsync(plan, CancellationToken.None));
        }

        await docker.Containerizer.StopAsync(plan, TimeSpan.Zero, CancellationToken.None);
        await docker.WaitAsync(plan);

        // The end of a task is not held up by its output for long: the rest of it may come later.
        var whole = (await Shell.RunAsync($"docker logs mesos-{plan.ContainerId} 2>/dev/null")).Length + 1;
        await Until.TrueAsync("all output is in the sandbox", () => Length(plan) >= whole);
        Assert.Equal(whole, Length(plan));
        AssertCounts(DockerFixture.Output(plan), "out");
        AssertCounts(DockerFixture.Output(plan, "stderr"), "err");
    }

    [Fact]
    public async Task Output_is_rotated_and_what_is_kept_is_whole()
    {
        await using var docker = new DockerFixture(options => options with { Logs = new LogOptions(50_000, 3) });
        var plan = docker.Plan("for i in $(seq 1 40000); do echo line $i; done");

        await docker.RunAsync(plan);

        string[] files = ["stdout.2", "stdout.1", "stdout"];
        var lines = string.Concat(files.Select(name => DockerFixture.Output(plan, name))).TrimEnd('\n').Split('\n');
        Assert.False(File.Exists(Path.Combine(plan.SandboxDirectory, "stdout.3")));
        Assert.Equal("line 40000", lines[^1]);
        var first = int.Parse(lines[0].Split(' ')[^1], CultureInfo.InvariantCulture);
        Assert.Equal(Enumerable.Range(first, 40_001 - first).Select(i => $"line {i}"), lines);
    }

    [Fact]
    public async Task Container_that_was_made_but_never_started_is_lost_and_removed()
    {
        await using var docker = new DockerFixture();
        var plan = docker.Plan("exec sleep 1000");
        await Shell.RunAsync($"docker create --name mesos-{plan.ContainerId} --label {docker.Options.Label} {BusyboxFixture.Image} /bin/sleep 1000");

        Assert.Null(await docker.Containerizer.RecoverAsync(plan, CancellationToken.None));

        Assert.Equal("", await Shell.RunAsync($"docker ps -aq --filter name=mesos-{plan.ContainerId}"));
    }

    [Fact]
    public async Task Container_that_is_not_there_is_lost()
    {
        await using var docker = new DockerFixture();

        Assert.Null(await docker.Containerizer.RecoverAsync(docker.Plan("true"), CancellationToken.None));
    }

    [Fact]
    public async Task Orphans_of_this_agent_are_removed_and_those_of_others_stay()
    {
        await using var docker = new DockerFixture();
        await using var other = new DockerFixture();
        var orphan = docker.Plan("exec sleep 1000");
        var known = docker.Plan("exec sleep 1000");
        var foreign = other.Plan("exec sleep 1000");
        await docker.Containerizer.LaunchAsync(orphan, CancellationToken.None);
        await docker.Containerizer.LaunchAsync(known, CancellationToken.None);
        await other.Containerizer.LaunchAsync(foreign, CancellationToken.None);

        await docker.RestartAsync();
        await docker.Containerizer.RemoveOrphansAsync(new HashSet<string> { known.ContainerId }, CancellationToken.None);

        Assert.Equal("", await Shell.RunAsync($"docker ps -aq --filter name=mesos-{orphan.ContainerId}"));
        Assert.NotEqual("", await Shell.RunAsync($"docker ps -q --filter name=mesos-{known.ContainerId}"));
        Assert.NotEqual("", await Shell.RunAsync($"docker ps -q --filter name=mesos-{foreign.ContainerId}"));
    }

    [Fact]
    public async Task Container_that_somebody_removes_ends_without_a_status()
    {
        await using var docker = new DockerFixture();
        var plan = docker.Plan("exec sleep 1000");
        await docker.Containerizer.LaunchAsync(plan, CancellationToken.None);

        await Shell.RunAsync($"docker rm -f mesos-{plan.ContainerId}");
        var exit = await docker.WaitAsync(plan);

        Assert.True(exit.ExitCode is null or 137, exit.ToString());
    }

    private static long Length(ContainerPlan plan) => new FileInfo(Path.Combine(plan.SandboxDirectory, "stdout")) is { Exists: true } file ? file.Length : 0;

    private static void AssertCounts(string text, string word)
    {
        var lines = text.TrimEnd('\n').Split('\n');
        Assert.Equal(Enumerable.Range(1, lines.Length).Select(i => $"{word} {i}"), lines);
    }
}
