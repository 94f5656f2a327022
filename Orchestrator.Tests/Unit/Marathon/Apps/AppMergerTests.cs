using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Marathon.Apps;

/// <summary>Partial updates: what is not said stays, what is said replaces whole.</summary>
public sealed class AppMergerTests
{
    private const string Bridge = "{'id':'/web','cmd':'x','env':{'A':'1','B':'2'},'resourceLimits':{'mem':500},'container':{'type':'DOCKER','docker':{'image':'one'},'portMappings':[{'containerPort':80,'servicePort':10001}]},'networks':[{'mode':'container/bridge'}],'healthChecks':[{'protocol':'HTTP'}]}";

    private static AppDefinition Merge(string old, string update)
    {
        var errors = new FieldErrors();
        var app = AppParser.Parse(AppMerger.Merge(AppParserTests.Parse(old), ServicesHarness.Json(update)), "/web", errors);
        Assert.True(!errors.Any, string.Join(", ", errors.All));
        return app;
    }

    [Fact]
    public void Fields_that_are_absent_or_null_stay()
    {
        var app = Merge(Bridge, "{'instances':10,'cmd':null}");

        Assert.Equal((10, "x"), (app.Instances, app.Cmd));
        Assert.Equal("one", app.Container!.Docker!.Image);
        Assert.Equal(10001, app.Container.PortMappings!.Single().ServicePort);
        Assert.Single(app.HealthChecks);
    }

    [Fact]
    public void Maps_are_replaced_whole() => Assert.Equal(["C"], Merge(Bridge, "{'env':{'C':'3'}}").Env.Keys);

    [Fact]
    public void Nested_objects_are_replaced_whole()
    {
        var app = Merge(Bridge, "{'container':{'type':'DOCKER','docker':{'image':'two'}}}");

        Assert.Equal("two", app.Container!.Docker!.Image);
        Assert.Equal("default", app.Container.PortMappings!.Single().Name);
    }

    [Fact]
    public void Resource_limits_left_out_are_cleared() => Assert.Null(Merge(Bridge, "{'instances':2}").Limits);

    [Fact]
    public void Args_replace_cmd_and_cmd_replaces_args()
    {
        var withArgs = Merge(Bridge, "{'args':['a']}");
        Assert.Null(withArgs.Cmd);
        Assert.Equal(["a"], withArgs.Args);
    }

    [Fact]
    public void Old_form_in_an_update_replaces_the_new_form()
    {
        Assert.Equal([9999], Merge("{'id':'/web','cmd':'x'}", "{'ports':[9999]}").PortDefinitions.Select(port => port.Port));
        Assert.Equal(["http://h/b"], Merge("{'id':'/web','cmd':'x','fetch':[{'uri':'http://h/a'}]}", "{'uris':['http://h/b']}").Fetch.Select(item => item.Uri));
    }

    [Fact]
    public void Old_docker_network_in_an_update_replaces_the_network() =>
        Assert.Equal(NetworkMode.Bridge, Merge("{'id':'/web','cmd':'x'}", "{'container':{'docker':{'image':'b','network':'BRIDGE'}}}").Networks.Single().Mode);
}
