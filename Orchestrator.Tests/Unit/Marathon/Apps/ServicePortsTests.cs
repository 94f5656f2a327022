using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon.Apps;

namespace Orchestrator.Tests.Unit.Marathon.Apps;

public sealed class ServicePortsTests
{
    private static int[] PortsOf(AppDefinition? app) => [.. app!.Ports.Select(port => port.Service)];

    private static AppDefinition App(params int[] ports) => AppParserTests.Parse($"{{'id':'/web','cmd':'x','ports':[{string.Join(',', ports)}]}}");

    [Fact]
    public void Ports_that_are_not_said_are_the_lowest_free_ones() =>
        Assert.Equal([10001, 80, 10003], PortsOf(ServicePorts.Assign(App(0, 80, 0), null, port => port is 10000 or 10002, 10000, 10010)));

    [Fact]
    public void Ports_that_the_app_had_are_kept() =>
        Assert.Equal([10005, 10000], PortsOf(ServicePorts.Assign(App(0, 0), App(10005), _ => false, 10000, 10010)));

    [Fact]
    public void Exhausted_range_gives_nothing() =>
        Assert.Null(ServicePorts.Assign(App(0, 0, 0), null, _ => false, 10000, 10001));

    [Fact]
    public void Port_mappings_get_service_ports_too() =>
        Assert.Equal([10000], PortsOf(ServicePorts.Assign(AppParserTests.Parse("{'id':'/web','networks':[{'mode':'container/bridge'}],'container':{'docker':{'image':'b'},'portMappings':[{'containerPort':80}]}}"), null, _ => false, 10000, 10001)));
}
