using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Core.Coordination;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Runtime;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Runtime;

public sealed class EventLoopTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly InMemoryJournal _journal = new();
    private readonly Recorder _recorder = new();
    private readonly Summer _engine = new();
    private readonly EventLoop<int, int, SumEffects, Sum> _loop;

    public EventLoopTests() => _loop = new EventLoop<int, int, SumEffects, Sum>("sums", _engine, new SumEffects(), _journal, _recorder, _time, NullLogger.Instance);

    [Fact]
    public async Task Reply_after_a_command_comes_when_its_record_is_durable_and_its_snapshot_published()
    {
        _loop.Start();
        Assert.Equal(5, await _loop.SendAsync(5, CancellationToken.None));
        Assert.Equal(12, await _loop.SendAsync(7, CancellationToken.None));
        Assert.Equal(12, _loop.Current.Value);
        Assert.Equal("12", System.Text.Encoding.UTF8.GetString(_journal.Load("sums")[0].Value!));
        Assert.Equal([5, 12], _recorder.Dispatched);
    }

    [Fact]
    public async Task Commands_from_many_senders_are_each_applied_once()
    {
        _loop.Start();
        var replies = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Task.Run(async () => await _loop.SendAsync(1, CancellationToken.None))));
        Assert.Equal(Enumerable.Range(1, 1000), replies.Order());
    }

    [Fact]
    public async Task Journal_that_fails_stops_the_loop_and_nothing_of_the_turn_leaves()
    {
        var failed = new TaskCompletionSource<Exception>();
        _loop.Failed += failed.SetResult;
        _journal.Failure = "The disk is full.";
        _loop.Start();
        var refused = await Assert.ThrowsAsync<EngineStoppedException>(async () => await _loop.SendAsync(5, CancellationToken.None));
        Assert.Equal("The disk is full.", refused.Message);
        Assert.IsType<JournalException>(await failed.Task);
        Assert.Empty(_recorder.Dispatched);
        Assert.Equal(0, _loop.Current.Value);
        await Assert.ThrowsAsync<EngineStoppedException>(async () => await _loop.SendAsync(5, CancellationToken.None));
    }

    [Fact]
    public async Task Deadline_without_a_command_wakes_the_engine_at_its_time()
    {
        _engine.TickAt = _time.GetUtcNow() + TimeSpan.FromSeconds(10);
        _loop.Start();
        await _loop.SendAsync(0, CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(0, (await _loop.SendAsync(0, CancellationToken.None)));
        await foreach (var snapshot in _loop.WatchAsync(CancellationToken.None))
        {
            if (snapshot.Value == 100)
            {
                break;
            }

            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task Watch_by_a_slow_reader_skips_to_the_newest_snapshot()
    {
        _loop.Start();
        await using var reader = _loop.WatchAsync(CancellationToken.None).GetAsyncEnumerator();
        Assert.True(await reader.MoveNextAsync());
        for (var i = 0; i < 50; i++)
        {
            await _loop.SendAsync(1, CancellationToken.None);
        }

        Assert.True(await reader.MoveNextAsync());
        Assert.Equal(50, reader.Current.Value);
    }

    [Fact]
    public async Task Queue_at_its_bound_refuses_and_accepts_again_later()
    {
        for (var i = 0; i < EventLoop<int, int, SumEffects, Sum>.MaxWaiting; i++)
        {
            _loop.Post(1);
        }

        Assert.Throws<EngineOverloadedException>(() => _loop.Post(1));
        _loop.Start();
        await foreach (var snapshot in _loop.WatchAsync(CancellationToken.None))
        {
            if (snapshot.Value == EventLoop<int, int, SumEffects, Sum>.MaxWaiting)
            {
                break;
            }
        }

        Assert.Equal(EventLoop<int, int, SumEffects, Sum>.MaxWaiting + 1, await _loop.SendAsync(1, CancellationToken.None));
    }

    [Fact]
    public async Task Flood_that_is_held_back_elsewhere_leaves_room_for_other_commands()
    {
        _loop.Post(1, maxWaiting: 2);
        _loop.Post(1, maxWaiting: 2);

        Assert.Throws<EngineOverloadedException>(() => _loop.Post(1, maxWaiting: 2));
        _loop.Post(1);
        _loop.Start();
        Assert.Equal(4, await _loop.SendAsync(1, CancellationToken.None));
    }

    [Fact]
    public async Task Engine_that_throws_stops_the_loop_with_its_reason()
    {
        _loop.Start();
        await Assert.ThrowsAsync<EngineStoppedException>(async () => await _loop.SendAsync(-1, CancellationToken.None));
        await Assert.ThrowsAsync<EngineStoppedException>(async () => await _loop.SendAsync(1, CancellationToken.None));
    }

    public void Dispose()
    {
        _loop.Dispose();
        _journal.Dispose();
    }

    public sealed record Sum(int Value);

    public sealed class SumEffects : IEffects
    {
        private readonly List<JournalRecord> _records = [];

        public int? Said { get; set; }

        public IReadOnlyList<JournalRecord> Records => _records;

        public void Store(int value) => _records.Add(new JournalRecord("sums", "sum", System.Text.Encoding.UTF8.GetBytes($"{value}")));

        public void Clear()
        {
            _records.Clear();
            Said = null;
        }
    }

    private sealed class Recorder : IEffectDispatcher<SumEffects>
    {
        public List<int> Dispatched { get; } = [];

        public void Dispatch(SumEffects effects)
        {
            if (effects.Said is { } value)
            {
                Dispatched.Add(value);
            }
        }
    }

    private sealed class Summer : IEngine<int, int, SumEffects, Sum>
    {
        private Sum _published = new(0);
        private int _sum;

        public DateTimeOffset? TickAt { get; set; }

        public DateTimeOffset? NextDue => TickAt;

        public int Apply(int command, DateTimeOffset now, SumEffects effects)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(command);
            _sum += command;
            if (command > 0)
            {
                effects.Store(_sum);
                effects.Said = _sum;
            }

            return _sum;
        }

        public void Advance(DateTimeOffset now, SumEffects effects)
        {
            if (TickAt <= now)
            {
                TickAt = null;
                _sum += 100;
            }
        }

        public Sum Publish(DateTimeOffset now) => _published = _published.Value == _sum ? _published : new Sum(_sum);
    }
}
