using System.Buffers;
using System.Net.Http.Headers;
using Google.Protobuf;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Value = Orchestrator.Core.Contract.Mesos.Value;

namespace Orchestrator.Tests.Benchmarks;

/// <summary>
/// A simulated agent on the real agent link over HTTP: it registers, says TASK_RUNNING for each task at once, TASK_KILLED
/// for each kill, and answers pings. It runs nothing. Run again after the link broke, it brings its tasks with it.
/// </summary>
public sealed class WireAgent(HttpClient client, int number, double cpus, double memMiB)
{
    private static readonly MediaTypeHeaderValue s_protobuf = new("application/x-protobuf");
    private readonly List<AgentCall> _waiting = [];
    private readonly Dictionary<string, AgentCall.Types.HeldTask> _held = [];
    private readonly Dictionary<string, FrameworkInfo> _frameworks = [];
    private AgentID _id = new() { Value = "" };
    private string _stream = "";
    private bool _sending;

    /// <summary>Completes when the master has registered it; another one after each break of the link.</summary>
    public TaskCompletionSource Registered { get; private set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Tasks that it was told to run.</summary>
    public int Launches { get; private set; }

    /// <summary>Tasks that it was told to kill.</summary>
    public int Kills { get; private set; }

    /// <summary>Tasks that it runs.</summary>
    public int Running => _held.Count;

    /// <summary>The link is broken: what was not sent is lost, the tasks are not.</summary>
    public void Lose()
    {
        lock (_waiting)
        {
            _waiting.Clear();
            _sending = false;
        }

        Registered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Serves the link until it ends or the token is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/agent-link") { Content = Body([Subscription()]) };
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        answer.EnsureSuccessStatusCode();
        _stream = answer.Headers.GetValues("Orchestrator-Stream-Id").Single();
        var records = new RecordStream(await answer.Content.ReadAsStreamAsync(cancellationToken));
        while (await records.ReadAsync(cancellationToken) is { } record)
        {
            var message = AgentEvent.Parser.ParseFrom(record.Array, record.Offset, record.Count);
            ArrayPool<byte>.Shared.Return(record.Array!);
            Handle(message, cancellationToken);
        }
    }

    private void Handle(AgentEvent message, CancellationToken cancellationToken)
    {
        switch (message.EventCase)
        {
            case AgentEvent.EventOneofCase.Subscribed:
                _id = message.Subscribed.AgentId;
                Registered.TrySetResult();
                break;
            case AgentEvent.EventOneofCase.Ping:
                Send(new AgentCall { Pong = new AgentCall.Types.Pong() }, cancellationToken);
                break;
            case AgentEvent.EventOneofCase.RunTask:
                Launches++;
                _frameworks[message.RunTask.FrameworkInfo.Id.Value] = message.RunTask.FrameworkInfo;
                _held[message.RunTask.Task.TaskId.Value] = new AgentCall.Types.HeldTask
                {
                    TaskInfo = message.RunTask.Task,
                    FrameworkId = message.RunTask.FrameworkInfo.Id,
                    Latest = StatusOf(message.RunTask.Task.TaskId, TaskState.TaskRunning),
                };
                Report(message.RunTask.FrameworkInfo.Id, message.RunTask.Task.TaskId, TaskState.TaskRunning, cancellationToken);
                break;
            case AgentEvent.EventOneofCase.KillTask:
                Kills++;
                _held.Remove(message.KillTask.TaskId.Value);
                Report(message.KillTask.FrameworkId, message.KillTask.TaskId, TaskState.TaskKilled, cancellationToken);
                break;
        }
    }

    private void Report(FrameworkID framework, TaskID task, TaskState state, CancellationToken cancellationToken) => Send(
        new AgentCall
        {
            Update = new AgentCall.Types.Update
            {
                FrameworkId = framework,
                LatestState = state,
                Status = StatusOf(task, state),
            },
        },
        cancellationToken);

    private TaskStatus StatusOf(TaskID task, TaskState state) => new()
    {
        TaskId = task,
        State = state,
        AgentId = _id,
        Source = TaskStatus.Types.Source.Executor,
        Timestamp = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0,
        Uuid = ByteString.CopyFrom(Guid.NewGuid().ToByteArray()),
    };

    private void Send(AgentCall call, CancellationToken cancellationToken)
    {
        lock (_waiting)
        {
            _waiting.Add(call);
            if (_sending)
            {
                return;
            }

            _sending = true;
        }

        _ = PumpAsync(cancellationToken);
    }

    private async Task PumpAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                List<AgentCall> batch;
                lock (_waiting)
                {
                    if (_waiting.Count == 0)
                    {
                        _sending = false;
                        return;
                    }

                    batch = [.. _waiting];
                    _waiting.Clear();
                }

                using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/agent-link") { Content = Body(batch) };
                request.Headers.Add("Orchestrator-Stream-Id", _stream);
                using var answer = await client.SendAsync(request, cancellationToken);
                answer.EnsureSuccessStatusCode();
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            // The link breaks; what follows is for who runs it again.
        }
    }

    private static ByteArrayContent Body(IEnumerable<AgentCall> calls) => new(RecordStream.Encode(calls)) { Headers = { ContentType = s_protobuf } };

    private AgentCall Subscription() => new()
    {
        Subscribe = new AgentCall.Types.Subscribe
        {
            Version = "1.11.0",
            Tasks = { _held.Values },
            Frameworks = { _frameworks.Values },
            AgentInfo = new AgentInfo
            {
                Id = _id.Value.Length > 0 ? _id : null,
                Hostname = $"machine-{number}",
                Port = 5051,
                Resources =
                {
                    Scalar("cpus", cpus),
                    Scalar("mem", memMiB),
                    Scalar("disk", 100_000),
                    new Resource
                    {
                        Name = "ports",
                        Type = Value.Types.Type.Ranges,
                        Ranges = new Value.Types.Ranges { Range = { new Value.Types.Range { Begin = 31000, End = 32000 } } },
                    },
                },
            },
        },
    };

    private static Resource Scalar(string name, double value) =>
        new() { Name = name, Type = Value.Types.Type.Scalar, Scalar = new Value.Types.Scalar { Value = value } };
}
