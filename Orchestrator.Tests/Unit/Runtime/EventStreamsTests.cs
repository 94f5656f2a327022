using Orchestrator.Core.Primitives;
using Orchestrator.Core.Runtime.Streams;

namespace Orchestrator.Tests.Unit.Runtime;

public sealed class EventStreamsTests
{
    private readonly EventStreams<string> _streams = new(capacity: 3);
    private readonly StreamId _id = new(Guid.NewGuid());

    [Fact]
    public async Task Stream_closed_after_deliveries_yields_them_in_order_and_ends()
    {
        using var stream = _streams.Open(_id);
        _streams.Deliver(_id, "a");
        _streams.Deliver(_id, "b");
        _streams.Close(_id);
        _streams.Deliver(_id, "late");
        Assert.Equal(["a", "b"], await stream.Reader.ReadAllAsync().ToListAsync());
        Assert.False(stream.Overflowed);
        Assert.Equal(0, _streams.Count);
    }

    [Fact]
    public async Task Reader_too_far_behind_loses_its_stream_and_only_its_own()
    {
        using var slow = _streams.Open(_id);
        var otherId = new StreamId(Guid.NewGuid());
        using var other = _streams.Open(otherId);
        for (var i = 0; i < 4; i++)
        {
            _streams.Deliver(_id, $"{i}");
        }

        _streams.Deliver(otherId, "x");
        _streams.Close(otherId);
        Assert.True(slow.Overflowed);
        Assert.Equal(["0", "1", "2"], await slow.Reader.ReadAllAsync().ToListAsync());
        Assert.Equal(["x"], await other.Reader.ReadAllAsync().ToListAsync());
    }

    [Fact]
    public void Stream_opened_twice_is_refused()
    {
        using var stream = _streams.Open(_id);
        Assert.Throws<InvalidOperationException>(() => _streams.Open(_id));
    }
}
