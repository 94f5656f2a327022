using System.Text;
using System.Text.Json;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Resources;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Contract.Operator;

/// <summary>Every key of the reference's answers is there with its type: of the documents, the v1 calls and the event stream.</summary>
[Trait("Category", "Contract")]
public sealed class OperatorShapeTests(OperatorShapeTests.Cluster cluster) : IClassFixture<OperatorShapeTests.Cluster>
{
    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Answer_has_every_key_of_the_reference_with_its_type(string request)
    {
        var parts = request.Split(' ');
        using var message = new HttpRequestMessage(new HttpMethod(parts[0]), parts[0] == "GET" ? parts[1] : "/api/v1");
        if (parts[0] == "POST")
        {
            message.Content = new StringContent($$"""{"type":"{{parts[1]}}","get_metrics":{} }""", Encoding.UTF8) { Headers = { ContentType = new("application/json") } };
        }

        using var answer = await cluster.Client.SendAsync(message, TestContext.Current.CancellationToken);
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Check(request, ShapeTable.Read("idle.txt")[request], document.RootElement);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Event_stream_tells_what_happens_with_every_key_of_the_reference(bool protobuf)
    {
        await using var stream = await OperatorStream.SubscribeAsync(cluster.Host.Address, protobuf);
        var expected = ShapeTable.Read("events.txt");
        Check(stream, expected, await stream.NextAsync("SUBSCRIBED"));
        Check(stream, expected, await stream.NextAsync("HEARTBEAT"));

        await using var agent = await WireAgent.RegisterAsync(cluster.Host.Address, new AgentInfo { Hostname = $"followed-{protobuf}", Port = 5099, Resources = { ResourceList.Parse("cpus:1;mem:64;ports:[1-2]").ToProto() } });
        Assert.Equal(agent.Id, (await stream.NextAsync("AGENT_ADDED")).GetProperty("agent_added").GetProperty("agent").GetProperty("agent_info").GetProperty("id").GetProperty("value").GetString());

        await using var framework = new WireFramework(cluster.Host.Address, protobuf: false);
        await framework.SubscribeAsync("""{"type":"SUBSCRIBE","subscribe":{"framework_info":{"user":"root","name":"followed","roles":["followed"],"capabilities":[{"type":"MULTI_ROLE"}]}}}""");
        var id = (await framework.NextAsync("SUBSCRIBED")).GetProperty("framework_id").GetProperty("value").GetString()!;
        Check(stream, expected, await stream.NextAsync("FRAMEWORK_ADDED", "followed"));

        await LaunchAsync(framework, id, agent.Id);
        Check(stream, expected, await stream.NextAsync("TASK_ADDED", "followed-task"));
        await agent.ReportAsync(new FrameworkID { Value = id }, new TaskInfo { TaskId = new TaskID { Value = "followed-task" } }, TaskState.TaskRunning);
        Check(stream, expected, await stream.NextAsync("TASK_UPDATED", "followed-task"), except: "executor_id");

        await cluster.CallAsync($$"""{"type":"TEARDOWN","teardown":{"framework_id":{"value":"{{id}}"} } }""");
        Assert.Contains("TASK_KILLED", (await stream.NextAsync("TASK_UPDATED", "followed-task")).GetRawText(), StringComparison.Ordinal);
        Check(stream, expected, await stream.NextAsync("FRAMEWORK_REMOVED", "followed"));
        await cluster.CallAsync($$"""{"type":"MARK_AGENT_GONE","mark_agent_gone":{"agent_id":{"value":"{{agent.Id}}"} } }""");
        await stream.NextAsync("AGENT_REMOVED", agent.Id);
    }

    public static TheoryData<string> Answers() => [.. ShapeTable.Read("idle.txt").Keys];

    private static async Task LaunchAsync(WireFramework framework, string id, string agent)
    {
        while (true)
        {
            var offers = await framework.NextAsync("OFFERS");
            foreach (var offer in offers.GetProperty("offers").EnumerateArray().Where(offer => offer.GetProperty("agent_id").GetProperty("value").GetString() == agent))
            {
                var offerId = offer.GetProperty("id").GetProperty("value").GetString();
                var task = $$$"""{"name":"followed-task","task_id":{"value":"followed-task"},"agent_id":{"value":"{{{agent}}}"},"command":{"value":"true"},"resources":[{"name":"cpus","type":"SCALAR","scalar":{"value":1},"allocation_info":{"role":"followed"}},{"name":"mem","type":"SCALAR","scalar":{"value":64},"allocation_info":{"role":"followed"} }]}""";
                var (status, text) = await framework.CallAsync($$"""{"type":"ACCEPT","framework_id":{"value":"{{id}}" },"accept":{"offer_ids":[{"value":"{{offerId}}"}],"operations":[{"type":"LAUNCH","launch":{"task_infos":[{{task}}] } }] } }""");
                Assert.True(status == 202, text);
                return;
            }
        }
    }

    private static void Check(OperatorStream stream, IReadOnlyDictionary<string, IReadOnlyList<string>> expected, JsonElement received, string? except = null)
    {
        // Google's library writes what is not set in other ways; there the type and the body are enough.
        if (!stream.IsProtobuf)
        {
            var type = received.GetProperty("type").GetString()!;
            Check(type, [.. expected[type].Where(line => except is null || !line.Contains(except, StringComparison.Ordinal))], received);
        }
    }

    private static void Check(string what, IReadOnlyList<string> expected, JsonElement received)
    {
        var shape = JsonShape.Of(received);
        var missing = expected.Where(line => line != ". array" && !shape.Contains(line)).ToList();
        Assert.True(missing.Count == 0, $"{what} lacks {missing.Count}:\n{string.Join('\n', missing)}\n{received.GetRawText()[..Math.Min(2000, received.GetRawText().Length)]}");
    }

    /// <summary>The real host with one agent.</summary>
    public sealed class Cluster : IAsyncLifetime
    {
        private WireAgent _agent = null!;

        internal HostFixture Host { get; private set; } = null!;

        internal HttpClient Client { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Host = await HostFixture.StartAsync();
            Client = new HttpClient { BaseAddress = Host.Address };
            _agent = await WireAgent.RegisterAsync(Host.Address, new AgentInfo { Hostname = "shape", Port = 5051, Resources = { ResourceList.Parse("cpus:4;mem:1024;disk:1024;ports:[31000-32000]").ToProto() } });
        }

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await _agent.DisposeAsync();
            await Host.DisposeAsync();
        }

        internal async Task CallAsync(string call)
        {
            using var answer = await Client.PostAsync("/api/v1", new StringContent(call, Encoding.UTF8) { Headers = { ContentType = new("application/json") } }, TestContext.Current.CancellationToken);
            Assert.Equal(200, (int)answer.StatusCode);
        }
    }
}
