using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Threading.Channels;
using Google.Protobuf;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Value = Orchestrator.Core.Contract.Mesos.Value;

namespace Orchestrator.Tests.Benchmarks;

/// <summary>
/// A framework on the real v1 scheduler API over HTTP (protobuf): launches tasks on every offer until it has enough,
/// acknowledges each update with a call of its own, and keeps the times.
/// </summary>
/// <param name="client">Sends the calls.</param>
/// <param name="wanted">How many tasks it wants running.</param>
/// <param name="tasksPerOffer">Most tasks of one ACCEPT.</param>
/// <param name="keepsRest">Whether it refuses what an ACCEPT leaves, or wants it offered again at once.</param>
/// <param name="executor">What runs the tasks, which then are to finish; null for tasks that only run.</param>
public sealed class WireScheduler(HttpClient client, int wanted, int tasksPerOffer, bool keepsRest = false, ExecutorInfo? executor = null)
{
    private const int Senders = 32;
    private static readonly MediaTypeHeaderValue s_protobuf = new("application/x-protobuf");
    private readonly Channel<Call> _calls = Channel.CreateUnbounded<Call>();
    private readonly ConcurrentDictionary<string, long> _launchedAt = new();
    private readonly List<double> _launchMilliseconds = [];
    private readonly List<OfferID> _declined = [];
    private FrameworkID? _id;
    private string _stream = "";
    private int _launched;
    private int _unanswered;
    private int _running;
    private int _finished;
    private long _revivedAt;
    private TaskCompletionSource<double>? _offer;

    /// <summary>Completes when all wanted tasks run.</summary>
    public TaskCompletionSource AllRunning { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when all wanted tasks have finished.</summary>
    public TaskCompletionSource AllFinished { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>When the first update came; 0 before.</summary>
    public long FirstUpdateAt { get; private set; }

    /// <summary>Completes with the subscription.</summary>
    public TaskCompletionSource Subscribed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>From ACCEPT to TASK_RUNNING, milliseconds each.</summary>
    public List<double> LaunchMilliseconds => _launchMilliseconds;

    /// <summary>How many tasks run.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Serves the subscription until it ends or the token is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var subscribe = new Call
        {
            Type = Call.Types.Type.Subscribe,
            Subscribe = new Call.Types.Subscribe { FrameworkInfo = new FrameworkInfo { User = "root", Name = "bench", FailoverTimeout = 60 } },
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/scheduler") { Content = Body(subscribe) };
        request.Headers.Accept.ParseAdd("application/x-protobuf");
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        answer.EnsureSuccessStatusCode();
        _stream = answer.Headers.GetValues("Mesos-Stream-Id").Single();
        var senders = Enumerable.Range(0, Senders).Select(_ => SendAllAsync(cancellationToken)).ToArray();
        var records = new RecordStream(await answer.Content.ReadAsStreamAsync(cancellationToken));
        while (await records.ReadAsync(cancellationToken) is { } record)
        {
            var message = Event.Parser.ParseFrom(record.Array, record.Offset, record.Count);
            ArrayPool<byte>.Shared.Return(record.Array!);
            Handle(message);
        }

        _calls.Writer.Complete();
        await Task.WhenAll(senders);
    }

    /// <summary>
    /// Asks for offers and waits for the first: milliseconds from the call to the event. All tasks must have been launched.
    /// </summary>
    public async Task<double> MeasureOfferAsync(CancellationToken cancellationToken)
    {
        _offer = new TaskCompletionSource<double>(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _revivedAt, Stopwatch.GetTimestamp());
        Send(new Call { Type = Call.Types.Type.Revive });
        return await _offer.Task.WaitAsync(TimeSpan.FromSeconds(10), cancellationToken);
    }

    private void Handle(Event message)
    {
        switch (message.Type)
        {
            case Event.Types.Type.Subscribed:
                _id = message.Subscribed.FrameworkId;
                Subscribed.TrySetResult();
                break;
            case Event.Types.Type.Offers:
                _offer?.TrySetResult(Stopwatch.GetElapsedTime(Volatile.Read(ref _revivedAt)).TotalMilliseconds);
                foreach (var offer in message.Offers.Offers_)
                {
                    Answer(offer);
                }

                DeclineRest();

                break;
            case Event.Types.Type.Update:
                Updated(message.Update.Status);
                break;
            case Event.Types.Type.Error:
                AllRunning.TrySetException(new InvalidOperationException(message.Error.Message));
                break;
        }
    }

    private void Answer(Offer offer)
    {
        var count = Math.Min(tasksPerOffer, wanted - _launched);
        if (count == 0)
        {
            _declined.Add(offer.Id);
            return;
        }

        var launch = new Offer.Types.Operation { Type = Offer.Types.Operation.Types.Type.Launch, Launch = new Offer.Types.Operation.Types.Launch() };
        var now = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            var id = $"task-{_launched++}";
            _launchedAt[id] = now;
            launch.Launch.TaskInfos.Add(new TaskInfo
            {
                Name = "bench",
                TaskId = new TaskID { Value = id },
                AgentId = offer.AgentId,
                Command = executor is null ? new CommandInfo { Value = "true" } : null,
                Executor = executor,
                Resources = { Scalar("cpus", 0.1), Scalar("mem", 32) },
            });
        }

        Send(new Call { Type = Call.Types.Type.Accept, Accept = new Call.Types.Accept { OfferIds = { offer.Id }, Operations = { launch }, Filters = new Filters { RefuseSeconds = keepsRest && _launched < wanted ? 0 : 3600 } } });
    }

    private void DeclineRest()
    {
        if (_declined.Count > 0)
        {
            Send(new Call { Type = Call.Types.Type.Decline, Decline = new Call.Types.Decline { OfferIds = { _declined }, Filters = new Filters { RefuseSeconds = 3600 } } });
            _declined.Clear();
        }
    }

    private void Updated(TaskStatus status)
    {
        FirstUpdateAt = FirstUpdateAt == 0 ? Stopwatch.GetTimestamp() : FirstUpdateAt;
        if (status.HasUuid)
        {
            Send(new Call
            {
                Type = Call.Types.Type.Acknowledge,
                Acknowledge = new Call.Types.Acknowledge { AgentId = status.AgentId, TaskId = status.TaskId, Uuid = status.Uuid },
            });
        }

        if (status.State == TaskState.TaskRunning && _launchedAt.TryRemove(status.TaskId.Value, out var at))
        {
            _launchMilliseconds.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
            if (Interlocked.Increment(ref _running) == wanted)
            {
                AllRunning.TrySetResult();
            }
        }
        else if (executor is not null && status.State == TaskState.TaskFinished)
        {
            if (++_finished == wanted)
            {
                AllFinished.TrySetResult();
            }
        }
        else if (status.State is not (TaskState.TaskRunning or TaskState.TaskStarting))
        {
            AllFinished.TrySetException(new InvalidOperationException($"{status.TaskId.Value}: {status.State} {status.Message}"));
            AllRunning.TrySetException(new InvalidOperationException($"{status.TaskId.Value}: {status.State} {status.Message}"));
        }
    }

    /// <summary>Completes when every call that was sent has been answered, acknowledgements included.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        while (Volatile.Read(ref _unanswered) > 0)
        {
            await Task.Delay(5, cancellationToken);
        }
    }

    private void Send(Call call)
    {
        call.FrameworkId = _id;
        Interlocked.Increment(ref _unanswered);
        _calls.Writer.TryWrite(call);
    }

    private async Task SendAllAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var call in _calls.Reader.ReadAllAsync(cancellationToken))
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/scheduler") { Content = Body(call) };
                request.Headers.Add("Mesos-Stream-Id", _stream);
                using var answer = await client.SendAsync(request, cancellationToken);
                Interlocked.Decrement(ref _unanswered);
                if (!answer.IsSuccessStatusCode)
                {
                    AllRunning.TrySetException(new InvalidOperationException($"{call.Type}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancellationToken)}"));
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    private static ByteArrayContent Body(Call call) => new(call.ToByteArray()) { Headers = { ContentType = s_protobuf } };

    private static Resource Scalar(string name, double value) =>
        new() { Name = name, Type = Value.Types.Type.Scalar, Scalar = new Value.Types.Scalar { Value = value } };
}
