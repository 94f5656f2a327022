using System.Text.Json;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Marathon.Pods;
using Orchestrator.Core.Views.Services;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Contract.Marathon;

/// <summary>Everything below <c>/v2/pods</c>: what is read, what the engine is told.</summary>
[Trait("Category", "Contract")]
public sealed class PodEndpointTests : IAsyncLifetime
{
    /// <summary>A pod with every field that can be used.</summary>
    private const string Everything = """
        {'id':'/all','user':'root','environment':{'A':'b'},'labels':{'a':'b'},'networks':[{'mode':'container/bridge','labels':{'a':'b'}}],
         'volumes':[{'name':'v'}],'scaling':{'kind':'fixed','instances':1},'executorResources':{'cpus':0.1,'mem':32,'disk':10},
         'scheduling':{'backoff':{'backoff':1,'backoffFactor':1.5,'maxLaunchDelay':60},'upgrade':{'minimumHealthCapacity':0.5,'maximumOverCapacity':0.5},
          'placement':{'constraints':[{'fieldName':'hostname','operator':'LIKE','value':'x'}],'acceptedResourceRoles':['*']},
          'killSelection':'OLDEST_FIRST','unreachableStrategy':{'inactiveAfterSeconds':1,'expungeAfterSeconds':2}},
         'containers':[
          {'name':'one','image':{'kind':'DOCKER','id':'x','forcePull':true},'exec':{'command':{'argv':['y']},'overrideEntrypoint':true},
           'resources':{'cpus':1,'mem':64,'disk':1,'gpus':0},'resourceLimits':{'cpus':2,'mem':128},'environment':{'A':'b'},'user':'root','labels':{'a':'b'},'tty':true,
           'endpoints':[{'name':'web','containerPort':80,'hostPort':0,'protocol':['tcp'],'labels':{'a':'b'}}],
           'artifacts':[{'uri':'http://x/y','extract':true,'executable':false,'cache':true,'destPath':'z'}],'volumeMounts':[{'name':'v','mountPath':'/v','readOnly':true}],
           'healthCheck':{'http':{'endpoint':'web','path':'/','scheme':'HTTP'},'gracePeriodSeconds':1,'intervalSeconds':2,'timeoutSeconds':1,'maxConsecutiveFailures':1,'delaySeconds':1},
           'lifecycle':{'killGracePeriodSeconds':3}},
          {'name':'two','exec':{'command':{'shell':'x'}},'healthCheck':{'exec':{'command':{'shell':'x'}}}},
          {'name':'three','image':{'id':'x'},'endpoints':[{'name':'raw','containerPort':81}],'healthCheck':{'tcp':{'endpoint':'raw'}}}]}
        """;

    private const string Instance = "shop_pair.instance-1";
    private static readonly WriteTerms s_strict = new() { Strict = true };
    private static readonly DateTimeOffset s_version = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
    private MarathonEdge _edge = null!;

    public async ValueTask InitializeAsync() => _edge = await MarathonEdge.StartAsync(ServiceSnapshots.Busy with { Pods = [Pod()] });

    public ValueTask DisposeAsync() => _edge.DisposeAsync();

    [Theory]
    [InlineData("/v2/pods/shop/pair")]
    [InlineData("/v2/pods//shop/pair")]
    [InlineData("/v2/pods/%2Fshop%2Fpair")]
    public async Task Pod_is_read_by_its_id(string path)
    {
        var pod = await _edge.GetAsync(path);
        Assert.Equal(["id", "version", "containers", "volumes", "networks", "scaling", "scheduling", "executorResources"], pod.EnumerateObject().Select(field => field.Name));
        Assert.Equal(["one"], pod.GetProperty("containers").EnumerateArray().Select(container => container.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Pods_are_listed_and_no_apps_are_among_them_nor_they_among_apps()
    {
        Assert.Equal("/shop/pair", Assert.Single((await _edge.GetAsync("/v2/pods")).EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal("/shop/pair", Assert.Single((await _edge.GetAsync("/v2/pods/::status")).EnumerateArray()).GetProperty("id").GetString());
        Assert.DoesNotContain((await _edge.GetAsync("/v2/apps")).GetProperty("apps").EnumerateArray(), app => app.GetProperty("id").GetString() == "/shop/pair");
        Assert.Equal(404, (await _edge.SendAsync("GET", "/v2/apps/shop/pair")).Status);
    }

    [Fact]
    public async Task Status_tells_instances_and_containers()
    {
        var status = await _edge.GetAsync("/v2/pods/shop/pair::status");
        Assert.Equal("STABLE", status.GetProperty("status").GetString());
        var instance = status.GetProperty("instances")[0];
        Assert.Equal((Instance, "STABLE", "node-1"), (instance.GetProperty("id").GetString(), instance.GetProperty("status").GetString(), instance.GetProperty("agentHostname").GetString()));
        Assert.Equal("/v2/pods/shop/pair::versions/2026-01-31T12:00:00.000Z", instance.GetProperty("specReference").GetString());
        var container = instance.GetProperty("containers")[0];
        Assert.Equal(("one", "TASK_RUNNING", Instance + ".one.1"), (container.GetProperty("name").GetString(), container.GetProperty("status").GetString(), container.GetProperty("containerId").GetString()));
        Assert.Equal(31000, container.GetProperty("endpoints")[0].GetProperty("allocatedHostPort").GetInt32());
    }

    [Fact]
    public async Task Versions_are_listed_and_read()
    {
        Assert.Equal("[\"2026-01-31T12:00:00.000Z\"]", (await _edge.GetAsync("/v2/pods/shop/pair::versions")).GetRawText());
        Assert.Equal("/shop/pair", (await _edge.GetAsync("/v2/pods/shop/pair::versions/2026-01-31T12:00:00.000Z")).GetProperty("id").GetString());
        Assert.Equal(404, (await _edge.SendAsync("GET", "/v2/pods/shop/pair::versions/2020-01-01T00:00:00.000Z")).Status);
    }

    [Fact]
    public async Task Writes_become_commands()
    {
        await _edge.SendAsync("POST", "/v2/pods?force=true", """{"id":"/a"}""");
        var create = await _edge.Engine.NextAsync<MarathonCommand.CreatePod>();
        Assert.Equal(("/a", true), (create.Definition.GetProperty("id").GetString(), create.Force));
        await _edge.SendAsync("PUT", "/v2/pods/shop/pair", """{"id":"/shop/pair"}""");
        Assert.Equal("/shop/pair", (await _edge.Engine.NextAsync<MarathonCommand.UpdatePod>()).PodId);
        await _edge.SendAsync("DELETE", "/v2/pods/shop/pair");
        Assert.Equal("/shop/pair", (await _edge.Engine.NextAsync<MarathonCommand.DeletePod>()).PodId);
        await _edge.SendAsync("DELETE", "/v2/pods/shop/pair::instances?wipe=true", $"[\"{Instance}\"]");
        var several = await _edge.Engine.NextAsync<MarathonCommand.KillPodInstances>();
        Assert.Equal((Instance, false, true), (several.InstanceIds.Single(), several.IsSingle, several.Wipe));
        await _edge.SendAsync("DELETE", $"/v2/pods/shop/pair::instances/{Instance}");
        var one = await _edge.Engine.NextAsync<MarathonCommand.KillPodInstances>();
        Assert.Equal((Instance, true, false), (one.InstanceIds.Single(), one.IsSingle, one.Wipe));
    }

    [Theory]
    [InlineData("PATCH", "/v2/pods/shop/pair", 405)]
    [InlineData("PUT", "/v2/pods", 405)]
    [InlineData("GET", "/v2/pods/shop/pair::instances", 405)]
    [InlineData("GET", "/v2/pods/shop/pair::nothing", 404)]
    [InlineData("DELETE", "/v2/pods/shop/pair?force=maybe", 400)]
    [InlineData("DELETE", "/v2/pods/shop/pair::instances", 400)]
    [InlineData("POST", "/v2/pods", 400)]
    public async Task What_cannot_be_is_told(string method, string path, int status) =>
        Assert.Equal(status, (await _edge.SendAsync(method, path, method is "POST" or "DELETE" ? "no json" : "{}")).Status);

    [Theory]
    [InlineData("POST", "/v2/pods")]
    [InlineData("PUT", "/v2/pods/shop/pair")]
    public async Task Strict_reaches_the_engine(string method, string path)
    {
        await _edge.SendAsync(method, path + "?strict=true", "{}");
        Assert.True((await _edge.Engine.Commands.ReadAsync(new CancellationTokenSource(Until.Patience).Token)).Terms.Strict);
    }

    [Theory]
    [InlineData("'contaners':[]", "/contaners", "did you mean 'containers'?")]
    [InlineData("'containers':[{'name':'a','image':{'id':'x'}},{'name':'b','image':{'id':'x','forcePul':true}}]", "/containers(1)/image/forcePul", "did you mean 'forcePull'?")]
    [InlineData("'scheduling':{'placement':{'constraints':[{'fieldNam':'x'}]}}", "/scheduling/placement/constraints(0)/fieldNam", "did you mean 'fieldName'?")]
    [InlineData("'scaling':{'something':3}", "/scaling/something", "is not a known field; known here are instances, kind")]
    public void Strict_pod_with_an_unknown_field_says_where_and_what_was_meant(string fields, string path, string text)
    {
        var services = new ServicesHarness();
        var whole = services.Tell(new MarathonCommand.CreatePod(ServicesHarness.Json("{'id':'/p','containers':[{'name':'a','image':{'id':'x'}}]}"), false, ServicesHarness.Origin) { Terms = s_strict });
        Assert.Equal(201, whole.Status);

        var body = ServicesHarness.Json($"{{'id':'/p',{fields}}}");
        foreach (var reply in new[] { services.Tell(new MarathonCommand.CreatePod(body, false, ServicesHarness.Origin) { Terms = s_strict }), services.Tell(new MarathonCommand.UpdatePod("/p", body, true, ServicesHarness.Origin) { Terms = s_strict }) })
        {
            var detail = ServicesHarness.Body(reply).GetProperty("details")[0];
            Assert.Equal((422, path), (reply.Status, detail.GetProperty("path").GetString()));
            Assert.Contains(text, detail.GetProperty("errors")[0].GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Strict_pod_may_hold_whatever_an_answer_holds()
    {
        var services = new ServicesHarness();
        var created = services.Tell(new MarathonCommand.CreatePod(ServicesHarness.Json(Everything), false, ServicesHarness.Origin) { Terms = s_strict });
        Assert.True(created.Status == 201, System.Text.Encoding.UTF8.GetString(created.Json.Span));

        var again = services.Tell(new MarathonCommand.UpdatePod("/all", ServicesHarness.Body(created), true, ServicesHarness.Origin) { Terms = s_strict });
        Assert.True(again.Status == 200, System.Text.Encoding.UTF8.GetString(again.Json.Span));
    }

    private static AppView Pod()
    {
        using var document = JsonDocument.Parse("""
            {"id":"/shop/pair","networks":[{"mode":"container/bridge"}],"containers":[{"name":"one","image":{"kind":"DOCKER","id":"x"},
             "endpoints":[{"name":"web","containerPort":80,"hostPort":0}]}]}
            """);
        var definition = PodParser.Parse(document.RootElement, new FieldErrors()) with { Version = s_version };
        return new AppView
        {
            Id = definition.Id,
            Definition = definition,
            Versions = [s_version],
            Definitions = new Dictionary<DateTimeOffset, Core.Contract.Apps.AppDefinition> { [s_version] = definition },
            DeploymentIds = [],
            TasksStaged = 0,
            TasksRunning = 1,
            TasksHealthy = 0,
            TasksUnhealthy = 0,
            Instances =
            [
                new InstanceView
                {
                    Id = Instance,
                    TaskId = Instance + ".one.1",
                    AppId = definition.Id,
                    Condition = "Running",
                    State = "TASK_RUNNING",
                    Host = "node-1",
                    AgentId = "S1",
                    Ports = [31000],
                    IpAddresses = ["172.17.0.2"],
                    Version = s_version,
                    HealthResults = [],
                    Containers = [new PodTaskView("one", Instance + ".one.1", "TASK_RUNNING", s_version, null, "")],
                },
            ],
        };
    }
}
