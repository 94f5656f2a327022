using System.Net;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Orchestrator.AgentService.Hosting;
using Orchestrator.Core.Contract;
using Orchestrator.Core.Contract.ExecutorApi;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Tests.Support;
using static Orchestrator.Tests.Support.AgentEngineHarness;

namespace Orchestrator.Tests.Contract.Agents;

/// <summary>The v1 executor API of a real agent, over HTTP, with containers that exist only in the test.</summary>
[Trait("Category", "Contract")]
public sealed class ExecutorApiTests : IAsyncLifetime
{
    private const string Ids = $$"""
        "framework_id":{"value":"{{FrameworkName}}"},"executor_id":{"value":"{{ExecutorName}}"}
        """;

    private readonly TemporaryDirectory _directory = new();
    private readonly FakeContainerizer _containers = new();
    private readonly CancellationTokenSource _patience = new(Until.Patience);
    private LinkMaster _master = null!;
    private AgentHost _agent = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _master = await LinkMaster.StartAsync();
        _agent = await TestAgent.StartAsync(_directory.Path, _master, _containers);
        _client = new HttpClient { BaseAddress = _agent.Address };
        await _master.NextSubscriptionAsync(_patience.Token);
        Launch(ExecutorTask());
        await Until.TrueAsync("the executor is launched", () => !_containers.Launches.IsEmpty);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _agent.DisposeAsync();
        await _master.DisposeAsync();
        _directory.Dispose();
        _patience.Dispose();
    }

    private void Launch(TaskInfo task) => _master.Send(new AgentEvent { RunTask = new() { FrameworkInfo = Framework(), Task = task } });

    [Theory]
    [InlineData(MessageFormat.Json)]
    [InlineData(MessageFormat.Protobuf)]
    public async Task Life_of_an_executor_in_either_encoding(MessageFormat format)
    {
        await using var executor = await ExecutorWire.SubscribeAsync(_agent.Address, format, _patience.Token);
        var subscribed = await executor.NextAsync(_patience.Token);
        Assert.Equal(_containers.Launches.Single().ContainerId, subscribed!.Subscribed.ContainerId.Value);
        Assert.Equal("cluster-S1", subscribed.Subscribed.AgentInfo.Id.Value);
        Assert.Equal("t1", (await executor.NextAsync(_patience.Token))!.Launch.Task.TaskId.Value);

        Assert.Equal((202, ""), await executor.CallAsync(UpdateOf(StatusOf("t1", TaskState.TaskRunning)), _patience.Token));
        Assert.Equal(StatusOf("t1", TaskState.TaskRunning).Uuid, (await executor.NextAsync(_patience.Token))!.Acknowledged.Uuid);
        Assert.Equal(TaskState.TaskRunning, (await _master.NextUpdateAsync(_patience.Token)).State);

        Assert.Equal((202, ""), await executor.CallAsync(CallOf(Call.Types.Type.Message, call => call.Message = new Call.Types.Message { Data = ByteString.CopyFromUtf8("up") }), _patience.Token));
        Assert.Equal("up", (await _master.NextCallAsync(_patience.Token)).Message.Data.ToStringUtf8());
        _master.Send(new AgentEvent { Message = new() { FrameworkId = new FrameworkID { Value = FrameworkName }, ExecutorId = new ExecutorID { Value = ExecutorName }, Data = ByteString.CopyFromUtf8("down") } });
        Assert.Equal("down", (await executor.NextAsync(_patience.Token))!.Message.Data.ToStringUtf8());

        _master.Send(new AgentEvent { KillTask = new() { FrameworkId = new FrameworkID { Value = FrameworkName }, TaskId = new TaskID { Value = "t1" } } });
        Assert.Equal("t1", (await executor.NextAsync(_patience.Token))!.Kill.TaskId.Value);
        Assert.Equal((202, ""), await executor.CallAsync(CallOf(Call.Types.Type.Heartbeat), _patience.Token));

        _master.Send(new AgentEvent { ShutdownExecutor = new() { FrameworkId = new FrameworkID { Value = FrameworkName }, ExecutorId = new ExecutorID { Value = ExecutorName } } });
        Assert.Equal(Event.Types.Type.Shutdown, (await executor.NextAsync(_patience.Token))!.Type);
        _containers.Exit(_containers.Launches.Single().ContainerId, 0);
        Assert.Null(await executor.NextAsync(_patience.Token));
        Assert.Equal(TaskState.TaskFailed, (await _master.NextUpdateAsync(_patience.Token)).State);
        Assert.Equal(0, (await _master.NextCallAsync(_patience.Token)).ExecutorExited.Status);
    }

    [Fact]
    public async Task State_and_containers_show_the_executor_with_its_tasks()
    {
        Launch(ExecutorTask("t2"));
        await using var executor = await ExecutorWire.SubscribeAsync(_agent.Address, MessageFormat.Json, _patience.Token);
        await executor.CallAsync(UpdateOf(StatusOf("t1", TaskState.TaskFinished)), _patience.Token);
        await _master.NextUpdateAsync(_patience.Token);
        await _agent.WaitForAsync(snapshot => snapshot.Executors.Any(view => view.Completed.Count == 1) && snapshot.Tasks.Count() == 1, _patience.Token);

        var state = await JsonAsync("/state");
        var shown = Assert.Single(state.GetProperty("frameworks")[0].GetProperty("executors").EnumerateArray());
        Assert.Equal(ExecutorName, shown.GetProperty("id").GetString());
        Assert.Equal(_containers.Launches.Single().SandboxDirectory, shown.GetProperty("directory").GetString());
        Assert.Equal(42, shown.GetProperty("resources").GetProperty("mem").GetDouble());
        Assert.Equal(["t2"], shown.GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("id").GetString()));
        Assert.Equal(ExecutorName, shown.GetProperty("tasks")[0].GetProperty("executor_id").GetString());
        Assert.Equal(["t1"], shown.GetProperty("completed_tasks").EnumerateArray().Select(task => task.GetProperty("id").GetString()));
        Assert.Equal(ExecutorName, Assert.Single((await JsonAsync("/containers")).EnumerateArray()).GetProperty("executor_id").GetString());
    }

    [Fact]
    public async Task Container_of_an_executor_may_use_what_its_live_tasks_need()
    {
        await using var executor = await ExecutorWire.SubscribeAsync(_agent.Address, MessageFormat.Json, _patience.Token);
        Launch(ExecutorTask("t2"));
        await Until.TrueAsync("it may use more", () => Memory() == 74);
        await executor.CallAsync(UpdateOf(StatusOf("t2", TaskState.TaskFinished)), _patience.Token);
        await Until.TrueAsync("it may use less again", () => Memory() == 42);

        double Memory() => _containers.Resizes.LastOrDefault()?.Task.Resources.Single(resource => resource.Name == "mem").Scalar.Value ?? 0;
    }

    [Fact]
    public async Task Executor_is_told_in_its_environment_where_the_agent_is_and_who_it_is()
    {
        await Until.TrueAsync("the executor is launched", () => !_containers.Launches.IsEmpty);
        var environment = _containers.Launches.Single().Environment;
        Assert.Equal(_agent.Address.Authority, environment["MESOS_AGENT_ENDPOINT"]);
        Assert.Equal($"slave(1)@{_agent.Address.Authority}", environment["MESOS_SLAVE_PID"]);
        Assert.Equal((FrameworkName, ExecutorName, "cluster-S1"), (environment["MESOS_FRAMEWORK_ID"], environment["MESOS_EXECUTOR_ID"], environment["MESOS_SLAVE_ID"]));
        Assert.Equal(("5secs", "0"), (environment["MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD"], environment["MESOS_CHECKPOINT"]));
        Assert.Equal(environment["MESOS_SANDBOX"], environment["MESOS_DIRECTORY"]);
        Assert.DoesNotContain("MESOS_ALLOCATION_ROLE", environment.Keys);
    }

    [Theory]
    [InlineData("GET", "application/json", "", 405, "")]
    [InlineData("POST", "", "{}", 400, "Expecting 'Content-Type' to be present")]
    [InlineData("POST", "text/plain", "{}", 415, "Expecting 'Content-Type'")]
    [InlineData("POST", "application/json", "{", 400, "")]
    [InlineData("POST", "application/json", """{"type":"MESSAGE"}""", 400, "executor_id")]
    [InlineData("POST", "application/json", "{" + Ids + "}", 400, "Failed to validate Executor::Call: Expecting 'type' to be present")]
    [InlineData("POST", "application/json", """{"type":"SUBSCRIBE",""" + Ids + "}", 400, "Failed to validate Executor::Call: Expecting 'subscribe' to be present")]
    [InlineData("POST", "application/json", """{"type":"MESSAGE","framework_id":{"value":"other"},"executor_id":{"value":"e"},"message":{"data":""}}""", 400, "Framework other cannot be found")]
    [InlineData("POST", "application/json", """{"type":"MESSAGE","framework_id":{"value":"fw-0001"},"executor_id":{"value":"e"},"message":{"data":""}}""", 400, "Executor e of framework fw-0001 cannot be found")]
    [InlineData("POST", "application/json", """{"type":"MESSAGE",""" + Ids + ""","message":{"data":"cGluZw=="}}""", 403, "Executor is not subscribed")]
    [InlineData("POST", "application/json", """{"type":"HEARTBEAT","framework_id":{"value":"unused"},"executor_id":{"value":"unused"}}""", 202, "")]
    public async Task Call_is_judged_in_the_order_of_the_reference(string method, string contentType, string body, int status, string text)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v1/executor");
        if (method == "POST")
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        using var response = await _client.SendAsync(request);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains(text, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_in_an_encoding_that_there_is_not_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/executor") { Content = new StringContent("""{"type":"SUBSCRIBE",""" + Ids + ""","subscribe":{}}""") };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Accept.ParseAdd("text/html");
        Assert.Equal(HttpStatusCode.NotAcceptable, (await _client.SendAsync(request)).StatusCode);
    }

    [Theory]
    [InlineData("""{"task_id":{"value":"t1"},"state":"TASK_RUNNING","source":"SOURCE_EXECUTOR"}""", "Failed to validate Executor::Call: Expecting 'uuid' to be present")]
    [InlineData("""{"task_id":{"value":"t1"},"state":"TASK_RUNNING","source":"SOURCE_EXECUTOR","uuid":"AAAA"}""", "expecting 16 bytes, found 3")]
    [InlineData("""{"task_id":{"value":"t1"},"state":"TASK_RUNNING","source":"SOURCE_MASTER","uuid":"ovTScCK1RhS6zCRC6q4vbw=="}""", "Failed to validate Executor::Call: Received Call from executor exec-1 of framework fw-0001 with invalid source, expecting 'SOURCE_EXECUTOR'")]
    [InlineData("""{"task_id":{"value":"t1"},"state":"TASK_STAGING","source":"SOURCE_EXECUTOR","uuid":"ovTScCK1RhS6zCRC6q4vbw=="}""", "Failed to validate Executor::Call: Received TASK_STAGING from executor exec-1 of framework fw-0001 which is not allowed")]
    [InlineData("""{"task_id":{"value":"t1"},"state":"TASK_RUNNING","executor_id":{"value":"x"},"uuid":"ovTScCK1RhS6zCRC6q4vbw=="}""", "Failed to validate Executor::Call: ExecutorID in Call: exec-1 does not match ExecutorID in TaskStatus: x")]
    public async Task Update_that_cannot_be_is_refused_in_the_words_of_the_reference(string status, string text)
    {
        await using var executor = await ExecutorWire.SubscribeAsync(_agent.Address, MessageFormat.Json, _patience.Token);
        using var content = new StringContent("""{"type":"UPDATE",""" + Ids + ""","update":{"status":""" + status + "}}");
        content.Headers.ContentType = new("application/json");
        using var response = await _client.PostAsync("/api/v1/executor", content);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(text, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <summary>client-habits: executors leave out what their agent knows better, and their uuids are base64 of 16 bytes.</summary>
    [Fact]
    public async Task Habit_update_without_agent_id_timestamp_container_status_and_source_is_filled_in()
    {
        await using var executor = await ExecutorWire.SubscribeAsync(_agent.Address, MessageFormat.Json, _patience.Token);
        var body = """{"type":"UPDATE",""" + Ids + ""","update":{"status":{"task_id":{"value":"t1"},"state":"TASK_RUNNING","message":null,"uuid":"ovTScCK1RhS6zCRC6q4vbw=="}}}""";
        var (connection, head) = await RawHttp.PostAsync(_agent.Address, "/slave(1)/api/v1/executor", body, "Content-Type: application/json", "Connection: close");
        await using (connection)
        {
            Assert.Equal(202, head.Status);
            Assert.Equal("0", head.Headers["Content-Length"]);
        }

        var status = await _master.NextUpdateAsync(_patience.Token);
        Assert.Equal(("cluster-S1", ExecutorName, TaskStatus.Types.Source.Executor), (status.AgentId.Value, status.ExecutorId.Value, status.Source));
        Assert.Equal(_containers.Launches.Single().ContainerId, status.ContainerStatus.ContainerId.Value);
        Assert.Equal("127.0.0.1", status.ContainerStatus.NetworkInfos.Single().IpAddresses.Single().IpAddress);
        Assert.InRange(status.Timestamp, 1.5e9, 1e11);
        Assert.Equal(Convert.FromBase64String("ovTScCK1RhS6zCRC6q4vbw=="), status.Uuid.ToByteArray());
    }

    [Fact]
    public async Task Executor_survives_its_agent_and_what_it_told_meanwhile_arrives()
    {
        var executor = await ExecutorWire.SubscribeAsync(_agent.Address, MessageFormat.Protobuf, _patience.Token);
        await executor.CallAsync(UpdateOf(StatusOf("t1", TaskState.TaskRunning)), _patience.Token);
        await _master.NextUpdateAsync(_patience.Token);
        await _agent.WaitForAsync(snapshot => snapshot.Tasks.Single().PendingUpdates == 0, _patience.Token);
        var address = _agent.Address;
        await executor.DisposeAsync();
        await _agent.DisposeAsync();

        _agent = await TestAgent.StartAsync(_directory.Path, _master, _containers, $"--port={address.Port}", "--executor_reregistration_timeout=15secs");
        var held = await _master.NextSubscriptionAsync(_patience.Token);
        Assert.Equal((ExecutorName, "t1"), (held.Executors.Single().ExecutorInfo.ExecutorId.Value, held.Tasks.Single().TaskInfo.TaskId.Value));
        await using var again = await ExecutorWire.SubscribeAsync(_agent.Address, MessageFormat.Protobuf, _patience.Token);
        Assert.Equal(Event.Types.Type.Subscribed, (await again.NextAsync(_patience.Token))!.Type);
        await again.CallAsync(UpdateOf(StatusOf("t1", TaskState.TaskFinished)), _patience.Token);
        Assert.Equal(TaskState.TaskFinished, (await _master.NextUpdateAsync(_patience.Token)).State);
    }

    private static Call UpdateOf(TaskStatus status) => CallOf(Call.Types.Type.Update, call => call.Update = new Call.Types.Update { Status = status });

    private async Task<JsonElement> JsonAsync(string path) => JsonDocument.Parse(await _client.GetStringAsync(path)).RootElement;
}
