using System.Net;
using System.Text;
using System.Text.Json;
using Orchestrator.Core.Contract.MasterApi;
using Orchestrator.Core.Resources;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Contract.Operator;

/// <summary>What operators change over the wire: roles, agents, machines and the log, on the real host with one agent.</summary>
[Trait("Category", "Contract")]
public sealed class OperatorHostTests : IAsyncLifetime
{
    private HostFixture _host = null!;
    private WireAgent _agent = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await HostFixture.StartAsync();
        _client = new HttpClient { BaseAddress = _host.Address };
        _agent = await WireAgent.RegisterAsync(_host.Address, [.. ResourceList.Parse("cpus:4;mem:1024").ToProto()]);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _agent.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Quota_is_set_shown_and_removed_by_endpoint_and_by_call()
    {
        Assert.Equal("{}", await GetAsync("/quota"));
        Assert.Equal("""{"type":"GET_QUOTA","get_quota":{"status":{}}}""", await CallAsync(200, """{"type":"GET_QUOTA"}"""));
        await CallAsync(200, """{"type":"UPDATE_QUOTA","update_quota":{"quota_configs":[{"role":"qr","guarantees":{"cpus":{"value":0.5}},"limits":{"cpus":{"value":1},"mem":{"value":512}}}]}}""");
        const string request = """{"role":"q2","force":true,"guarantee":[{"name":"cpus","type":"SCALAR","scalar":{"value":0.1}}]}""";
        await SendAsync(200, "POST", "/quota", request);
        Assert.Equal(
            "Failed to validate set quota request: Cannot set quota for role 'q2' which already has quota",
            await SendAsync(400, "POST", "/master/quota", request));
        Assert.Equal(
            """{"infos":[{"role":"q2","guarantee":[{"name":"cpus","type":"SCALAR","scalar":{"value":0.1}}]},{"role":"qr","guarantee":[{"name":"cpus","type":"SCALAR","scalar":{"value":0.5}}]}],"configs":[{"role":"q2","guarantees":{"cpus":{"value":0.1}},"limits":{"cpus":{"value":0.1}}},{"role":"qr","guarantees":{"cpus":{"value":0.5}},"limits":{"cpus":{"value":1.0},"mem":{"value":512.0}}}]}""",
            await GetAsync("/quota"));
        using var roles = JsonDocument.Parse(await GetAsync("/roles"));
        var role = roles.RootElement.GetProperty("roles").EnumerateArray().Single(one => one.GetProperty("name").GetString() == "qr");
        Assert.Equal("""{"role":"qr","guarantee":{"cpus":0.5},"limit":{"cpus":1.0,"mem":512.0},"consumed":{}}""", role.GetProperty("quota").GetRawText());
        await SendAsync(200, "DELETE", "/quota/q2", "");
        await SendAsync(400, "DELETE", "/quota/q2", "");
        await SendAsync(400, "DELETE", "/quota", "");
        await CallAsync(200, """{"type":"REMOVE_QUOTA","remove_quota":{"role":"qr"}}""");
        Assert.Equal("{}", await GetAsync("/quota"));
    }

    [Fact]
    public async Task Weights_are_set_and_shown()
    {
        Assert.Equal("[]", await GetAsync("/weights"));
        Assert.Equal("""{"type":"GET_WEIGHTS"}""", await CallAsync(200, """{"type":"GET_WEIGHTS"}"""));
        await SendAsync(200, "PUT", "/weights", """[{"role":"w2","weight":3.0}]""");
        await CallAsync(200, """{"type":"UPDATE_WEIGHTS","update_weights":{"weight_infos":[{"role":"qr","weight":2.5}]}}""");
        using var weights = JsonDocument.Parse(await GetAsync("/weights"));
        Assert.Equal([("qr", 2.5), ("w2", 3.0)], weights.RootElement.EnumerateArray().Select(one => (one.GetProperty("role").GetString(), one.GetProperty("weight").GetDouble())));
        await SendAsync(400, "PUT", "/weights", """[{"role":"w2","weight":0}]""");
        await SendAsync(400, "PUT", "/weights", "nonsense");
    }

    [Fact]
    public async Task Agent_drains_comes_back_into_use_and_is_gone_at_last()
    {
        var id = $$$"""{"agent_id":{"value":"{{{_agent.Id}}}"}}""";
        await CallAsync(200, "{\"type\":\"DRAIN_AGENT\",\"drain_agent\":{\"max_grace_period\":{\"seconds\":1}," + id[1..] + "}");
        using (var slaves = JsonDocument.Parse(await GetAsync("/slaves")))
        {
            var slave = slaves.RootElement.GetProperty("slaves")[0];
            Assert.Equal((false, true), (slave.GetProperty("active").GetBoolean(), slave.GetProperty("deactivated").GetBoolean()));
            Assert.Equal("""{"state":"DRAINED","config":{"max_grace_period":{"nanoseconds":1000000000},"mark_gone":false}}""", slave.GetProperty("drain_info").GetRawText());
            Assert.True(slave.GetProperty("estimated_drain_start_time_seconds").GetDouble() > 0);
        }

        await CallAsync(200, $$"""{"type":"REACTIVATE_AGENT","reactivate_agent":{{id}}}""");
        await CallAsync(400, $$"""{"type":"REACTIVATE_AGENT","reactivate_agent":{{id}}}""");
        await CallAsync(200, $$"""{"type":"DEACTIVATE_AGENT","deactivate_agent":{{id}}}""");
        await CallAsync(200, $$"""{"type":"MARK_AGENT_GONE","mark_agent_gone":{{id}}}""");
        await CallAsync(200, $$"""{"type":"MARK_AGENT_GONE","mark_agent_gone":{{id}}}""");
        await CallAsync(404, """{"type":"MARK_AGENT_GONE","mark_agent_gone":{"agent_id":{"value":"nobody"}}}""");
        Assert.Contains("\"slaves\":[]", await GetAsync("/slaves"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Machine_is_scheduled_goes_down_and_comes_up()
    {
        Assert.Equal("{}", await GetAsync("/maintenance/schedule"));
        Assert.Equal("{}", await GetAsync("/maintenance/status"));
        const string machine = """{"hostname":"wire","ip":"127.0.0.1"}""";
        const string schedule = $$$$"""{"windows":[{"machine_ids":[{{{{machine}}}}],"unavailability":{"start":{"nanoseconds":1795347064962044928},"duration":{"nanoseconds":3600000000000}}}]}""";
        await SendAsync(200, "POST", "/maintenance/schedule", schedule);
        Assert.Equal(schedule, await GetAsync("/maintenance/schedule"));
        Assert.Equal($$"""{"draining_machines":[{"id":{{machine}}}]}""", await GetAsync("/maintenance/status"));
        await SendAsync(200, "POST", "/machine/down", $"[{machine}]");
        await _agent.NextAsync(Core.Contract.Link.AgentEvent.EventOneofCase.Shutdown);
        Assert.Equal($$$$"""{"type":"GET_MAINTENANCE_STATUS","get_maintenance_status":{"status":{"down_machines":[{{{{machine}}}}]}}}""", await CallAsync(200, """{"type":"GET_MAINTENANCE_STATUS"}"""));
        await SendAsync(400, "POST", "/machine/down", $"[{machine}]");
        await CallAsync(200, $$$"""{"type":"STOP_MAINTENANCE","stop_maintenance":{"machines":[{{{machine}}}]}}""");
        Assert.Equal("""{"type":"GET_MAINTENANCE_SCHEDULE","get_maintenance_schedule":{"schedule":{}}}""", await CallAsync(200, """{"type":"GET_MAINTENANCE_SCHEDULE"}"""));
        await SendAsync(405, "GET", "/machine/down", null);
    }

    [Fact]
    public async Task Log_tells_more_for_a_while()
    {
        Assert.Equal("0\n", await GetAsync("/logging/toggle"));
        await CallAsync(200, """{"type":"SET_LOGGING_LEVEL","set_logging_level":{"level":1,"duration":{"nanoseconds":60000000000}}}""");
        Assert.Equal("""{"type":"GET_LOGGING_LEVEL","get_logging_level":{"level":1}}""", await CallAsync(200, """{"type":"GET_LOGGING_LEVEL"}"""));
        await SendAsync(200, "GET", "/logging/toggle?level=0&duration=1mins", null);
        await SendAsync(400, "GET", "/logging/toggle?level=1", null);
        await SendAsync(400, "GET", "/logging/toggle?level=1&duration=long", null);
        await CallAsync(400, """{"type":"SET_LOGGING_LEVEL","set_logging_level":{"level":1,"duration":{"nanoseconds":-1}}}""");
    }

    /// <summary>Every call but UNKNOWN is either answered or refused with the reason; none is not known.</summary>
    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Call_without_its_body_is_answered_or_names_what_is_missing(string type)
    {
        using var answer = await _client.PostAsync("/api/v1", Json($$"""{"type":"{{type}}"}"""), TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync();
        if (answer.StatusCode == HttpStatusCode.OK)
        {
            Assert.StartsWith("GET_", type, StringComparison.Ordinal);
            Assert.Contains($"\"type\":\"{type}\"", text, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.StartsWith("Failed to validate master::Call: Expecting '", text, StringComparison.Ordinal);
        }
    }

    public static TheoryData<string> Calls() =>
    [
        .. Call.Descriptor.EnumTypes.Single(one => one.Name == "Type").Values.Select(value => value.Name).Where(name => name is not ("UNKNOWN" or "SUBSCRIBE")),
    ];

    private static StringContent Json(string text) => new(text, Encoding.UTF8) { Headers = { ContentType = new("application/json") } };

    private async Task<string> GetAsync(string path) => await SendAsync(200, "GET", path, null);

    private async Task<string> CallAsync(int expected, string call) => await SendAsync(expected, "POST", "/api/v1", call);

    private async Task<string> SendAsync(int expected, string method, string path, string? body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : Json(body) };
        using var answer = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(expected == (int)answer.StatusCode, $"{method} {path}: {(int)answer.StatusCode} {text}");
        return text;
    }
}
