using System.Text;
using System.Text.Json;
using Orchestrator.Core.Contract.MasterApi;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Master;
using Orchestrator.Core.Primitives;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Api.Operator;

namespace Orchestrator.Tests.Contract.Operator;

/// <summary>The v1 operator calls over a real server, from snapshots that the test made.</summary>
[Trait("Category", "Contract")]
public sealed class OperatorCallTests : IAsyncLifetime
{
    private readonly ScriptedMaster _master = new(Snapshots.Busy);
    private EdgeHost _host = null!;

    public async ValueTask InitializeAsync() =>
        _host = await EdgeHost.StartAsync(_master, TimeProvider.System, services => services.AddOperatorApi(), routes => routes.MapOperatorActions());

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("GET_HEALTH")]
    [InlineData("GET_VERSION")]
    [InlineData("GET_FLAGS")]
    [InlineData("GET_METRICS")]
    [InlineData("GET_STATE")]
    [InlineData("GET_AGENTS")]
    [InlineData("GET_FRAMEWORKS")]
    [InlineData("GET_EXECUTORS")]
    [InlineData("GET_TASKS")]
    [InlineData("GET_ROLES")]
    [InlineData("GET_MASTER")]
    [InlineData("GET_OPERATIONS")]
    public async Task Call_is_answered_alike_in_both_encodings(string type)
    {
        var call = $$$"""{"type":"{{{type}}}","get_metrics":{}}""";
        var (status, contentType, json) = await CallAsync("/api/v1", call, "application/json");
        Assert.Equal((200, "application/json"), (status, contentType));
        using var document = JsonDocument.Parse(json);
        Assert.Equal(type, document.RootElement.GetProperty("type").GetString());
        Assert.Equal(JsonValueKind.Object, document.RootElement.GetProperty(type.ToLowerInvariant()).ValueKind);

        var (_, binaryType, binary) = await CallAsync("/master/api/v1/operator", call, "application/x-protobuf");
        Assert.Equal("application/x-protobuf", binaryType);
        var response = Response.Parser.ParseFrom(binary);
        Assert.Equal(type.Replace("_", "", StringComparison.Ordinal), response.Type.ToString(), ignoreCase: true);
    }

    [Fact]
    public async Task Lists_are_there_also_when_they_are_empty()
    {
        _master.Current = Snapshots.Empty;
        var (_, _, json) = await CallAsync("/api/v1", """{"type":"GET_STATE"}""", "application/json");
        Assert.Equal(
            """{"type":"GET_STATE","get_state":{"get_tasks":{"tasks":[],"unreachable_tasks":[],"completed_tasks":[]},"get_executors":{"executors":[]},"get_frameworks":{"frameworks":[],"completed_frameworks":[]},"get_agents":{"agents":[],"recovered_agents":[]}}}""",
            Encoding.UTF8.GetString(json));
    }

    [Fact]
    public async Task State_holds_agents_frameworks_and_tasks_with_their_ids()
    {
        var (_, _, binary) = await CallAsync("/api/v1", """{"type":"GET_STATE"}""", "application/x-protobuf");
        var state = Response.Parser.ParseFrom(binary).GetState;
        var agent = Assert.Single(state.GetAgents.Agents);
        Assert.Equal(("m-S0", "slave(1)@127.0.0.1:5051", true), (agent.AgentInfo.Id.Value, agent.Pid, agent.Active));
        Assert.Equal(Snapshots.Start.ToUnixTimeSeconds(), agent.RegisteredTime.Nanoseconds / 1_000_000_000);
        var framework = Assert.Single(state.GetFrameworks.Frameworks);
        Assert.Equal(("m-0000", "localhost"), (framework.FrameworkInfo.Id.Value, Assert.Single(framework.Offers).Hostname));
        var task = Assert.Single(state.GetTasks.Tasks);
        Assert.Equal(("t1", TaskState.TaskRunning, "nobody"), (task.TaskId.Value, task.State, task.User));
        Assert.Equal(["done", "t-old"], state.GetTasks.CompletedTasks.Select(completed => completed.TaskId.Value));
    }

    [Fact]
    public async Task Master_announces_its_address_as_drivers_read_it()
    {
        var (_, _, binary) = await CallAsync("/api/v1", """{"type":"GET_MASTER"}""", "application/x-protobuf");
        Assert.Equal(16777343u, Response.Parser.ParseFrom(binary).GetMaster.MasterInfo.Ip);
    }

    [Theory]
    [InlineData("{}", 400, "Failed to validate master::Call: Expecting 'type' to be present")]
    [InlineData("""{"type":"GET_METRICS"}""", 400, "Failed to validate master::Call: Expecting 'get_metrics' to be present")]
    [InlineData("""{"type":"TEARDOWN"}""", 400, "Failed to validate master::Call: Expecting 'teardown' to be present")]
    [InlineData("""{"type":"RESERVE_RESOURCES"}""", 400, "Failed to validate master::Call: Expecting 'reserve_resources' to be present")]
    [InlineData("""{"type":"GROW_VOLUME","grow_volume":{"volume":{"name":"disk","type":"SCALAR"},"addition":{"name":"disk","type":"SCALAR"}}}""", 400, "Failed to validate master::Call: Expecting 'grow_volume.agent_id' to be present")]
    [InlineData("""{"type":"UNKNOWN"}""", 501, "The call Unknown is not served by this master")]
    [InlineData("nonsense", 400, "The body is no valid JSON: ")]
    public async Task Call_that_cannot_be_served_gets_a_status_and_the_reason(string call, int expected, string text)
    {
        var (status, _, body) = await CallAsync("/api/v1", call, "application/json");
        Assert.Equal(expected, status);
        Assert.StartsWith(text, Encoding.UTF8.GetString(body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gate_refuses_other_methods_and_encodings()
    {
        using var get = await _host.Client.GetAsync("/api/v1");
        Assert.Equal(405, (int)get.StatusCode);
        Assert.Equal(["POST"], get.Content.Headers.Allow);
        Assert.Equal(406, (await CallAsync("/api/v1", """{"type":"GET_HEALTH"}""", "text/html")).Status);
    }

    [Fact]
    public async Task Teardown_reaches_the_master()
    {
        _master.Answer = command => command == new MasterCommand.TeardownFramework(new FrameworkId("m-0000")) ? MasterReply.Ok : new MasterReply(400, "no");
        Assert.Equal(200, (await CallAsync("/api/v1", """{"type":"TEARDOWN","teardown":{"framework_id":{"value":"m-0000"}}}""", "application/json")).Status);
        Assert.Equal(400, (await CallAsync("/api/v1", """{"type":"TEARDOWN","teardown":{"framework_id":{"value":"x"}}}""", "application/json")).Status);
    }

    private async Task<(int Status, string? Type, byte[] Body)> CallAsync(string path, string json, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(json)) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var answer = await _host.Client.SendAsync(request);
        return ((int)answer.StatusCode, answer.Content.Headers.ContentType?.ToString(), await answer.Content.ReadAsByteArrayAsync());
    }
}
