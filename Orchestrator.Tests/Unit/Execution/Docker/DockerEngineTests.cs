using Orchestrator.AgentService.Execution.Docker;

namespace Orchestrator.Tests.Unit.Execution.Docker;

public sealed class DockerEngineTests
{
    [Theory]
    [InlineData("1.24", "1.12", "1.24")]
    [InlineData("1.41", "1.12", "1.41")]
    [InlineData("1.52", "1.24", "1.44")]
    [InlineData("1.52", "1.44", "1.44")]
    [InlineData("1.60", "1.50", "1.50")]
    [InlineData("1.41", null, "1.41")]
    public void Version_is_the_newest_that_both_know(string newest, string? oldest, string chosen) =>
        Assert.Equal(Version.Parse(chosen), DockerEngine.Choose(Version.Parse(newest), oldest is null ? null : Version.Parse(oldest)));

    [Fact]
    public void Daemon_that_is_too_old_is_told_apart() =>
        Assert.Contains("update Docker", Assert.Throws<DockerUnavailableException>(() => DockerEngine.Choose(new Version(1, 23), null)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Socket_that_is_not_there_says_what_to_do()
    {
        using var engine = new DockerEngine("/tmp/no-such.sock");

        var failure = await Assert.ThrowsAsync<DockerUnavailableException>(() => engine.InspectAsync("x", CancellationToken.None));

        Assert.Contains("No Docker daemon answers at /tmp/no-such.sock", failure.Message, StringComparison.Ordinal);
        Assert.Contains("apt-get install docker.io", failure.Message, StringComparison.Ordinal);
    }
}
