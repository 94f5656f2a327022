using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Core.Contract;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Runtime;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Runtime;

public sealed class FrameworkDriverTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedConnection _connection = new();
    private readonly Recorder _framework = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly FrameworkDriver _driver;
    private Task _running = Task.CompletedTask;

    public FrameworkDriverTests() => _driver = new FrameworkDriver(_connection, _framework, _time, NullLogger.Instance);

    public ValueTask InitializeAsync()
    {
        _running = _driver.RunAsync(_stop.Token);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    [Fact]
    public async Task Driver_subscribes_hands_events_over_in_order_and_sends_calls_in_order_with_the_id()
    {
        var subscription = await _connection.NextSubscriptionAsync();
        Assert.Equal("recorder", subscription.Call.Subscribe.FrameworkInfo.Name);
        Assert.Null(subscription.Call.FrameworkId);
        subscription.Accept("f-1");
        subscription.Send(new Event { Type = Event.Types.Type.Heartbeat });
        Assert.Equal("Subscribed", await _framework.NextAsync());
        Assert.Equal("Heartbeat", await _framework.NextAsync());
        for (var i = 0; i < 1000; i++)
        {
            _driver.Send(Kill(i));
        }

        for (var i = 0; i < 1000; i++)
        {
            var call = await _connection.NextCallAsync();
            Assert.Equal(($"t{i}", "f-1"), (call.Kill.TaskId.Value, call.FrameworkId.Value));
        }
    }

    [Fact]
    public async Task Stream_that_ends_is_told_and_opened_again_with_the_id_and_old_calls_are_forgotten()
    {
        var first = await _connection.NextSubscriptionAsync();
        first.Accept("f-1");
        await _framework.NextAsync();
        _framework.Id = "f-1";
        _framework.OnDisconnected = () => _driver.Send(Kill(1));
        first.End();
        Assert.Equal("disconnected", await _framework.NextAsync());

        var second = await NextSubscriptionAfterPauseAsync(FrameworkDriver.FirstPause);
        Assert.Equal("f-1", second.Call.FrameworkId.Value);
        second.Accept("f-1");
        Assert.Equal("Subscribed", await _framework.NextAsync());
        _driver.Send(Kill(2));
        Assert.Equal("t2", (await _connection.NextCallAsync()).Kill.TaskId.Value);
    }

    [Fact]
    public async Task Subscription_that_is_refused_is_tried_again_after_pauses_that_grow_to_their_bound()
    {
        var first = await _connection.NextSubscriptionAsync();
        var attempts = new ConcurrentQueue<DateTimeOffset>([_time.GetUtcNow()]);
        _connection.AnswerSubscribe = _ =>
        {
            // Told by the driver's own thread: the test's may have moved the clock on since.
            attempts.Enqueue(_time.GetUtcNow());
            return new SchedulerCallException(503, "No leader");
        };
        first.End();
        var pause = FrameworkDriver.FirstPause;
        for (var i = 0; i < 10; i++)
        {
            await NextSubscriptionAfterPauseAsync(pause);
            pause = pause + pause < FrameworkDriver.MaxPause ? pause + pause : FrameworkDriver.MaxPause;
        }

        pause = FrameworkDriver.FirstPause;
        foreach (var (earlier, later) in attempts.Zip(attempts.Skip(1)))
        {
            Assert.True(later - earlier >= pause, $"{later - earlier} is shorter than {pause}");
            pause = pause + pause < FrameworkDriver.MaxPause ? pause + pause : FrameworkDriver.MaxPause;
        }

        Assert.Equal(FrameworkDriver.MaxPause, pause);
        Assert.False(_framework.Happened.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Call_that_is_refused_does_not_stop_those_behind_it()
    {
        _connection.Answer = call => call.Kill.TaskId.Value == "t1" ? new SchedulerCallException(400, "Unknown") : null;
        (await _connection.NextSubscriptionAsync()).Accept("f-1");
        await _framework.NextAsync();
        for (var i = 0; i < 3; i++)
        {
            _driver.Send(Kill(i));
        }

        Assert.Equal("t0", (await _connection.NextCallAsync()).Kill.TaskId.Value);
        Assert.Equal("t2", (await _connection.NextCallAsync()).Kill.TaskId.Value);
    }

    [Fact]
    public async Task Master_with_a_full_queue_is_asked_again_and_the_order_holds()
    {
        var refusals = 3;
        _connection.Answer = call => call.Kill.TaskId.Value == "t0" && Interlocked.Decrement(ref refusals) >= 0 ? new EngineOverloadedException() : null;
        (await _connection.NextSubscriptionAsync()).Accept("f-1");
        await _framework.NextAsync();
        _driver.Send(Kill(0));
        _driver.Send(Kill(1));
        var next = _connection.NextCallAsync();
        while (!next.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Yield();
        }

        Assert.Equal("t0", (await next).Kill.TaskId.Value);
        Assert.Equal("t1", (await _connection.NextCallAsync()).Kill.TaskId.Value);
    }

    [Fact]
    public async Task Calls_beyond_their_bound_break_the_subscription_off()
    {
        (await _connection.NextSubscriptionAsync()).Accept("f-1");
        _connection.Answer = _ => new EngineOverloadedException();
        await _framework.NextAsync();
        for (var i = 0; i < FrameworkDriver.MaxCalls + 300; i++)
        {
            _driver.Send(Kill(i));
        }

        Assert.Equal("disconnected", await _framework.NextAsync());
        await NextSubscriptionAfterPauseAsync(FrameworkDriver.FirstPause);
    }

    private static Call Kill(int number) => new() { Type = Call.Types.Type.Kill, Kill = new Call.Types.Kill { TaskId = new TaskID { Value = $"t{number}" } } };

    private async Task<ScriptedConnection.Subscription> NextSubscriptionAfterPauseAsync(TimeSpan pause)
    {
        var next = _connection.NextSubscriptionAsync();
        while (!next.IsCompleted)
        {
            // The pause begins at some moment after the stream has ended.
            _time.Advance(pause / 10);
            await Task.Yield();
        }

        return await next;
    }

    private sealed class Recorder : IFrameworkClient
    {
        public Channel<string> Happened { get; } = Channel.CreateUnbounded<string>();

        public string? Id { get; set; }

        public Action OnDisconnected { get; set; } = static () => { };

        public FrameworkInfo Describe() => new() { Name = "recorder", User = "u", Id = Id is null ? null : new FrameworkID { Value = Id } };

        public ValueTask ReceiveAsync(Event received, CancellationToken cancellationToken) => Happened.Writer.WriteAsync(received.Type.ToString(), cancellationToken);

        public ValueTask DisconnectedAsync(CancellationToken cancellationToken)
        {
            OnDisconnected();
            return Happened.Writer.WriteAsync("disconnected", cancellationToken);
        }

        public async Task<string> NextAsync() => await Happened.Reader.ReadAsync(new CancellationTokenSource(Until.Patience).Token);
    }
}
