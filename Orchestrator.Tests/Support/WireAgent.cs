using System.Net.Http.Headers;
using Google.Protobuf;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.Tests.Support;

/// <summary>An agent by the letter of link.proto: one stream of events, calls as framed batches. It does what the test says.</summary>
internal sealed class WireAgent : IAsyncDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromSeconds(30));
    private readonly Uri _endpoint;
    private HttpResponseMessage? _response;
    private Stream? _events;
    private string _stream = "";

    private WireAgent(Uri master) => _endpoint = new Uri(master, "/api/v1/agent-link");

    /// <summary>The id that the master gave.</summary>
    public string Id { get; private set; } = "";

    public static Task<WireAgent> RegisterAsync(Uri master, params Resource[] resources)
    {
        var info = new AgentInfo { Hostname = "wire", Port = 5051 };
        info.Resources.AddRange(resources);
        return RegisterAsync(master, info);
    }

    /// <summary>Registers an agent of any kind.</summary>
    public static async Task<WireAgent> RegisterAsync(Uri master, AgentInfo info)
    {
        var agent = new WireAgent(master);
        var subscribe = new AgentCall.Types.Subscribe { AgentInfo = info, Version = "1.11.0", Capabilities = { new AgentInfo.Types.Capability { Type = AgentInfo.Types.Capability.Types.Type.MultiRole } } };
        using var request = agent.Request(new AgentCall { Subscribe = subscribe });
        agent._response = await agent._client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, agent._deadline.Token);
        Assert.Equal(200, (int)agent._response.StatusCode);
        agent._stream = agent._response.Headers.GetValues("Orchestrator-Stream-Id").Single();
        agent._events = await agent._response.Content.ReadAsStreamAsync(agent._deadline.Token);
        agent.Id = (await agent.NextAsync(AgentEvent.EventOneofCase.Subscribed)).Subscribed.AgentId.Value;
        return agent;
    }

    /// <summary>The next event of a kind; others are passed over, pings answered.</summary>
    public async Task<AgentEvent> NextAsync(AgentEvent.EventOneofCase kind)
    {
        while (true)
        {
            var record = await WireRecords.ReadAsync(_events!, _deadline.Token);
            Assert.NotNull(record);
            var received = AgentEvent.Parser.ParseFrom(record);
            if (received.EventCase == kind)
            {
                return received;
            }

            if (received.EventCase == AgentEvent.EventOneofCase.Ping)
            {
                await SendAsync(new AgentCall { Pong = new AgentCall.Types.Pong() });
            }
        }
    }

    public async Task SendAsync(AgentCall call)
    {
        using var request = Request(call);
        request.Headers.Add("Orchestrator-Stream-Id", _stream);
        using var answer = await _client.SendAsync(request, _deadline.Token);
        Assert.Equal(202, (int)answer.StatusCode);
    }

    /// <summary>Reports a state of a task, to be acknowledged under the uuid that is returned.</summary>
    public async Task<ByteString> ReportAsync(FrameworkID framework, TaskInfo task, TaskState state)
    {
        var uuid = ByteString.CopyFrom(Guid.NewGuid().ToByteArray());
        await SendAsync(new AgentCall
        {
            Update = new AgentCall.Types.Update
            {
                FrameworkId = framework,
                Status = new TaskStatus { TaskId = task.TaskId, AgentId = new AgentID { Value = Id }, State = state, Uuid = uuid, Source = TaskStatus.Types.Source.Executor, Timestamp = 1795343408.5 },
                LatestState = state,
            },
        });
        return uuid;
    }

    public ValueTask DisposeAsync()
    {
        _response?.Dispose();
        _client.Dispose();
        _deadline.Dispose();
        return ValueTask.CompletedTask;
    }

    private HttpRequestMessage Request(AgentCall call)
    {
        var content = new ByteArrayContent(WireRecords.Frame(call.ToByteArray()));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        return new HttpRequestMessage(HttpMethod.Post, _endpoint) { Content = content };
    }
}
