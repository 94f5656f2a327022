using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Resources;
using Orchestrator.Tests.Support;
using static Orchestrator.Core.Contract.Link.AgentEvent;

namespace Orchestrator.Tests.Contract.Marathon;

/// <summary>An app with <c>"instances": "all"</c> on the real host, while agents on the wire come.</summary>
[Trait("Category", "Contract")]
public sealed class DaemonTests
{
    [Fact]
    public async Task App_on_all_agents_is_started_on_each_that_matches_and_on_each_that_joins()
    {
        await using var host = await HostFixture.StartAsync();
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = host.Address };
        await using var first = await RegisterAsync(host, "one", "kind:edge");
        await using var other = await RegisterAsync(host, "two", "kind:core");

        using var created = await client.PostAsync("/v2/apps", new StringContent(
            """{"id":"/probe","cmd":"x","cpus":0.1,"mem":16,"instances":"all","constraints":[["kind","IS","edge"]],"portDefinitions":[]}""", Encoding.UTF8, "application/json"));
        Assert.Equal(201, (int)created.StatusCode);
        await RunAsync(first);
        await using var second = await RegisterAsync(host, "three", "kind:edge");
        await RunAsync(second);

        using var patience = new CancellationTokenSource(Until.Patience);
        var app = default(JsonElement);
        while (app.ValueKind == JsonValueKind.Undefined || app.GetProperty("tasksRunning").GetInt32() < 2)
        {
            app = (await client.GetFromJsonAsync<JsonElement>("/v2/apps/probe", patience.Token)).GetProperty("app");
        }

        Assert.Equal((2, true, 0), (app.GetProperty("instances").GetInt32(), app.GetProperty("daemon").GetBoolean(), app.GetProperty("deployments").GetArrayLength()));
        Assert.Equal(["one", "three"], app.GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("host").GetString()).Order());
    }

    private static async Task RunAsync(WireAgent agent)
    {
        var run = (await agent.NextAsync(EventOneofCase.RunTask)).RunTask;
        await agent.ReportAsync(run.FrameworkInfo.Id, run.Task, TaskState.TaskRunning);
    }

    private static Task<WireAgent> RegisterAsync(HostFixture host, string hostname, string attributes)
    {
        var info = new AgentInfo { Hostname = hostname, Port = 5051 };
        info.Resources.AddRange(ResourceList.Parse("cpus:4;mem:1024").ToProto(ResourceFormat.PreRefinement));
        info.Attributes.Add(AttributeList.Parse(attributes));
        return WireAgent.RegisterAsync(host.Address, info);
    }
}
