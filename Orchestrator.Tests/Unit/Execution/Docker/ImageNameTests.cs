using Orchestrator.AgentService.Execution.Docker;

namespace Orchestrator.Tests.Unit.Execution.Docker;

public sealed class ImageNameTests
{
    [Theory]
    [InlineData("busybox", "docker.io", "busybox", "latest")]
    [InlineData("busybox:1.36", "docker.io", "busybox", "1.36")]
    [InlineData("team/app", "docker.io", "team/app", "latest")]
    [InlineData("localhost/app:2", "localhost", "localhost/app", "2")]
    [InlineData("127.0.0.1:5000/app", "127.0.0.1:5000", "127.0.0.1:5000/app", "latest")]
    [InlineData("reg.example/team/app:v1", "reg.example", "reg.example/team/app", "v1")]
    [InlineData("app@sha256:0123", "docker.io", "app", "sha256:0123")]
    [InlineData("reg.example:5000/app:v1@sha256:0123", "reg.example:5000", "reg.example:5000/app", "sha256:0123")]
    public void Name_is_taken_apart(string name, string registry, string repository, string tag) =>
        Assert.Equal(new ImageName(registry, repository, tag), ImageName.Parse(name));
}
