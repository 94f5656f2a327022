using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Contract.Scheduler;

/// <summary>
/// What real clients were seen to send to a master, byte by byte over raw HTTP against the real host. What concerns agents
/// and their executors is tested there.
/// </summary>
[Trait("Category", "Contract")]
public sealed class ClientHabitsTests : IAsyncLifetime
{
    private const string Plain = """{"type":"SUBSCRIBE","subscribe":{"framework_info":{"user":"root","name":"habit","failover_timeout":60}}}""";
    private HostFixture _host = null!;

    public async ValueTask InitializeAsync() => _host = await HostFixture.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("GET", "/master/frameworks/")]
    [InlineData("GET", "/master/state/")]
    [InlineData("GET", "/state")]
    [InlineData("GET", "/master/slaves")]
    [InlineData("GET", "/master/tasks?limit=-1")]
    [InlineData("GET", "/tasks?limit=-1")]
    [InlineData("GET", "/metrics/snapshot?timeout=5secs")]
    [InlineData("GET", "/metrics/snapshot/")]
    [InlineData("POST", "/api/v1/operator")]
    [InlineData("POST", "/api/v1/")]
    [InlineData("POST", "/master/api/v1")]
    public async Task Path_with_a_prefix_a_slash_or_more_behind_it_answers(string method, string path)
    {
        const string Health = """{"type":"GET_HEALTH"}""";
        var (status, headers, body) = method == "GET" ? await GetAsync(path) : await PostAsync(path, Health, "Content-Type: application/json");
        Assert.Equal((200, "application/json"), (status, headers["Content-Type"]));
        JsonDocument.Parse(body).Dispose();
    }

    [Theory]
    [InlineData("/redirect", 307)]
    [InlineData("/master/redirect", 307)]
    [InlineData("/health", 200)]
    [InlineData("/state", 200)]
    public async Task Target_in_absolute_form_is_read(string path, int status)
    {
        await using var raw = await RawHttp.ConnectAsync(_host.Address);
        await raw.SendAsync($"GET http://{_host.Address.Authority}{path} HTTP/1.1\r\nHost: {_host.Address.Authority}\r\n\r\n");
        var head = await raw.ReadHeadAsync();
        Assert.Equal(status, head.Status);
        Assert.Equal(status == 307, head.Headers.TryGetValue("Location", out var location) && location.StartsWith("//localhost:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Null_for_every_unset_field_and_an_empty_id_mean_a_new_framework()
    {
        var (raw, head) = await SubscribeAsync("""
            {"framework_id":{"value":""},"type":"SUBSCRIBE","subscribe":{"framework_info":{"user":"root","name":"nulls","id":{"value":""},"failover_timeout":null,"checkpoint":null,"role":null,
             "roles":null,"hostname":null,"principal":null,"webui_url":null,"capabilities":null,"labels":null},"force":null,"suppressed_roles":null},"accept":null,"decline":null,"kill":null}
            """);
        await using var connection = raw;
        Assert.Equal(200, head.Status);
        Assert.Matches("-[0-9]{4,}$", Id(await RecordAsync(raw, [])));
    }

    [Theory]
    [InlineData(new string[0], "application/json")]
    [InlineData(new[] { "Accept: application/json", "Accept: application/x-protobuf" }, "application/json")]
    [InlineData(new[] { "Accept: application/x-protobuf", "Accept: text/html" }, "application/x-protobuf")]
    public async Task Answer_without_or_with_two_accept_headers_has_a_type_without_parameters(string[] accept, string type)
    {
        var (raw, head) = await SubscribeAsync(Plain, accept);
        await using var connection = raw;
        Assert.Equal(type, head.Headers["Content-Type"]);
    }

    [Fact]
    public async Task Stream_on_a_connection_to_be_closed_is_chunked_all_the_same_and_stays()
    {
        var (raw, head) = await SubscribeAsync(Plain, "Connection: close", "Accept-Encoding: gzip");
        await using var connection = raw;
        Assert.Equal("chunked", head.Headers["Transfer-Encoding"]);
        Assert.DoesNotContain("Content-Length", head.Headers.Keys);
        Assert.DoesNotContain("Content-Encoding", head.Headers.Keys);
        var rest = new List<byte>();
        Assert.Contains("\"SUBSCRIBED\"", await RecordAsync(raw, rest), StringComparison.Ordinal);
        Assert.Equal("""{"type":"HEARTBEAT"}""", await RecordAsync(raw, rest));
        await using var agent = await WireAgent.RegisterAsync(_host.Address, Scalar("cpus", 4), Scalar("mem", 1024));
        Assert.Contains("\"OFFERS\"", await RecordAsync(raw, rest), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_in_chunks_with_a_lower_case_stream_id_is_accepted_without_a_body()
    {
        var (raw, head) = await SubscribeAsync(Plain);
        await using var connection = raw;
        var id = Id(await RecordAsync(raw, []));
        await using var calls = await RawHttp.ConnectAsync(_host.Address);
        await calls.SendAsync($"POST /master/api/v1/scheduler HTTP/1.1\r\nhost: {_host.Address.Authority}\r\ncontent-type: application/json\r\nmesos-stream-id: {head.Headers["Mesos-Stream-Id"]}\r\ntransfer-encoding: chunked\r\n\r\n");
        foreach (var part in $$$"""{"type":"REVIVE","framework_id":{"value":"{{{id}}}"}}""".Chunk(11))
        {
            await calls.SendAsync($"{part.Length:x}\r\n{new string(part)}\r\n");
        }

        await calls.SendAsync("0\r\n\r\n");
        var answer = await calls.ReadHeadAsync();
        Assert.Equal(202, answer.Status);
        Assert.DoesNotContain("Content-Type", answer.Headers.Keys);
    }

    [Theory]
    [InlineData(new string[0], "role")]
    [InlineData(new[] { "MULTI_ROLE" }, "role allocation_info")]
    [InlineData(new[] { "RESERVATION_REFINEMENT" }, "")]
    [InlineData(new[] { "MULTI_ROLE", "RESERVATION_REFINEMENT" }, "allocation_info")]
    public async Task Resources_of_offers_and_tasks_are_in_the_form_of_the_capabilities_and_tasks_come_back_in_either(string[] capabilities, string keys)
    {
        await using var agent = await WireAgent.RegisterAsync(_host.Address, Scalar("cpus", 4), Scalar("mem", 1024));
        await using var framework = new WireFramework(_host.Address, protobuf: false);
        var roles = capabilities.Contains("MULTI_ROLE") ? ",\"roles\":[\"*\"]" : "";
        await framework.SubscribeAsync($$$$"""{"type":"SUBSCRIBE","subscribe":{"framework_info":{"user":"root","name":"forms"{{{{roles}}}},"capabilities":[{{{{string.Join(',', capabilities.Select(name => $"{{\"type\":\"{name}\"}}"))}}}}]}}}""");
        var id = (await framework.NextAsync("SUBSCRIBED")).GetProperty("framework_id").GetProperty("value").GetString()!;
        foreach (var form in new[] { "\"role\":\"*\"", "\"reservations\":[]", "\"role\":\"*\",\"allocation_info\":{\"role\":\"*\"}" })
        {
            var offer = (await framework.NextAsync("OFFERS")).GetProperty("offers")[0];
            var resource = offer.GetProperty("resources")[0];
            Assert.Equal(keys, string.Join(' ', new[] { "role", "reservations", "allocation_info" }.Where(key => resource.TryGetProperty(key, out _))));
            Assert.Equal(keys.Contains("allocation", StringComparison.Ordinal), offer.TryGetProperty("allocation_info", out _));
            var task = Guid.NewGuid().ToString();
            var reply = await framework.CallAsync($$$$"""
                {"type":"ACCEPT","framework_id":{"value":"{{{{id}}}}"},"accept":{"offer_ids":[{"value":"{{{{offer.GetProperty("id").GetProperty("value").GetString()}}}}"}],"filters":{"refuse_seconds":0},
                 "operations":[{"type":"LAUNCH","launch":{"task_infos":[{"name":"t","task_id":{"value":"{{{{task}}}}"},"agent_id":{"value":"{{{{agent.Id}}}}"},"command":{"value":"true"},
                 "resources":[{"name":"cpus","type":"SCALAR","scalar":{"value":0.1},{{{{form}}}}}]}]}}]}}
                """);
            Assert.Equal((202, ""), reply);
            Assert.Equal(task, (await agent.NextAsync(AgentEvent.EventOneofCase.RunTask)).RunTask.Task.TaskId.Value);
        }
    }

    [Theory]
    [InlineData("""{"type":"ACCEPT","accept":{"offer_ids":[{"value":"OFFER"}],"operations":[{"type":"LAUNCH","launch":{"task_infos":[]}}]}}""")]
    [InlineData("""{"type":"ACCEPT","accept":{"offer_ids":[{"value":"OFFER"}],"operations":[{"type":"LAUNCH","launch":{}}]}}""")]
    [InlineData("""{"type":"ACCEPT","accept":{"offer_ids":[{"value":"OFFER"}]}}""")]
    [InlineData("""{"type":"DECLINE","decline":{}}""")]
    [InlineData("""{"type":"DECLINE","decline":{"offer_ids":null,"filters":null}}""")]
    [InlineData("""{"type":"SUPPRESS"}""")]
    [InlineData("""{"type":"REVIVE"}""")]
    [InlineData("""{"type":"SUPPRESS","suppress":{}}""")]
    [InlineData("""{"type":"REVIVE","revive":{"roles":null}}""")]
    [InlineData("""{"type":"RECONCILE","reconcile":{"tasks":[]}}""")]
    [InlineData("""{"type":"REQUEST","request":{}}""")]
    public async Task Call_that_says_little_is_valid(string call)
    {
        await using var agent = await WireAgent.RegisterAsync(_host.Address, Scalar("cpus", 4), Scalar("mem", 1024));
        await using var framework = new WireFramework(_host.Address, protobuf: false);
        await framework.SubscribeAsync(Plain);
        var id = (await framework.NextAsync("SUBSCRIBED")).GetProperty("framework_id").GetProperty("value").GetString();
        var offer = (await framework.NextAsync("OFFERS")).GetProperty("offers")[0].GetProperty("id").GetProperty("value").GetString();
        Assert.Equal((202, ""), await framework.CallAsync($$$"""{"framework_id":{"value":"{{{id}}}"},{{{call.Replace("OFFER", offer, StringComparison.Ordinal)[1..]}}}"""));
    }

    [Fact]
    public async Task First_subscription_with_an_id_of_the_clients_own_choosing_is_accepted()
    {
        var (raw, _) = await SubscribeAsync("""{"type":"SUBSCRIBE","framework_id":{"value":"my-own"},"subscribe":{"framework_info":{"user":"root","name":"n","id":{"value":"my-own"}}}}""");
        await using var connection = raw;
        Assert.Equal("my-own", Id(await RecordAsync(raw, [])));
    }

    [Fact]
    public async Task Version_is_parsed_as_three_integers()
    {
        var (_, _, body) = await GetAsync("/version");
        using var version = JsonDocument.Parse(body);
        Assert.Matches(new Regex(@"^\d+\.\d+\.\d+$"), version.RootElement.GetProperty("version").GetString());
    }

    [Theory]
    [InlineData("/state")]
    [InlineData("/state-summary")]
    [InlineData("/slaves")]
    [InlineData("/frameworks")]
    [InlineData("/tasks")]
    [InlineData("/roles")]
    [InlineData("/flags")]
    [InlineData("/version")]
    [InlineData("/metrics/snapshot")]
    [InlineData("/system/stats.json")]
    public async Task Document_is_a_script_when_a_callback_is_given(string path)
    {
        var (status, headers, body) = await GetAsync(path + "?jsonp=CB");
        Assert.Equal((200, "text/javascript"), (status, headers["Content-Type"]));
        Assert.StartsWith("CB({", body, StringComparison.Ordinal);
        Assert.EndsWith("});", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task State_has_a_process_for_each_agent_and_none_for_frameworks_over_http()
    {
        await using var agent = await WireAgent.RegisterAsync(_host.Address, Scalar("cpus", 4), Scalar("mem", 1024));
        var (raw, _) = await SubscribeAsync(Plain);
        await using var connection = raw;
        await RecordAsync(raw, []);
        using var state = JsonDocument.Parse((await GetAsync("/master/state")).Body);
        Assert.Matches(new Regex(@"^slave\(1\)@[0-9.]+:\d+$"), state.RootElement.GetProperty("slaves")[0].GetProperty("pid").GetString());
        Assert.All(state.RootElement.GetProperty("frameworks").EnumerateArray(), framework => Assert.False(framework.TryGetProperty("pid", out _)));
    }

    [Fact]
    public async Task Document_is_compressed_for_who_says_so_on_the_wire()
    {
        await using var raw = await RawHttp.ConnectAsync(_host.Address);
        await raw.SendAsync($"GET /state HTTP/1.1\r\nHost: {_host.Address.Authority}\r\nAccept-Encoding: gzip\r\n\r\n");
        var head = await raw.ReadHeadAsync();
        Assert.Equal("gzip", head.Headers["Content-Encoding"]);
        await using var plain = new GZipStream(new MemoryStream(await BodyAsync(raw, head)), CompressionMode.Decompress);
        using var state = await JsonDocument.ParseAsync(plain);
        Assert.True(state.RootElement.TryGetProperty("slaves", out _));
    }

    private Task<(RawHttp Connection, RawHttp.Answer Head)> SubscribeAsync(string body, params string[] headers) =>
        RawHttp.PostAsync(_host.Address, "/api/v1/scheduler", body, ["Content-Type: application/json", .. headers]);

    private async Task<(int Status, Dictionary<string, string> Headers, string Body)> GetAsync(string path)
    {
        await using var raw = await RawHttp.ConnectAsync(_host.Address);
        await raw.SendAsync($"GET {path} HTTP/1.1\r\nHost: {_host.Address.Authority}\r\n\r\n");
        var head = await raw.ReadHeadAsync();
        return (head.Status, head.Headers, Encoding.UTF8.GetString(await BodyAsync(raw, head)));
    }

    private async Task<(int Status, Dictionary<string, string> Headers, string Body)> PostAsync(string path, string body, params string[] headers)
    {
        var (raw, head) = await RawHttp.PostAsync(_host.Address, path, body, headers);
        await using var connection = raw;
        return (head.Status, head.Headers, Encoding.UTF8.GetString(await BodyAsync(raw, head)));
    }

    private static async Task<byte[]> BodyAsync(RawHttp raw, RawHttp.Answer head)
    {
        if (head.Headers.TryGetValue("Content-Length", out var length))
        {
            return await raw.ReadBytesAsync(int.Parse(length, System.Globalization.CultureInfo.InvariantCulture));
        }

        var body = new List<byte>();
        while (await raw.ReadChunkAsync() is { Length: > 0 } chunk)
        {
            body.AddRange(chunk);
        }

        return [.. body];
    }

    private static async Task<string> RecordAsync(RawHttp raw, List<byte> rest) => Encoding.UTF8.GetString((await raw.ReadRecordAsync(rest))!);

    private static string Id(string subscribed)
    {
        using var read = JsonDocument.Parse(subscribed);
        return read.RootElement.GetProperty("subscribed").GetProperty("framework_id").GetProperty("value").GetString()!;
    }

    private static Resource Scalar(string name, double amount) => new() { Name = name, Type = Value.Types.Type.Scalar, Scalar = new Value.Types.Scalar { Value = amount } };
}
