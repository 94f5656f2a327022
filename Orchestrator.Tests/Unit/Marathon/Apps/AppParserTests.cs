using System.Text.Json;
using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Marathon.Apps;

/// <summary>Definitions in all their forms: defaults, old forms into new ones, errors of type at their fields, and back as JSON.</summary>
public sealed class AppParserTests
{
    internal static AppDefinition Parse(string json)
    {
        var errors = new FieldErrors();
        var app = AppParser.Parse(ServicesHarness.Json(json), null, errors);
        Assert.True(!errors.Any, string.Join(", ", errors.All));
        return app;
    }

    private static string[] ErrorsOf(string json)
    {
        var errors = new FieldErrors();
        AppParser.Parse(ServicesHarness.Json(json), null, errors);
        return [.. errors.All.Select(error => $"{error.Path} {error.Text}")];
    }

    [Fact]
    public void Defaults_are_those_of_the_reference()
    {
        var app = Parse("{'id':'web','cmd':'x'}");

        Assert.Equal(("/web", 1, 1.0, 128.0, 0.0, 0), (app.Id, app.Instances, app.Cpus, app.Mem, app.Disk, app.Gpus));
        Assert.Equal((1.0, 1.15, 300.0), (app.BackoffSeconds, app.BackoffFactor, app.MaxLaunchDelaySeconds));
        Assert.Equal(new UpgradeStrategy(1, 1), app.UpgradeStrategy);
        Assert.Equal(new UnreachableStrategy(0, 0), app.UnreachableStrategy);
        Assert.Equal(NetworkMode.Host, app.Networks.Single().Mode);
        Assert.Equal((0, "tcp", "default"), (app.PortDefinitions.Single().Port, app.PortDefinitions.Single().Protocol, app.PortDefinitions.Single().Name));
        Assert.False(app.RequirePorts);
        Assert.False(app.KillOldestFirst);
        Assert.Null(app.AcceptedResourceRoles);
    }

    [Fact]
    public void Health_check_defaults_are_those_of_the_reference()
    {
        var check = Parse("{'id':'web','cmd':'x','healthChecks':[{}]}").HealthChecks.Single();

        Assert.Equal(("HTTP", 0, 300.0, 60.0, 20.0, 3, 15.0), (check.Protocol, check.PortIndex, check.GracePeriodSeconds, check.IntervalSeconds, check.TimeoutSeconds, check.MaxConsecutiveFailures, check.DelaySeconds));
    }

    [Fact]
    public void Single_instance_label_means_no_surge() =>
        Assert.Equal(new UpgradeStrategy(0, 0), Parse("{'id':'web','cmd':'x','labels':{'MARATHON_SINGLE_INSTANCE_APP':'true'}}").UpgradeStrategy);

    [Fact]
    public void Old_ports_become_port_definitions()
    {
        var app = Parse("{'id':'web','cmd':'x','ports':[0,8080],'requirePorts':true}");

        Assert.Equal([0, 8080], app.PortDefinitions.Select(port => port.Port));
        Assert.True(app.RequirePorts);
    }

    [Fact]
    public void Old_docker_networking_becomes_networks_and_port_mappings()
    {
        var app = Parse("{'id':'web','container':{'type':'DOCKER','docker':{'image':'busybox','network':'BRIDGE','portMappings':[{'containerPort':80,'hostPort':0,'servicePort':9000,'protocol':'tcp'}]}}}");

        Assert.Equal(NetworkMode.Bridge, app.Networks.Single().Mode);
        var mapping = app.Container!.PortMappings!.Single();
        Assert.Equal((80, 0, 9000), (mapping.ContainerPort, mapping.HostPort, mapping.ServicePort));
        Assert.Empty(app.PortDefinitions);
    }

    [Theory]
    [InlineData("HOST", NetworkMode.Host)]
    [InlineData("USER", NetworkMode.Container)]
    public void Old_network_name_gives_its_mode(string network, NetworkMode mode) =>
        Assert.Equal(mode, Parse($"{{'id':'web','ipAddress':{{'networkName':'dev'}},'container':{{'docker':{{'image':'busybox','network':'{network}'}}}}}}").Networks.Single().Mode);

    [Fact]
    public void Bridge_without_mappings_gets_one_default_mapping()
    {
        var mapping = Parse("{'id':'web','networks':[{'mode':'container/bridge'}],'container':{'type':'DOCKER','docker':{'image':'busybox'}}}").Container!.PortMappings!.Single();

        Assert.Equal((0, 0, "default"), (mapping.ContainerPort, mapping.HostPort, mapping.Name));
    }

    [Fact]
    public void Old_uris_become_fetch_and_only_archives_are_unpacked()
    {
        var fetch = Parse("{'id':'web','cmd':'x','uris':['http://h/a.tar.gz','http://h/b.jar']}").Fetch;

        Assert.Equal([("http://h/a.tar.gz", true), ("http://h/b.jar", false)], fetch.Select(item => (item.Uri, item.Extract)));
    }

    [Fact]
    public void Null_fields_mean_absent_ones() =>
        Assert.Equal(AppJson.ContentOf(Parse("{'id':'web','cmd':'x'}")), AppJson.ContentOf(Parse("{'id':'web','cmd':'x','ports':null,'dependencies':null,'container':null,'healthChecks':null,'env':null,'user':null}")));

    [Fact]
    public void Constraint_operator_of_any_case_is_upper_case() =>
        Assert.Equal(new PlacementConstraint("hostname", "UNIQUE", null), Parse("{'id':'web','cmd':'x','constraints':[['hostname','unique']]}").Constraints.Single());

    [Theory]
    [InlineData("[]", "/ error.expected.jsobject")]
    [InlineData("{'cmd':'x'}", "/id error.path.missing")]
    [InlineData("{'id':'web','cmd':1}", "/cmd error.expected.jsstring")]
    [InlineData("{'id':'web','instances':'3'}", "/instances error.expected.int")]
    [InlineData("{'id':'web','instances':1.5}", "/instances error.expected.int")]
    [InlineData("{'id':'web','cpus':'a lot'}", "/cpus error.expected.jsnumber")]
    [InlineData("{'id':'web','env':{'A':1}}", "/env/A error.expected.jsstring: a text, or an object {\"secret\": name}")]
    [InlineData("{'id':'web','healthChecks':{}}", "/healthChecks error.expected.jsarray")]
    [InlineData("{'id':'web','healthChecks':[{'portIndex':'x'}]}", "/healthChecks(0)/portIndex error.expected.int")]
    [InlineData("{'id':'web','container':{'docker':{}}}", "/container/docker/image error.path.missing")]
    [InlineData("{'id':'web','constraints':['hostname']}", "/constraints(0) must be [field, operator] or [field, operator, value], all texts")]
    [InlineData("{'id':'web','killSelection':'ALL'}", "/killSelection 'ALL' is not one of YOUNGEST_FIRST, OLDEST_FIRST")]
    [InlineData("{'id':'web','requirePorts':'yes'}", "/requirePorts error.expected.jsboolean")]
    public void Field_of_the_wrong_type_is_named(string json, string error) => Assert.Contains(error, ErrorsOf(json));

    [Theory]
    [InlineData("{'id':'web','ports':[1],'portDefinitions':[{'port':1}]}", "/ports")]
    [InlineData("{'id':'web','uris':['a'],'fetch':[{'uri':'b'}]}", "/uris")]
    [InlineData("{'id':'web','networks':[{'mode':'host'}],'container':{'docker':{'image':'b','network':'HOST'}}}", "/container/docker/network")]
    [InlineData("{'id':'web','networks':[{'mode':'host'}],'ipAddress':{}}", "/ipAddress")]
    public void Old_and_new_form_together_are_refused(string json, string path) => Assert.Contains(ErrorsOf(json), error => error.StartsWith(path + " ", StringComparison.Ordinal));

    [Fact]
    public void All_errors_of_a_body_are_told_at_once() => Assert.Equal(3, ErrorsOf("{'id':'web','cmd':1,'cpus':'x','instances':[]}").Length);

    /// <summary>Definitions that use about every field.</summary>
    public static TheoryData<string> Definitions =>
    [
        "{'id':'/web','cmd':'x'}",
        "{'id':'/a/b','args':['a','b c'],'user':'nobody','env':{'A':'1','B':{'secret':'s'}},'instances':4,'cpus':0.25,'mem':64.5,'disk':10,'resourceLimits':{'cpus':2,'mem':'unlimited'},'container':{'type':'DOCKER','docker':{'image':'busybox','forcePullImage':true,'privileged':true,'parameters':[{'key':'a','value':'b'},{'key':'a','value':'c'}]},'volumes':[{'containerPath':'/c','hostPath':'/srv/h','mode':'RO'}],'portMappings':[{'containerPort':80,'hostPort':0,'servicePort':10001,'protocol':'udp,tcp','name':'http','labels':{'VIP_0':'/web:80'}}]},'networks':[{'mode':'container/bridge'}],'labels':{'a':'b'}}",
        "{'id':'/c','cmd':'x','constraints':[['hostname','UNIQUE'],['rack','GROUP_BY','3']],'fetch':[{'uri':'http://h/f','extract':false,'executable':true,'cache':true,'destPath':'f'}],'healthChecks':[{'protocol':'TCP','portIndex':0},{'protocol':'COMMAND','command':{'value':'true'}},{'protocol':'MESOS_HTTP','port':80,'path':'/h'}],'dependencies':['/a','../b'],'acceptedResourceRoles':['*','web'],'unreachableStrategy':'disabled','killSelection':'OLDEST_FIRST','taskKillGracePeriodSeconds':7,'portDefinitions':[{'port':8080,'protocol':'tcp','name':'http','labels':{'a':'b'}}],'requirePorts':true}",
        "{'id':'/d','cmd':'x','portDefinitions':[],'upgradeStrategy':{'minimumHealthCapacity':0.5,'maximumOverCapacity':0.2},'unreachableStrategy':{'inactiveAfterSeconds':5,'expungeAfterSeconds':10},'backoffSeconds':2,'backoffFactor':1.5,'maxLaunchDelaySeconds':60,'readinessChecks':[{'name':'r'}],'role':'dev'}",
        "{'id':'/e','container':{'type':'DOCKER','docker':{'image':'busybox'}},'networks':[{'mode':'container','name':'dev','labels':{'x':'y'}}]}",
    ];

    [Theory]
    [MemberData(nameof(Definitions))]
    public void Definition_written_and_read_again_is_the_same(string json)
    {
        var app = Parse(json);

        var written = AppJson.ToBytes(app);
        var again = AppParser.Parse(JsonDocument.Parse(written).RootElement, null, new FieldErrors());

        Assert.Equal(written, AppJson.ToBytes(again));
    }

    [Fact]
    public void Definition_is_written_in_new_forms_only()
    {
        var json = JsonDocument.Parse(AppJson.ToBytes(Parse("{'id':'web','cmd':'x','ports':[0],'uris':['http://h/a.zip']}"))).RootElement;

        Assert.False(json.TryGetProperty("ports", out _));
        Assert.False(json.TryGetProperty("uris", out _));
        Assert.Equal(1, json.GetProperty("portDefinitions").GetArrayLength());
        Assert.Equal(1, json.GetProperty("fetch").GetArrayLength());
        Assert.False(json.TryGetProperty("args", out _));
    }

    [Theory]
    [InlineData("'instances':5", true)]
    [InlineData("'cpus':2", false)]
    [InlineData("'labels':{'a':'b'}", false)]
    [InlineData("'env':{'A':'b'}", false)]
    public void Content_differs_for_everything_but_instances(string field, bool same) =>
        Assert.Equal(same, AppJson.ContentOf(Parse("{'id':'web','cmd':'x'}")) == AppJson.ContentOf(Parse($"{{'id':'web','cmd':'x',{field}}}")));
}
