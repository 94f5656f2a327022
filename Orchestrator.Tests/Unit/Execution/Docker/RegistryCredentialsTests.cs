using System.Text;
using System.Text.Json;
using Orchestrator.AgentService.Execution.Docker;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Execution.Docker;

public sealed class RegistryCredentialsTests
{
    /// <summary>user:pass:word</summary>
    private const string Auth = "dXNlcjpwYXNzOndvcmQ=";

    [Theory]
    [InlineData("""{"auths":{"reg.example:5000":{"auth":"dXNlcjpwYXNzOndvcmQ="}}}""")]
    [InlineData("""{"auths":{"https://REG.example:5000/v2/":{"auth":"dXNlcjpwYXNzOndvcmQ=","email":"x"}},"HttpHeaders":{}}""")]
    [InlineData("""{"reg.example:5000":{"auth":"dXNlcjpwYXNzOndvcmQ=","email":"x"}}""")]
    [InlineData("""{"auths":{"reg.example:5000":{"username":"user","password":"pass:word"}}}""")]
    public void Account_of_a_registry_becomes_a_header(string json)
    {
        var header = Decode(RegistryCredentials.Parse(json).HeaderFor("reg.example:5000"));

        Assert.Equal("user", header.GetProperty("username").GetString());
        Assert.Equal("pass:word", header.GetProperty("password").GetString());
    }

    [Theory]
    [InlineData("https://index.docker.io/v1/")]
    [InlineData("docker.io")]
    [InlineData("registry-1.docker.io")]
    public void Default_registry_is_found_under_all_its_names(string name) =>
        Assert.NotNull(RegistryCredentials.Parse("{\"auths\":{\"" + name + "\":{\"auth\":\"" + Auth + "\"}}}").HeaderFor(ImageName.DefaultRegistry));

    [Fact]
    public void Identity_token_is_sent_instead_of_a_password()
    {
        var header = Decode(RegistryCredentials.Parse("""{"auths":{"r.example":{"identitytoken":"tok"}}}""").HeaderFor("r.example"));

        Assert.Equal("tok", header.GetProperty("identitytoken").GetString());
    }

    [Theory]
    [InlineData("""{"auths":{}}""")]
    [InlineData("""{"auths":{"other.example":{"auth":"dXNlcjpwYXNzOndvcmQ="}}}""")]
    [InlineData("""{"auths":{"reg.example:5000":{}}}""")]
    [InlineData("""{"auths":{"reg.example:5000":{"auth":"%%%"}}}""")]
    [InlineData("""{"credsStore":"desktop","auths":{"reg.example:5000":{}}}""")]
    public void Registry_without_an_account_has_none(string json) => Assert.Null(RegistryCredentials.Parse(json).HeaderFor("reg.example:5000"));

    [Theory]
    [InlineData("")]
    [InlineData("[1]")]
    [InlineData("{")]
    public void What_is_no_configuration_is_refused(string json) => Assert.Throws<FormatException>(() => RegistryCredentials.Parse(json));

    [Theory]
    [InlineData(".docker/config.json", """{"auths":{"r.example":{"auth":"dXNlcjpwYXNzOndvcmQ="}}}""")]
    [InlineData(".dockercfg", """{"r.example":{"auth":"dXNlcjpwYXNzOndvcmQ="}}""")]
    public void Configuration_that_a_task_fetched_is_found(string path, string json)
    {
        using var sandbox = new TemporaryDirectory();
        Directory.CreateDirectory(Path.Combine(sandbox.Path, ".docker"));
        File.WriteAllText(Path.Combine(sandbox.Path, path), json);

        Assert.NotNull(RegistryCredentials.OfFolder(sandbox.Path)!.HeaderFor("r.example"));
    }

    [Fact]
    public void Configuration_that_is_a_link_is_not_followed()
    {
        using var directory = new TemporaryDirectory();
        var sandbox = directory.Sub("sandbox");
        File.WriteAllText(Path.Combine(directory.Path, "secret"), """{"r.example":{"auth":"dXNlcjpwYXNzOndvcmQ="}}""");
        File.CreateSymbolicLink(Path.Combine(sandbox, ".dockercfg"), Path.Combine(directory.Path, "secret"));

        Assert.Null(RegistryCredentials.OfFolder(sandbox));
    }

    private static JsonElement Decode(string? header) =>
        JsonDocument.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(header!.Replace('-', '+').Replace('_', '/')))).RootElement;
}
