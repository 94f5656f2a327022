using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Orchestrator.AgentService.Hosting;
using Orchestrator.Core.Contract.AgentApi;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Tests.Support;
using static Orchestrator.Tests.Support.AgentEngineHarness;

namespace Orchestrator.Tests.Contract.Agents;

/// <summary>The v1 calls that read an agent, which runs one task.</summary>
[Trait("Category", "Contract")]
public sealed class AgentReadTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FakeContainerizer _containers = new();
    private readonly CancellationTokenSource _patience = new(Until.Patience);
    private LinkMaster _master = null!;
    private AgentHost _agent = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _master = await LinkMaster.StartAsync();
        _agent = await TestAgent.StartAsync(_directory.Path, _master, _containers, """--credential={"principal":"p","secret":"hush"}""");
        _client = new HttpClient { BaseAddress = _agent.Address };
        await _master.NextSubscriptionAsync(_patience.Token);
        _master.Send(new AgentEvent { RunTask = new() { FrameworkInfo = Framework(), Task = AgentEngineHarness.Task() } });
        await _master.NextUpdateAsync(_patience.Token);
        await _master.NextUpdateAsync(_patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _agent.DisposeAsync();
        await _master.DisposeAsync();
        _directory.Dispose();
        _patience.Dispose();
    }

    [Theory]
    [InlineData("GET_HEALTH", "get_health.healthy")]
    [InlineData("GET_VERSION", "get_version.version_info.version")]
    [InlineData("GET_FLAGS", "get_flags.flags")]
    [InlineData("GET_METRICS", "get_metrics.metrics")]
    [InlineData("GET_AGENT", "get_agent.agent_info.id.value")]
    [InlineData("GET_FRAMEWORKS", "get_frameworks.frameworks")]
    [InlineData("GET_TASKS", "get_tasks.launched_tasks")]
    [InlineData("GET_RESOURCE_PROVIDERS", "get_resource_providers")]
    public async Task Call_is_answered_alike_in_both_encodings_and_without_secrets(string type, string path)
    {
        var json = await CallAsync(type, "application/json");
        var element = JsonDocument.Parse(json).RootElement;
        Assert.Equal(type, element.GetProperty("type").GetString());
        foreach (var name in path.Split('.'))
        {
            element = element.GetProperty(name);
        }

        Assert.True(element.ValueKind is not JsonValueKind.Array || element.GetArrayLength() > 0);
        Assert.DoesNotContain("hush", Encoding.UTF8.GetString(json), StringComparison.Ordinal);
        var response = Response.Parser.ParseFrom(await CallAsync(type, "application/x-protobuf"));
        Assert.Equal(type.Replace("_", "", StringComparison.Ordinal), response.Type.ToString(), ignoreCase: true);
    }

    private async Task<byte[]> CallAsync(string type, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1")
        {
            Content = new StringContent($$"""{"type":"{{type}}"}""", Encoding.UTF8) { Headers = { ContentType = new("application/json") } },
        };
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
        using var answer = await _client.SendAsync(request, _patience.Token);
        var body = await answer.Content.ReadAsByteArrayAsync(_patience.Token);
        Assert.True(answer.IsSuccessStatusCode, Encoding.UTF8.GetString(body));
        return body;
    }
}
