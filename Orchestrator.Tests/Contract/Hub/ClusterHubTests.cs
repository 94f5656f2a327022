using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Hosting;
using Orchestrator.Web.Streaming.Hub;

namespace Orchestrator.Tests.Contract.Hub;

/// <summary>The public hub of a real host, as a SignalR client sees it.</summary>
[Trait("Category", "Contract")]
public sealed class ClusterHubTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromSeconds(30));
    private HostFixture _host = null!;
    private HubConnection _hub = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await HostFixture.StartAsync();
        _hub = WebSocketHubConnection.Make(new Uri(_host.Address, HubSetup.Path));
        await _hub.StartAsync(_deadline.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _host.DisposeAsync();
        _deadline.Dispose();
    }

    [Fact]
    public async Task Cluster_stream_tells_what_is_and_then_an_agent_that_registers()
    {
        await using var messages = Stream<ClusterMessage>("WatchCluster");
        Assert.Equal(0, (await Next(messages)).ActiveAgents);

        await using var agent = await WireAgent.RegisterAsync(_host.Address, Scalar("cpus", 4), Scalar("mem", 1024));
        var message = await Next(messages, one => one.ActiveAgents == 1);

        Assert.Equal((4, 1024), (message.Total.Cpus, message.Total.MemMiB));
    }

    [Fact]
    public async Task Task_stream_tells_a_launch_its_states_and_its_end()
    {
        await using var agent = await WireAgent.RegisterAsync(_host.Address, Scalar("cpus", 4), Scalar("mem", 1024));
        await using var framework = new WireFramework(_host.Address, protobuf: false);
        await framework.SubscribeAsync("""{"type":"SUBSCRIBE","subscribe":{"framework_info":{"user":"root","name":"n"}}}""");
        var id = (await framework.NextAsync("SUBSCRIBED")).GetProperty("framework_id").GetProperty("value").GetString()!;
        var offer = (await framework.NextAsync("OFFERS")).GetProperty("offers")[0].GetProperty("id").GetProperty("value").GetString();
        await using var messages = Stream<TaskChanges>("WatchTasks", new TaskFilter { FrameworkId = id });
        Assert.True((await Next(messages)).IsSnapshot);

        await framework.CallAsync($$$"""
            {"type":"ACCEPT","framework_id":{"value":"{{{id}}}"},"accept":{"offer_ids":[{"value":"{{{offer}}}"}],"operations":[{"type":"LAUNCH","launch":{"task_infos":[
              {"name":"web","task_id":{"value":"web.1"},"agent_id":{"value":"{{{agent.Id}}}"},"command":{"value":"true"},
               "resources":[{"name":"cpus","type":"SCALAR","scalar":{"value":1}},{"name":"mem","type":"SCALAR","scalar":{"value":64}}]}]}}]}}
            """);
        var task = (await agent.NextAsync(Core.Contract.Link.AgentEvent.EventOneofCase.RunTask)).RunTask.Task;
        var staged = await Next(messages, one => one.Tasks.Count > 0);
        Assert.Equal(("web.1", "TASK_STAGING", 1d), (staged.Tasks[0].TaskId, staged.Tasks[0].State, staged.Tasks[0].Resources.Cpus));

        await agent.ReportAsync(new FrameworkID { Value = id }, task, TaskState.TaskRunning);
        Assert.Equal("TASK_RUNNING", (await Next(messages, one => one.Tasks.Any(t => t.State == "TASK_RUNNING"))).Tasks[0].State);

        var uuid = await agent.ReportAsync(new FrameworkID { Value = id }, task, TaskState.TaskFinished);
        await framework.CallAsync($$$"""{"type":"ACKNOWLEDGE","framework_id":{"value":"{{{id}}}"},"acknowledge":{"agent_id":{"value":"{{{agent.Id}}}"},"task_id":{"value":"web.1"},"uuid":"{{{uuid.ToBase64()}}}"}}""");
        var removed = (await Next(messages, one => one.Removed.Count > 0)).Removed[0];
        Assert.Equal(("web.1", "TASK_FINISHED"), (removed.TaskId, removed.State));
    }

    [Fact]
    public async Task Event_stream_goes_on_behind_the_number_that_a_client_had()
    {
        await using var agent = await WireAgent.RegisterAsync(_host.Address, Scalar("cpus", 1));
        long number;
        await using (var messages = Stream<EventBatch>("WatchEvents", [null]))
        {
            number = (await Next(messages, one => one.Events.Count > 0)).Events[^1].Sequence;
        }

        await using var resumed = Stream<EventBatch>("WatchEvents", number);
        await using var another = await WireAgent.RegisterAsync(_host.Address, Scalar("cpus", 1));
        var batch = await Next(resumed);

        Assert.False(batch.Missed);
        Assert.Equal(number + 1, batch.Events[0].Sequence);
    }

    [Fact]
    public async Task App_stream_of_a_host_without_apps_begins_with_an_empty_snapshot()
    {
        await using var messages = Stream<AppChanges>("WatchApps", [null]);
        var first = await Next(messages);

        Assert.True(first.IsSnapshot);
        Assert.Empty(first.Apps);
    }

    [Theory]
    [InlineData("no-such-task", 100, "WatchTasks lists those that are")]
    [InlineData("t", -1, "tailBytes must be between 0 and")]
    [InlineData("t", ClusterHub.MaxTailBytes + 1, "tailBytes must be between 0 and")]
    public async Task Log_that_cannot_be_followed_is_refused_with_a_reason(string task, long tailBytes, string reason)
    {
        await using var messages = Stream<LogMessage>("FollowLog", "f", task, "stdout", tailBytes);

        var error = await Assert.ThrowsAsync<HubException>(async () => await Next(messages));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refused_call_is_a_line_at_debug_level_and_no_error_with_a_stack()
    {
        using var log = new LevelLog();
        _host.Host.Services.GetRequiredService<LogLevels>().Set("Microsoft.AspNetCore.SignalR", LogLevel.Debug, null);
        _host.Host.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        await using var messages = Stream<LogMessage>("FollowLog", "f", "t", "stdout", -1);
        await Assert.ThrowsAsync<HubException>(async () => await Next(messages));

        Assert.Contains(log.Entries, entry => entry.Level == LogLevel.Debug && entry.Text.Contains("tailBytes must be between", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Entries, entry => entry.Level >= LogLevel.Warning || entry.Exception is not null);
    }

    [Fact]
    public async Task Stream_beyond_the_limit_of_a_connection_is_refused_until_another_ends()
    {
        // A client ends a stream by cancelling it.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(_deadline.Token);
        for (var i = 0; i < ClusterHub.MaxStreams; i++)
        {
            await Next(_hub.StreamAsync<ClusterMessage>("WatchCluster", ending.Token).GetAsyncEnumerator(ending.Token));
        }

        await using (var refused = Stream<ClusterMessage>("WatchCluster"))
        {
            var error = await Assert.ThrowsAsync<HubException>(async () => await Next(refused));
            Assert.Contains("streams open", error.Message, StringComparison.Ordinal);
        }

        await ending.CancelAsync();
        for (var isOpen = false; !isOpen; await Task.Delay(20, _deadline.Token))
        {
            await using var again = Stream<ClusterMessage>("WatchCluster");
            try
            {
                await Next(again);
                isOpen = true;
            }
            catch (HubException)
            {
                // The ends of the others are on their way.
            }
        }
    }

    [Fact]
    public async Task Browser_page_of_another_site_may_not_open_the_hub()
    {
        await using var foreign = WebSocketHubConnection.Make(new Uri(_host.Address, HubSetup.Path), options => options.SetRequestHeader("Origin", "http://evil.example"));
        await Assert.ThrowsAsync<WebSocketException>(() => foreign.StartAsync(_deadline.Token));

        await using var own = WebSocketHubConnection.Make(new Uri(_host.Address, HubSetup.Path), options => options.SetRequestHeader("Origin", _host.Address.GetLeftPart(UriPartial.Authority)));
        await own.StartAsync(_deadline.Token);
        Assert.Equal(HubConnectionState.Connected, own.State);
    }

    [Fact]
    public async Task Host_with_accounts_opens_hub_and_circuits_to_those_who_have_one_only()
    {
        await using var host = await HostFixture.StartAsync("""--credentials={"credentials":[{"principal":"alice","secret":"s3cret"}]}""");
        await using var nobody = WebSocketHubConnection.Make(new Uri(host.Address, HubSetup.Path));
        await Assert.ThrowsAsync<WebSocketException>(() => nobody.StartAsync(_deadline.Token));
        await using var circuit = WebSocketHubConnection.Make(new Uri(host.Address, "/_blazor"));
        await Assert.ThrowsAsync<WebSocketException>(() => circuit.StartAsync(_deadline.Token));

        await using var alice = WebSocketHubConnection.Make(new Uri(host.Address, HubSetup.Path), options => options.SetRequestHeader("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("alice:s3cret"))));
        await alice.StartAsync(_deadline.Token);
        Assert.Equal(HubConnectionState.Connected, alice.State);
    }

    private static Resource Scalar(string name, double value) => new() { Name = name, Type = Value.Types.Type.Scalar, Scalar = new Value.Types.Scalar { Value = value } };

    private static async Task<T> Next<T>(IAsyncEnumerator<T> messages, Func<T, bool>? wanted = null)
    {
        while (await messages.MoveNextAsync())
        {
            if (wanted is null || wanted(messages.Current))
            {
                return messages.Current;
            }
        }

        throw new InvalidOperationException("The stream ended.");
    }

    private IAsyncEnumerator<T> Stream<T>(string method, params object?[] arguments) =>
        _hub.StreamAsyncCore<T>(method, arguments, _deadline.Token).GetAsyncEnumerator(_deadline.Token);
}
