using Orchestrator.AgentService.Execution.Docker;
using Orchestrator.Core.Contract.Policy;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Execution.Docker;

public sealed class HostPathsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly string _root;
    private readonly HostPaths _paths;

    public HostPathsTests()
    {
        _root = _directory.Sub("root");
        _paths = new HostPaths(new SecurityPolicy(PolicyMode.Baseline, [_root]), [Path.Combine(_root, "agent"), "/var/run/docker.sock"]);
    }

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("data")]
    [InlineData("not/there/yet")]
    [InlineData("./a/../data")]
    public void Path_below_a_root_is_allowed(string path) =>
        Assert.Equal(Path.GetFullPath(Path.Combine(_root, path)), _paths.Allow(_root + "/" + path));

    [Theory]
    [InlineData("/etc")]
    [InlineData("/")]
    [InlineData("/var/run/docker.sock")]
    public void Path_outside_is_refused_with_the_remedy(string path) =>
        Assert.Contains("--volume_roots", Assert.Throws<FormatException>(() => _paths.Allow(path)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("..")]
    [InlineData("../other")]
    [InlineData("a/../../other")]
    public void Way_out_of_a_root_is_refused(string path) => Assert.Throws<FormatException>(() => _paths.Allow(_root + "/" + path));

    [Fact]
    public void Link_out_of_a_root_is_refused_and_both_ends_are_named()
    {
        var link = Path.Combine(_root, "link");
        File.CreateSymbolicLink(link, "/etc");

        var message = Assert.Throws<FormatException>(() => _paths.Allow(link + "/passwd")).Message;

        Assert.Contains($"The host path {link}/passwd leads to /etc/passwd", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Root_that_is_a_link_allows_what_it_leads_to()
    {
        var link = Path.Combine(_directory.Path, "alias");
        File.CreateSymbolicLink(link, _root);
        var paths = new HostPaths(new SecurityPolicy(PolicyMode.Baseline, [link]), []);

        Assert.Equal(_root + "/data", paths.Allow(link + "/data"));
    }

    [Theory]
    [InlineData("agent")]
    [InlineData("agent/meta")]
    [InlineData("")]
    public void State_of_the_agent_and_what_contains_it_is_refused(string path) =>
        Assert.Contains("--policy=baseline does not allow", Assert.Throws<FormatException>(() => _paths.Allow(Path.Combine(_root, path))).Message, StringComparison.Ordinal);

    [Fact]
    public void Privileged_policy_allows_everything()
    {
        var paths = new HostPaths(new SecurityPolicy(PolicyMode.Privileged, []), ["/var/run/docker.sock"]);

        Assert.Equal("/var/run/docker.sock", paths.Allow("/var/run/docker.sock"));
    }

    [Fact]
    public void Path_in_the_sandbox_must_stay_there()
    {
        var sandbox = _directory.Sub("sandbox");
        File.CreateSymbolicLink(Path.Combine(sandbox, "fetched"), "/etc");

        Assert.Equal(sandbox + "/data", HostPaths.InSandbox(sandbox, "data"));
        Assert.Throws<FormatException>(() => HostPaths.InSandbox(sandbox, "../other"));
        Assert.Throws<FormatException>(() => HostPaths.InSandbox(sandbox, "fetched"));
        Assert.Throws<FormatException>(() => HostPaths.InSandbox(sandbox, "/etc"));
    }
}
