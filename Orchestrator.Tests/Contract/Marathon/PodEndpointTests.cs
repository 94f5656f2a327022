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
    private const string Instance = "shop_pair.instance-1";
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
