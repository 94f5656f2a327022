using System.Globalization;
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
        using var listener = _events.Listen(EventInterest.All, "10.0.0.1")!;
        _events.Publish(Happened("status_update_event", """{"taskId":"t"}"""));
        Assert.Equal("event: event_stream_attached\r\ndata: {\"remoteAddress\":\"10.0.0.1\",\"eventType\":\"event_stream_attached\",\"timestamp\":\"2026-01-01T00:00:00.000Z\"}\r\nid: 1767225600000000\r\n\r\n", Next(listener));
        Assert.Equal("event: status_update_event\r\ndata: {\"taskId\":\"t\"}\r\nid: 1767225600000001\r\n\r\n", Next(listener));
    }

    [Fact]
    public void Listener_with_types_hears_those_only()
    {
        using var listener = _events.Listen(new EventInterest(new HashSet<string> { "wanted" }), "a")!;
        _events.Publish(Happened("other", "{}"));
        _events.Publish(Happened("wanted", "{}"));
        Assert.StartsWith("event: wanted\r\n", Next(listener), StringComparison.Ordinal);
        Assert.False(listener.Frames.TryRead(out _));
    }

    [Fact]
    public void Listeners_to_one_event_share_its_bytes()
    {
        using var first = _events.Listen(new EventInterest(new HashSet<string> { "x" }), "a")!;
        using var second = _events.Listen(new EventInterest(new HashSet<string> { "x" }), "b")!;
        _events.Publish(Happened("x", "{}"));
        Assert.True(first.Frames.TryRead(out var one));
        Assert.True(second.Frames.TryRead(out var two));
        Assert.Equal(one, two);
    }

    [Fact]
    public void Listener_that_is_slow_is_cut_off_and_others_go_on()
    {
        using var slow = _events.Listen(new EventInterest(new HashSet<string> { "x" }), "a")!;
        using var quick = _events.Listen(new EventInterest(new HashSet<string> { "x" }), "b")!;
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
        var leaving = _events.Listen(EventInterest.All, "10.0.0.2")!;
        using var staying = _events.Listen(new EventInterest(new HashSet<string> { "event_stream_detached" }), "b")!;
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
        var listeners = Enumerable.Range(0, EventBroadcast.MaxListeners).Select(_ => _events.Listen(new EventInterest(nothing), "a")!).ToList();
        Assert.Null(_events.Listen(new EventInterest(nothing), "a"));
        listeners[0].Dispose();
        Assert.NotNull(_events.Listen(new EventInterest(nothing), "a"));
    }

    [Fact]
    public void Listener_that_comes_back_hears_what_it_missed_in_order_and_then_what_happens()
    {
        long last;
        using (var first = _events.Listen(EventInterest.All, "a")!)
        {
            _events.Publish(Happened("x", """{"n":1}"""));
            last = NumberOf(All(first)[^1])!.Value;
        }

        _events.Publish(Happened("x", """{"n":2}"""));
        _events.Publish(Happened("x", """{"n":3}"""));
        using var again = _events.Listen(new EventInterest(LastNumber: last), "a")!;
        _events.Publish(Happened("x", """{"n":4}"""));

        var heard = All(again);
        Assert.Equal(["event_stream_attached", "event_stream_detached", "x", "x", "x"], heard.Select(TypeOf));

        // The number between is that of its own attachment, which it has heard without one.
        Assert.Equal([null, last + 1, last + 2, last + 3, last + 5], heard.Select(NumberOf));
    }

    [Fact]
    public void Listener_with_types_that_comes_back_hears_those_only()
    {
        _events.Publish(Happened("x", "{}"));
        _events.Publish(Happened("y", "{}"));
        using var again = _events.Listen(new EventInterest(new HashSet<string> { "x" }, First - 1), "a")!;
        _events.Publish(Happened("y", "{}"));
        _events.Publish(Happened("x", "{}"));

        Assert.Equal([("x", First), ("x", First + 4)], All(again).Select(frame => (TypeOf(frame), NumberOf(frame)!.Value)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(long.MaxValue)]
    public void Listener_whose_last_event_is_unknown_is_told_of_the_gap_whatever_it_wants(long last)
    {
        _events.Publish(Happened("x", "{}"));
        using var again = _events.Listen(new EventInterest(new HashSet<string> { "x" }, last), "a")!;

        var heard = All(again);
        Assert.Equal([EventBroadcast.GapType, "x"], heard.Select(TypeOf));
        Assert.Contains($"\"lastEventId\":{last},\"nextEventId\":{First}", heard[0], StringComparison.Ordinal);
        Assert.Null(NumberOf(heard[0]));
    }

    [Fact]
    public void Numbers_of_a_later_start_are_greater()
    {
        _events.Publish(Happened("x", "{}"));
        var later = new ManualTimeProvider();
        later.Advance(TimeSpan.FromMilliseconds(1));
        var next = new EventBroadcast(later);
        next.Publish(Happened("y", "{}"));
        using var again = next.Listen(new EventInterest(new HashSet<string> { "y" }, First), "a")!;

        Assert.Equal([EventBroadcast.GapType, "y"], All(again).Select(TypeOf));
        Assert.True(NumberOf(All(next.Listen(new EventInterest(new HashSet<string> { "y" }, 0), "a")!)[^1]) > First);
    }

    [Fact]
    public void History_forgets_the_oldest_by_count_and_by_bytes()
    {
        for (var i = 0; i < EventHistory.MaxEvents + 5; i++)
        {
            _events.Publish(Happened("x", "{}"));
        }

        using (var listener = _events.Listen(new EventInterest(new HashSet<string> { "x" }, First + 4), "a")!)
        {
            Assert.Equal(EventHistory.MaxEvents, All(listener).Count);
        }

        _events.Publish(Happened("x", new string(' ', EventHistory.MaxBytes) + "{}"));
        using var late = _events.Listen(new EventInterest(new HashSet<string> { "x" }, First + 100), "a")!;
        Assert.Equal([EventBroadcast.GapType], All(late).Select(TypeOf));
    }

    [Theory]
    [InlineData("{}", "{\"appIds\":[\"/a\"],\"deploymentId\":\"d\"}")]
    [InlineData("{\"n\":1}", "{\"n\":1,\"appIds\":[\"/a\"],\"deploymentId\":\"d\"}")]
    public void Listener_that_asks_for_ids_gets_them_and_nobody_else(string data, string expected)
    {
        using var plain = _events.Listen(new EventInterest(new HashSet<string> { "x" }), "a")!;
        using var asking = _events.Listen(new EventInterest(new HashSet<string> { "x" }, null, true), "a")!;
        _events.Publish(Happened("x", data) with { AppIds = ["/a"], DeploymentId = "d" });

        Assert.Contains($"data: {data}\r\n", Next(plain), StringComparison.Ordinal);
        Assert.Contains($"data: {expected}\r\n", Next(asking), StringComparison.Ordinal);
    }

    /// <summary>The number of the first event on the clock of these tests.</summary>
    private const long First = 1_767_225_600_000_000;

    private static List<string> All(EventListener listener)
    {
        var frames = listener.Backlog.Select(frame => Encoding.UTF8.GetString(frame.Span)).ToList();
        while (listener.Frames.TryRead(out var frame))
        {
            frames.Add(Encoding.UTF8.GetString(frame.Span));
        }

        return frames;
    }

    private static string TypeOf(string frame) => frame.Split("\r\n")[0]["event: ".Length..];

    private static long? NumberOf(string frame) => frame.Split("\r\n").FirstOrDefault(line => line.StartsWith("id: ", StringComparison.Ordinal)) is { } line ? long.Parse(line["id: ".Length..], CultureInfo.InvariantCulture) : null;

    private static MarathonEvent Happened(string type, string json) => new(type, Encoding.UTF8.GetBytes(json));

    private static string Next(EventListener listener)
    {
        Assert.True(listener.Frames.TryRead(out var frame));
        return Encoding.UTF8.GetString(frame.Span);
    }
}
