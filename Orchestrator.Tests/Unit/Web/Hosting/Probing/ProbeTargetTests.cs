using Orchestrator.Core.Contract.Apps;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Hosting.Probing;

namespace Orchestrator.Tests.Unit.Web.Hosting.Probing;

public sealed class ProbeTargetTests
{
    private static readonly Dictionary<string, string> s_none = [];

    [Theory]
    [InlineData(0, null, "one", 31000)]
    [InlineData(1, null, "one", 31001)]
    [InlineData(null, null, "one", 31000)]
    [InlineData(null, 9000, "one", 9000)]
    public void Check_on_the_host_network_goes_to_the_host(int? portIndex, int? port, string host, int expected)
    {
        var app = new AppDefinition { Id = "/a", PortDefinitions = [new PortDefinition(0, "tcp", null, s_none), new PortDefinition(0, "tcp", null, s_none)], HealthChecks = [Check(portIndex, port)] };
        var target = ProbeTarget.Of(app, ServiceSnapshots.Running(app, "1", "one", 31000, 31001), 0)!;
        Assert.Equal((host, expected), (target.Host, target.Port));
    }

    [Theory]
    [InlineData(NetworkMode.Bridge, 0, null, "one", 31000)]
    [InlineData(NetworkMode.Bridge, 1, null, "172.17.0.2", 9090)]
    [InlineData(NetworkMode.Bridge, null, 9000, "one", 9000)]
    [InlineData(NetworkMode.Container, 0, null, "one", 31000)]
    [InlineData(NetworkMode.Container, 1, null, "172.17.0.2", 9090)]
    [InlineData(NetworkMode.Container, 2, null, "172.17.0.2", 1025)]
    [InlineData(NetworkMode.Container, null, 9000, "172.17.0.2", 9000)]
    public void Check_of_a_container_goes_to_the_published_port_or_to_its_own_address(NetworkMode mode, int? portIndex, int? port, string host, int expected)
    {
        var app = Container(mode, Check(portIndex, port));
        var target = ProbeTarget.Of(app, ServiceSnapshots.Running(app, "1", "one", 31000, 9090, 1025), 0)!;
        Assert.Equal((host, expected), (target.Host, target.Port));
    }

    [Fact]
    public void Check_of_an_address_that_is_not_known_has_no_target()
    {
        var app = Container(NetworkMode.Container, Check(1, null));
        Assert.Null(ProbeTarget.Of(app, ServiceSnapshots.Running(app, "1", "one", 31000, 9090, 1025) with { IpAddresses = [] }, 0));
        var missing = Container(NetworkMode.Bridge, Check(7, null));
        Assert.Null(ProbeTarget.Of(missing, ServiceSnapshots.Running(missing, "1", "one", 31000), 0));
    }

    [Theory]
    [InlineData(60, 20, 60, 20)]
    [InlineData(0, 0, 0.1, 20)]
    [InlineData(0.5, 0.25, 0.5, 0.25)]
    [InlineData(1e300, double.PositiveInfinity, 86400, 86400)]
    public void Times_of_any_size_become_possible_ones(double interval, double timeout, double expectedInterval, double expectedTimeout)
    {
        var target = new ProbeTarget("t", 0, Check(0, null) with { IntervalSeconds = interval, TimeoutSeconds = timeout }, "one", 1);
        Assert.Equal((expectedInterval, expectedTimeout), (target.Interval.TotalSeconds, target.Timeout.TotalSeconds));
    }

    private static HealthCheckDefinition Check(int? portIndex, int? port) => new() { Protocol = "TCP", PortIndex = portIndex, Port = port };

    private static AppDefinition Container(NetworkMode mode, HealthCheckDefinition check) => new()
    {
        Id = "/a",
        Networks = [new NetworkDefinition(mode, mode == NetworkMode.Container ? "overlay" : null, s_none)],
        Container = new ContainerDefinition
        {
            IsDocker = true,
            PortMappings = [new PortMapping(8080, 0, 10000, "tcp", null, s_none, []), new PortMapping(9090, null, 10001, "tcp", null, s_none, []), new PortMapping(0, null, 10002, "tcp", null, s_none, [])],
        },
        HealthChecks = [check],
    };
}
