using System.Text.Json;
using Google.Protobuf;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Contract.Scheduler;

/// <summary>A framework's life against the real host, written against the wire on both sides.</summary>
[Trait("Category", "Contract")]
public sealed class FrameworkLifeTests : IAsyncLifetime
{
    private HostFixture _host = null!;

    public async ValueTask InitializeAsync() => _host = await HostFixture.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData(false, "/api/v1/scheduler")]
    [InlineData(true, "/api/v1/scheduler")]
    [InlineData(false, "/master/api/v1/scheduler")]
    public async Task Framework_launches_on_an_offer_hears_of_its_task_and_fails_over(bool protobuf, string path)
    {
        await using var agent = await WireAgent.RegisterAsync(_host.Address, Scalar("cpus", 4), Scalar("mem", 1024));
        await using var first = new WireFramework(_host.Address, protobuf, path);
        await first.SubscribeAsync(Subscribe(null));
        var subscribed = (await first.NextAsync())!.Value;
        Assert.Equal("SUBSCRIBED", subscribed.GetProperty("type").GetString());
        Assert.Equal(15, subscribed.GetProperty("subscribed").GetProperty("heartbeat_interval_seconds").GetDouble());
        Assert.Equal("HEARTBEAT", (await first.NextAsync())!.Value.GetProperty("type").GetString());
        var id = subscribed.GetProperty("subscribed").GetProperty("framework_id").GetProperty("value").GetString()!;
        Assert.Matches("-[0-9]{4,}$", id);

        var offer = (await first.NextAsync("OFFERS")).GetProperty("offers")[0];
        Assert.Equal(agent.Id, offer.GetProperty("agent_id").GetProperty("value").GetString());
        Assert.Equal(id, offer.GetProperty("framework_id").GetProperty("value").GetString());
        Assert.Equal((202, ""), await first.CallAsync(Launch(id, offer, agent.Id)));

        var run = (await agent.NextAsync(AgentEvent.EventOneofCase.RunTask)).RunTask;
        Assert.Equal("t1", run.Task.TaskId.Value);
        Assert.Equal("sleep 1", run.Task.Command.Value);
        var uuid = await agent.ReportAsync(run.FrameworkInfo.Id, run.Task, TaskState.TaskRunning);
        var status = (await first.NextAsync("UPDATE")).GetProperty("status");
        Assert.Equal("TASK_RUNNING", status.GetProperty("state").GetString());
        Assert.Equal(uuid.ToBase64(), status.GetProperty("uuid").GetString());
        Assert.Equal(agent.Id, status.GetProperty("agent_id").GetProperty("value").GetString());
        Assert.Equal(202, (await first.CallAsync(Acknowledge(id, agent.Id, uuid))).Status);
        Assert.Equal(uuid, (await agent.NextAsync(AgentEvent.EventOneofCase.Acknowledge)).Acknowledge.Uuid);

        await using var second = new WireFramework(_host.Address, protobuf, path);
        await FailOverAsync(first, second, id);
        Assert.Equal((202, ""), await second.CallAsync($$$"""{"type":"RECONCILE","framework_id":{"value":"{{{id}}}"},"reconcile":{"tasks":[]}}"""));
        var reconciled = (await second.NextAsync("UPDATE")).GetProperty("status");
        Assert.Equal(("TASK_RUNNING", "REASON_RECONCILIATION"), (reconciled.GetProperty("state").GetString(), reconciled.GetProperty("reason").GetString()));
        Assert.False(reconciled.TryGetProperty("uuid", out var none) && none.GetString()!.Length > 0);

        await KillAsync(second, agent, id, run);
        await TearDownAsync(second, protobuf, id);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Calls_of_who_is_not_subscribed_are_refused_by_status(bool protobuf)
    {
        await using var framework = new WireFramework(_host.Address, protobuf) { StreamId = Guid.NewGuid().ToString() };
        Assert.Equal((400, "Framework cannot be found"), await framework.CallAsync("""{"type":"REVIVE","framework_id":{"value":"nope"}}"""));
        await framework.SubscribeAsync(Subscribe("mine"));
        Assert.Equal("mine", (await framework.NextAsync("SUBSCRIBED")).GetProperty("framework_id").GetProperty("value").GetString());
        var good = framework.StreamId;
        framework.StreamId = Guid.NewGuid().ToString();
        Assert.Equal(400, (await framework.CallAsync("""{"type":"REVIVE","framework_id":{"value":"mine"}}""")).Status);
        framework.StreamId = good;
        Assert.Equal(202, (await framework.CallAsync("""{"type":"REVIVE","framework_id":{"value":"mine"}}""")).Status);
        Assert.Equal(202, (await framework.CallAsync("""{"type":"SUPPRESS","framework_id":{"value":"mine"}}""")).Status);
        Assert.Equal(202, (await framework.CallAsync("""{"type":"DECLINE","framework_id":{"value":"mine"},"decline":{}}""")).Status);
        Assert.Equal(501, (await framework.CallAsync("""{"type":"UNKNOWN","framework_id":{"value":"mine"}}""")).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Offers_come_and_stay_away_as_the_framework_declines_suppresses_and_revives(bool protobuf)
    {
        await using var agent = await WireAgent.RegisterAsync(_host.Address, Scalar("cpus", 4), Scalar("mem", 1024));
        await using var framework = new WireFramework(_host.Address, protobuf);
        await framework.SubscribeAsync(Subscribe("f"));
        var first = OfferId(await framework.NextAsync("OFFERS"));

        // A refusal of no time: the same resources come at once as another offer.
        await AcceptedAsync(framework, $$$$"""{"type":"DECLINE","framework_id":{"value":"f"},"decline":{"offer_ids":[{"value":"{{{{first}}}}"}],"filters":{"refuse_seconds":0}}}""");
        var second = OfferId(await framework.NextAsync("OFFERS"));
        Assert.NotEqual(first, second);

        // A refusal of an hour: nothing comes, which an answer to a question that comes after shows.
        await AcceptedAsync(framework, $$$$"""{"type":"DECLINE","framework_id":{"value":"f"},"decline":{"offer_ids":[{"value":"{{{{second}}}}"}],"filters":{"refuse_seconds":3600}}}""");
        Assert.Equal("UPDATE", await NextAfterQuestionAsync(framework));
        await AcceptedAsync(framework, """{"type":"REVIVE","framework_id":{"value":"f"},"revive":{"roles":["*"]}}""");
        var third = OfferId(await framework.NextAsync("OFFERS"));

        await AcceptedAsync(framework, """{"type":"SUPPRESS","framework_id":{"value":"f"},"suppress":{"roles":["*"]}}""");
        await AcceptedAsync(framework, $$$$"""{"type":"DECLINE","framework_id":{"value":"f"},"decline":{"offer_ids":[{"value":"{{{{third}}}}"}],"filters":{"refuse_seconds":0}}}""");
        Assert.Equal("UPDATE", await NextAfterQuestionAsync(framework));
        await AcceptedAsync(framework, """{"type":"REVIVE","framework_id":{"value":"f"}}""");
        await framework.NextAsync("OFFERS");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reconciliation_answers_all_some_and_unknown_tasks_and_messages_go_both_ways(bool protobuf)
    {
        await using var agent = await WireAgent.RegisterAsync(_host.Address, Scalar("cpus", 4), Scalar("mem", 1024));
        await using var framework = new WireFramework(_host.Address, protobuf);
        await framework.SubscribeAsync(Subscribe("f"));
        await AcceptedAsync(framework, Launch("f", (await framework.NextAsync("OFFERS")).GetProperty("offers")[0], agent.Id));
        var run = (await agent.NextAsync(AgentEvent.EventOneofCase.RunTask)).RunTask;
        await agent.ReportAsync(run.FrameworkInfo.Id, run.Task, TaskState.TaskRunning);
        await framework.NextAsync("UPDATE");

        await AcceptedAsync(framework, """{"type":"RECONCILE","framework_id":{"value":"f"},"reconcile":{}}""");
        Assert.Equal(("t1", "TASK_RUNNING"), Answer(await framework.NextAsync("UPDATE")));
        await AcceptedAsync(framework, $$$"""{"type":"RECONCILE","framework_id":{"value":"f"},"reconcile":{"tasks":[{"task_id":{"value":"t1"},"agent_id":{"value":"{{{agent.Id}}}"}},{"task_id":{"value":"t9"},"agent_id":{"value":"{{{agent.Id}}}"}}]}}""");
        Assert.Equal(("t1", "TASK_RUNNING"), Answer(await framework.NextAsync("UPDATE")));
        Assert.Equal(("t9", "TASK_LOST"), Answer(await framework.NextAsync("UPDATE")));

        await AcceptedAsync(framework, $$$"""{"type":"MESSAGE","framework_id":{"value":"f"},"message":{"agent_id":{"value":"{{{agent.Id}}}"},"executor_id":{"value":"e"},"data":"aGk="}}""");
        Assert.Equal("hi", (await agent.NextAsync(AgentEvent.EventOneofCase.Message)).Message.Data.ToStringUtf8());
        await agent.SendAsync(new AgentCall { Message = new AgentCall.Types.ExecutorMessage { FrameworkId = run.FrameworkInfo.Id, ExecutorId = new ExecutorID { Value = "e" }, Data = ByteString.CopyFromUtf8("yo") } });
        Assert.Equal("eW8=", (await framework.NextAsync("MESSAGE")).GetProperty("data").GetString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Framework_that_stays_away_beyond_its_failover_timeout_is_removed_with_its_tasks(bool protobuf)
    {
        await using var agent = await WireAgent.RegisterAsync(_host.Address, Scalar("cpus", 4), Scalar("mem", 1024));
        await using (var framework = new WireFramework(_host.Address, protobuf))
        {
            await framework.SubscribeAsync(Subscribe("f").Replace("\"failover_timeout\":100", "\"failover_timeout\":0.2", StringComparison.Ordinal));
            await AcceptedAsync(framework, Launch("f", (await framework.NextAsync("OFFERS")).GetProperty("offers")[0], agent.Id));
            await agent.NextAsync(AgentEvent.EventOneofCase.RunTask);
        }

        Assert.Equal("f", (await agent.NextAsync(AgentEvent.EventOneofCase.ShutdownFramework)).ShutdownFramework.FrameworkId.Value);
        await using var late = new WireFramework(_host.Address, protobuf);
        await late.SubscribeAsync(Subscribe("f"));
        Assert.Equal("Framework has been removed", (await late.NextAsync("ERROR")).GetProperty("message").GetString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Framework_that_returns_in_time_goes_on_where_it_was(bool protobuf)
    {
        await using var agent = await WireAgent.RegisterAsync(_host.Address, Scalar("cpus", 4), Scalar("mem", 1024));
        await using (var framework = new WireFramework(_host.Address, protobuf))
        {
            await framework.SubscribeAsync(Subscribe("f"));
            await AcceptedAsync(framework, Launch("f", (await framework.NextAsync("OFFERS")).GetProperty("offers")[0], agent.Id));
        }

        var run = (await agent.NextAsync(AgentEvent.EventOneofCase.RunTask)).RunTask;
        await using var again = new WireFramework(_host.Address, protobuf);
        await again.SubscribeAsync(Subscribe("f"));
        Assert.Equal("f", (await again.NextAsync("SUBSCRIBED")).GetProperty("framework_id").GetProperty("value").GetString());
        await again.NextAsync("OFFERS");
        await agent.ReportAsync(run.FrameworkInfo.Id, run.Task, TaskState.TaskRunning);
        Assert.Equal(("t1", "TASK_RUNNING"), Answer(await again.NextAsync("UPDATE")));
    }

    [Fact]
    public async Task Refused_subscription_hears_why_on_its_stream_which_then_ends()
    {
        await using var framework = new WireFramework(_host.Address, protobuf: false);
        await framework.SubscribeAsync("""{"type":"SUBSCRIBE","subscribe":{"framework_info":{"user":"root","name":"x","roles":["a","a"],"capabilities":[{"type":"MULTI_ROLE"}]}}}""");
        var error = (await framework.NextAsync())!.Value;
        Assert.Equal("ERROR", error.GetProperty("type").GetString());
        Assert.Contains("roles", error.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Null(await framework.NextAsync());
    }

    [Fact]
    public async Task State_shows_the_agent_and_the_framework_with_its_task()
    {
        await using var agent = await WireAgent.RegisterAsync(_host.Address, Scalar("cpus", 4), Scalar("mem", 1024));
        await using var framework = new WireFramework(_host.Address, protobuf: false);
        await framework.SubscribeAsync(Subscribe("f1"));
        var offer = (await framework.NextAsync("OFFERS")).GetProperty("offers")[0];
        await framework.CallAsync(Launch("f1", offer, agent.Id));
        var run = (await agent.NextAsync(AgentEvent.EventOneofCase.RunTask)).RunTask;
        await agent.ReportAsync(run.FrameworkInfo.Id, run.Task, TaskState.TaskRunning);
        await framework.NextAsync("UPDATE");
        using var client = new HttpClient { BaseAddress = _host.Address };
        using var state = JsonDocument.Parse(await client.GetStringAsync(new Uri("/state", UriKind.Relative)));
        var shown = state.RootElement.GetProperty("frameworks").EnumerateArray().Single(one => one.GetProperty("id").GetString() == "f1");
        Assert.Equal("TASK_RUNNING", shown.GetProperty("tasks")[0].GetProperty("state").GetString());
        Assert.Matches(@"^slave\(1\)@127\.0\.0\.1:5051$", state.RootElement.GetProperty("slaves")[0].GetProperty("pid").GetString());
        Assert.Equal(0.5, state.RootElement.GetProperty("slaves")[0].GetProperty("used_resources").GetProperty("cpus").GetDouble());
        using var metrics = JsonDocument.Parse(await client.GetStringAsync(new Uri("/metrics/snapshot", UriKind.Relative)));
        Assert.Equal(1, metrics.RootElement.GetProperty("master/tasks_running").GetDouble());
        Assert.Equal(1, metrics.RootElement.GetProperty("master/slaves_active").GetDouble());
    }

    private static async Task FailOverAsync(WireFramework first, WireFramework second, string id)
    {
        await second.SubscribeAsync(Subscribe(id));
        Assert.Equal(id, (await second.NextAsync("SUBSCRIBED")).GetProperty("framework_id").GetProperty("value").GetString());
        Assert.Equal("Framework failed over", (await first.NextAsync("ERROR")).GetProperty("message").GetString());
        Assert.Null(await first.NextAsync());
        Assert.Equal(400, (await first.CallAsync($$$"""{"type":"REVIVE","framework_id":{"value":"{{{id}}}"}}""")).Status);
    }

    private static async Task KillAsync(WireFramework framework, WireAgent agent, string id, AgentEvent.Types.RunTask run)
    {
        Assert.Equal((202, ""), await framework.CallAsync($$$"""{"type":"KILL","framework_id":{"value":"{{{id}}}"},"kill":{"task_id":{"value":"t1"},"agent_id":null}}"""));
        Assert.Equal("t1", (await agent.NextAsync(AgentEvent.EventOneofCase.KillTask)).KillTask.TaskId.Value);
        var uuid = await agent.ReportAsync(run.FrameworkInfo.Id, run.Task, TaskState.TaskKilled);
        Assert.Equal("TASK_KILLED", (await framework.NextAsync("UPDATE")).GetProperty("status").GetProperty("state").GetString());
        Assert.Equal((202, ""), await framework.CallAsync(Acknowledge(id, agent.Id, uuid)));
        Assert.Equal(uuid, (await agent.NextAsync(AgentEvent.EventOneofCase.Acknowledge)).Acknowledge.Uuid);
    }

    private async Task TearDownAsync(WireFramework framework, bool protobuf, string id)
    {
        Assert.Equal((202, ""), await framework.CallAsync($$$"""{"type":"TEARDOWN","framework_id":{"value":"{{{id}}}"}}"""));
        while (await framework.NextAsync() is { } left)
        {
            Assert.NotEqual("SUBSCRIBED", left.GetProperty("type").GetString());
        }

        await using var late = new WireFramework(_host.Address, protobuf);
        await late.SubscribeAsync(Subscribe(id));
        Assert.Equal("Framework has been removed", (await late.NextAsync("ERROR")).GetProperty("message").GetString());
        Assert.Null(await late.NextAsync());
    }

    private static async Task AcceptedAsync(WireFramework framework, string call) => Assert.Equal((202, ""), await framework.CallAsync(call));

    private static string OfferId(JsonElement offers) => offers.GetProperty("offers")[0].GetProperty("id").GetProperty("value").GetString()!;

    private static (string? Task, string? State) Answer(JsonElement update) =>
        (update.GetProperty("status").GetProperty("task_id").GetProperty("value").GetString(), update.GetProperty("status").GetProperty("state").GetString());

    /// <summary>The type of the next event but heartbeats, when the answer to a question is sure to come.</summary>
    private static async Task<string?> NextAfterQuestionAsync(WireFramework framework)
    {
        await AcceptedAsync(framework, """{"type":"RECONCILE","framework_id":{"value":"f"},"reconcile":{"tasks":[{"task_id":{"value":"none"}}]}}""");
        while (true)
        {
            var type = (await framework.NextAsync())!.Value.GetProperty("type").GetString();
            if (type is not ("HEARTBEAT" or "SUBSCRIBED"))
            {
                return type;
            }
        }
    }

    private static string Subscribe(string? id)
    {
        var top = id is null ? "" : $$$"""
            "framework_id":{"value":"{{{id}}}"},
            """;
        var inner = id is null ? "" : $$$"""
            ,"id":{"value":"{{{id}}}"}
            """;
        return $$$"""{"type":"SUBSCRIBE",{{{top}}}"subscribe":{"framework_info":{"user":"root","name":"wire","failover_timeout":100,"roles":["*"],"capabilities":[{"type":"MULTI_ROLE"}]{{{inner}}} } } }""";
    }

    private static string Launch(string framework, JsonElement offer, string agent) => $$$"""
        {"type":"ACCEPT","framework_id":{"value":"{{{framework}}}"},"accept":{"offer_ids":[{"value":"{{{offer.GetProperty("id").GetProperty("value").GetString()}}}"}],
         "filters":{"refuse_seconds":0.0},
         "operations":[{"type":"LAUNCH","launch":{"task_infos":[{"name":"t1","task_id":{"value":"t1"},"agent_id":{"value":"{{{agent}}}"},"command":{"value":"sleep 1","shell":true},
          "resources":[{"name":"cpus","type":"SCALAR","scalar":{"value":0.5},"allocation_info":{"role":"*"}},{"name":"mem","type":"SCALAR","scalar":{"value":64},"allocation_info":{"role":"*"}}]}]}}]}}
        """;

    private static string Acknowledge(string framework, string agent, ByteString uuid) =>
        $$$$"""{"type":"ACKNOWLEDGE","framework_id":{"value":"{{{{framework}}}}"},"acknowledge":{"agent_id":{"value":"{{{{agent}}}}"},"task_id":{"value":"t1"},"uuid":"{{{{uuid.ToBase64()}}}}"}}""";

    private static Resource Scalar(string name, double amount) => new() { Name = name, Type = Value.Types.Type.Scalar, Scalar = new Value.Types.Scalar { Value = amount } };
}
