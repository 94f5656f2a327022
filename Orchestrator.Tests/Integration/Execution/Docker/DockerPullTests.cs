using Orchestrator.AgentService.Execution;
using Orchestrator.AgentService.Execution.Docker;
using Orchestrator.Tests.Integration.EndToEnd;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Integration.Execution.Docker;

/// <summary>Pulls from a real registry that wants an account.</summary>
[Trait("Category", "Integration")]
public sealed class DockerPullTests : IClassFixture<BusyboxFixture>
{
    [Fact]
    public async Task Image_that_is_not_there_is_pulled_with_the_agents_account_once_for_all_who_want_it()
    {
        await using var registry = await LocalRegistry.StartAsync();
        var image = await registry.PushAsync("team/app:1", "first");
        await using var docker = new DockerFixture(options => options with { Credentials = RegistryCredentials.Parse(registry.Config) });
        var plans = Enumerable.Range(0, 3).Select(_ => docker.Plan("echo $WORD", task => task.Container.Docker.Image = image)).ToArray();

        var exits = await Task.WhenAll(plans.Select(docker.RunAsync));

        Assert.All(exits, exit => Assert.Equal(0, exit.ExitCode));
        Assert.All(plans, plan => Assert.Equal("first\n", DockerFixture.Output(plan)));
        Assert.Single(docker.Log.Messages, message => message.StartsWith("Pulled", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Account_that_the_task_brought_in_its_sandbox_is_used()
    {
        await using var registry = await LocalRegistry.StartAsync();
        var image = await registry.PushAsync("private", "own");
        await using var docker = new DockerFixture();
        var plan = docker.Plan("echo $WORD", task => task.Container.Docker.Image = image);
        await File.WriteAllTextAsync(Path.Combine(plan.SandboxDirectory, ".dockercfg"), registry.Config);

        Assert.Equal(0, (await docker.RunAsync(plan)).ExitCode);
    }

    [Fact]
    public async Task Forced_pull_takes_the_newest_image_of_the_tag()
    {
        await using var registry = await LocalRegistry.StartAsync();
        var image = await registry.PushAsync("moving:stable", "old");
        await using var docker = new DockerFixture(options => options with { Credentials = RegistryCredentials.Parse(registry.Config) });
        var before = docker.Plan("echo $WORD", task => task.Container.Docker.Image = image);
        await docker.RunAsync(before);
        await registry.PushAsync("moving:stable", "new");
        await Shell.RunAsync($"docker tag {BusyboxFixture.Image} {image}");
        var kept = docker.Plan("echo $WORD", task => task.Container.Docker.Image = image);
        var forced = docker.Plan("echo $WORD", task =>
        {
            task.Container.Docker.Image = image;
            task.Container.Docker.ForcePullImage = true;
        });

        await docker.RunAsync(kept);
        await docker.RunAsync(forced);

        Assert.Equal(("old\n", "\n", "new\n"), (DockerFixture.Output(before), DockerFixture.Output(kept), DockerFixture.Output(forced)));
    }

    [Fact]
    public async Task Pull_without_an_account_fails_with_the_registrys_answer_and_the_remedy()
    {
        await using var registry = await LocalRegistry.StartAsync();
        var image = await registry.PushAsync("closed", "x");
        await using var docker = new DockerFixture();

        var message = await FailureAsync(docker, image);

        Assert.StartsWith($"Failed to launch container: Failed to run 'docker -H unix:///var/run/docker.sock pull {image}': exited with status 1; stderr='Error response from daemon: ", message, StringComparison.Ordinal);
        Assert.Contains("no basic auth credentials", message, StringComparison.Ordinal);
        Assert.Contains("--docker_config", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Image_that_no_registry_has_fails_at_once()
    {
        await using var registry = await LocalRegistry.StartAsync();
        await using var docker = new DockerFixture(options => options with { Credentials = RegistryCredentials.Parse(registry.Config) });

        var message = await FailureAsync(docker, $"{registry.Address}/nothing:1");

        Assert.Contains("nothing:1", message, StringComparison.Ordinal);
        Assert.DoesNotContain(docker.Log.Messages, entry => entry.Contains("tried again", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Not A Name")]
    [InlineData("UPPER/case")]
    [InlineData("a:b:c")]
    public async Task Name_that_is_none_fails_with_the_daemons_words(string image)
    {
        await using var docker = new DockerFixture();

        Assert.Contains("invalid reference format", await FailureAsync(docker, image), StringComparison.Ordinal);
    }

    private static async Task<string> FailureAsync(DockerFixture docker, string image) =>
        (await Assert.ThrowsAsync<ContainerLaunchException>(() => docker.Containerizer.LaunchAsync(docker.Plan("true", task => task.Container.Docker.Image = image), CancellationToken.None))).Message;
}
