using System.Text;
using Orchestrator.Core.Marathon;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Streaming;

namespace Orchestrator.Tests.Unit.Web.Streaming;

public sealed class EventBroadcastTests
{
    private readonly EventBroadcast _events = new(new ManualTimeProvider());

    [Fact]
    public void Listener_that_comes_hears_first_that_it_came_and_then_what_happens()
    {
        using var listener = _events.Listen(null, "10.0.0.1")!;
        _events.Publish(Happened("status_update_event", """{"taskId":"t"}"""));
        Assert.Equal("event: event_stream_attached\r\ndata: {\"remoteAddress\":\"10.0.0.1\",\"eventType\":\"event_stream_attached\",\"timestamp\":\"2026-01-01T00:00:00.000Z\"}\r\n\r\n", Next(listener));
        Assert.Equal("event: status_update_event\r\ndata: {\"taskId\":\"t\"}\r\n\r\n", Next(listener));
    }

    [Fact]
    public void Listener_with_types_hears_those_only()
    {
        using var listener = _events.Listen(new HashSet<string> { "wanted" }, "a")!;
        _events.Publish(Happened("other", "{}"));
        _events.Publish(Happened("wanted", "{}"));
        Assert.StartsWith("event: wanted\r\n", Next(listener), StringComparison.Ordinal);
        Assert.False(listener.Frames.TryRead(out _));
    }

    [Fact]
    public void Listeners_to_one_event_share_its_bytes()
    {
        using var first = _events.Listen(new HashSet<string> { "x" }, "a")!;
        using var second = _events.Listen(new HashSet<string> { "x" }, "b")!;
        _events.Publish(Happened("x", "{}"));
        Assert.True(first.Frames.TryRead(out var one));
        Assert.True(second.Frames.TryRead(out var two));
        Assert.Equal(one, two);
    }

    [Fact]
    public void Listener_that_is_slow_is_cut_off_and_others_go_on()
    {
        using var slow = _events.Listen(new HashSet<string> { "x" }, "a")!;
        using var quick = _events.Listen(new HashSet<string> { "x" }, "b")!;
        for (var i = 0; i <= EventBroadcast.MaxOutstanding; i++)
        {
            _events.Publish(Happened("x", "{}"));
            Assert.True(quick.Frames.TryRead(out _));
        }

        Assert.True(slow.Overflowed);
        Assert.False(quick.Overflowed);
        var heard = 0;
        while (slow.Frames.TryRead(out _))
        {
            heard++;
        }

        Assert.Equal(EventBroadcast.MaxOutstanding, heard);
        Assert.True(slow.Frames.Completion.IsCompleted);
    }

    [Fact]
    public void Listener_that_leaves_is_told_of_and_hears_no_more()
    {
        var leaving = _events.Listen(null, "10.0.0.2")!;
        using var staying = _events.Listen(new HashSet<string> { "event_stream_detached" }, "b")!;
        leaving.Dispose();
        leaving.Dispose();
        Assert.Contains("\"remoteAddress\":\"10.0.0.2\"", Next(staying), StringComparison.Ordinal);
        Assert.False(staying.Frames.TryRead(out _));
        Assert.Equal(1, _events.Count);
    }

    [Fact]
    public void Listeners_at_their_bound_turn_the_next_away()
    {
        var nothing = new HashSet<string> { "nothing" };
        var listeners = Enumerable.Range(0, EventBroadcast.MaxListeners).Select(_ => _events.Listen(nothing, "a")!).ToList();
        Assert.Null(_events.Listen(nothing, "a"));
        listeners[0].Dispose();
        Assert.NotNull(_events.Listen(nothing, "a"));
    }

    private static MarathonEvent Happened(string type, string json) => new(type, Encoding.UTF8.GetBytes(json));

    private static string Next(EventListener listener)
    {
        Assert.True(listener.Frames.TryRead(out var frame));
        return Encoding.UTF8.GetString(frame.Span);
    }
}
