using System.Globalization;
using Orchestrator.AgentService.Sandbox;

namespace Orchestrator.Tests.Integration.Execution;

/// <summary>What commands print, however much.</summary>
[Trait("Category", "Integration")]
public sealed class SandboxLogTests
{
    [Fact]
    public async Task Output_beyond_the_limit_goes_into_older_files_and_the_oldest_goes()
    {
        using var fixture = new CommandFixture(logs: new LogRotator(1000, 3));
        var plan = fixture.Plan("i=1000; while [ $i -lt 2000 ]; do echo $i; i=$((i + 1)); done");

        var (exit, output, _) = await fixture.RunAsync(plan);

        Assert.Equal(0, exit.ExitCode);
        Assert.Equal(Lines(1800, 2000), output);
        Assert.Equal(Lines(1600, 1800), await File.ReadAllTextAsync(Path.Combine(plan.SandboxDirectory, "stdout.1")));
        Assert.Equal(Lines(1400, 1600), await File.ReadAllTextAsync(Path.Combine(plan.SandboxDirectory, "stdout.2")));
        Assert.False(File.Exists(Path.Combine(plan.SandboxDirectory, "stdout.3")));
        Assert.Equal(["stderr", "stdout", "stdout.1", "stdout.2"], Directory.EnumerateFiles(plan.SandboxDirectory).Select(path => Path.GetFileName(path)).Order());
    }

    [Fact]
    public async Task Single_file_begins_anew_at_its_limit()
    {
        using var fixture = new CommandFixture(logs: new LogRotator(1000, 1));
        var plan = fixture.Plan("head -c 1500 /dev/zero | tr '\\0' x >&2");

        var (_, _, error) = await fixture.RunAsync(plan);

        Assert.Equal(new string('x', 500), error);
        Assert.False(File.Exists(Path.Combine(plan.SandboxDirectory, "stderr.1")));
    }

    [Fact]
    public async Task Line_is_in_the_file_at_once_and_output_goes_on_without_an_agent()
    {
        using var fixture = new CommandFixture(logs: new LogRotator(100, 2));
        var plan = fixture.Plan("echo first; while [ ! -e go ]; do sleep 0.02; done; i=0; while [ $i -lt 30 ]; do echo again $i; i=$((i + 1)); done; exec sleep 983");
        await fixture.Containerizer.LaunchAsync(plan, CancellationToken.None);
        var path = Path.Combine(plan.SandboxDirectory, "stdout");
        await CommandFixture.UntilAsync(() => File.ReadAllText(path) == "first\n");
        fixture.Containerizer.Dispose();

        await File.WriteAllTextAsync(Path.Combine(plan.SandboxDirectory, "go"), "");
        await CommandFixture.UntilAsync(() => File.ReadAllText(path).EndsWith("again 29\n", StringComparison.Ordinal));

        Assert.Equal(100, new System.IO.FileInfo(path + ".1").Length);
        fixture.Restart();
        await fixture.Containerizer.RecoverAsync(plan, CancellationToken.None);
        await fixture.Containerizer.StopAsync(plan, TimeSpan.Zero, CancellationToken.None);
        await fixture.Containerizer.WaitAsync(plan, CancellationToken.None).WaitAsync(CommandFixture.Patience);
        await fixture.Containerizer.RemoveAsync(plan, CancellationToken.None);
    }

    [Fact]
    public async Task Gigabyte_of_output_is_bounded_and_holds_up_nobody()
    {
        using var fixture = new CommandFixture(logs: new LogRotator(20_000_000, 2));
        var plan = fixture.Plan("head -c 1000000000 /dev/zero");

        var (exit, _, _) = await fixture.RunAsync(plan);

        Assert.Equal(0, exit.ExitCode);
        Assert.InRange(Directory.EnumerateFiles(plan.SandboxDirectory).Sum(path => new System.IO.FileInfo(path).Length), 20_000_000, 40_000_000);
    }

    [Fact]
    public async Task No_limit_writes_straight_into_one_file()
    {
        using var fixture = new CommandFixture(logs: new LogRotator(0, 10));
        var plan = fixture.Plan("readlink /proc/$$/fd/1");

        var (_, output, _) = await fixture.RunAsync(plan);

        Assert.Equal(Path.Combine(plan.SandboxDirectory, "stdout") + "\n", output);
    }

    [Fact]
    public async Task Logs_of_another_user_are_written_by_that_user_so_a_link_in_their_place_gives_nothing_away()
    {
        using var fixture = new CommandFixture(logs: new LogRotator(1000, 2));
        await Support.Shell.RunAsync($"chmod 755 {fixture.WorkDirectory}");
        var secret = Path.Combine(fixture.WorkDirectory, "roots-own");
        await File.WriteAllTextAsync(secret, "untouched");
        File.SetUnixFileMode(secret, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var plan = fixture.Plan($"rm stdout; ln -s {secret} stdout; head -c 5000 /dev/zero; sleep 0.2", user: "nobody");

        await fixture.RunAsync(plan);

        Assert.Equal("untouched", await File.ReadAllTextAsync(secret));
    }

    private static string Lines(int from, int to) => string.Concat(Enumerable.Range(from, to - from).Select(i => i.ToString(CultureInfo.InvariantCulture) + "\n"));
}
