using System.Text;
using Orchestrator.Core.Marathon;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Streaming;

namespace Orchestrator.Tests.Contract.Marathon;

/// <summary>The event stream as bytes on a connection.</summary>
[Trait("Category", "Contract")]
public sealed class MarathonEventTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _time = new();
    private MarathonEdge _edge = null!;

    public async ValueTask InitializeAsync() => _edge = await MarathonEdge.StartAsync(ServiceSnapshots.Busy, _time);

    public ValueTask DisposeAsync() => _edge.DisposeAsync();

    [Fact]
    public async Task Stream_begins_with_its_own_attachment_and_then_carries_events_unbuffered()
    {
        await using var raw = await OpenAsync("/v2/events?plan-format=light");
        Assert.StartsWith("event: event_stream_attached\r\ndata: {\"remoteAddress\":\"", await NextAsync(raw), StringComparison.Ordinal);
        _edge.Events.Publish(new MarathonEvent("deployment_success", """{"id":"d"}"""u8.ToArray()));
        Assert.Equal("event: deployment_success\r\ndata: {\"id\":\"d\"}\r\n\r\n", await NextAsync(raw));
        _time.Advance(EventWriter.KeepAliveInterval);
        Assert.Equal("\r\n", await NextAsync(raw));
    }

    [Fact]
    public async Task Stream_of_some_types_carries_only_those()
    {
        await using var raw = await OpenAsync("/v2/events?event_type=a&event_type=b");
        foreach (var type in new[] { "c", "a", "b" })
        {
            _edge.Events.Publish(new MarathonEvent(type, "{}"u8.ToArray()));
        }

        var heard = "";
        while (!heard.Contains("event: b", StringComparison.Ordinal))
        {
            heard += await NextAsync(raw);
        }

        Assert.Equal("event: a\r\ndata: {}\r\n\r\nevent: b\r\ndata: {}\r\n\r\n", heard);
    }

    [Fact]
    public async Task Stream_that_is_left_is_forgotten_and_the_others_hear_of_it()
    {
        await using var staying = await OpenAsync("/v2/events?event_type=event_stream_detached");
        await using (await OpenAsync("/v2/events"))
        {
            Assert.Equal(2, _edge.Events.Count);
        }

        Assert.StartsWith("event: event_stream_detached\r\n", await NextAsync(staying), StringComparison.Ordinal);
        Assert.Equal(1, _edge.Events.Count);
    }

    [Theory]
    [InlineData("*/*")]
    [InlineData("application/json")]
    public async Task Stream_for_who_does_not_ask_for_one_is_405(string accept)
    {
        var (status, json, _) = await _edge.SendAsync("GET", "/v2/events", accept: accept);
        Assert.Equal(405, status);
        Assert.Contains("text/event-stream", json.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private async Task<RawHttp> OpenAsync(string path)
    {
        var raw = await RawHttp.ConnectAsync(_edge.Address);
        await raw.SendAsync($"GET {path} HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\nAccept-Encoding: gzip\r\n\r\n");
        var head = await raw.ReadHeadAsync();
        Assert.Equal(200, head.Status);
        Assert.Equal("text/event-stream", head.Headers["Content-Type"]);
        Assert.Equal("chunked", head.Headers["Transfer-Encoding"]);
        Assert.False(head.Headers.ContainsKey("Content-Encoding"));
        return raw;
    }

    private static async Task<string> NextAsync(RawHttp raw) => Encoding.UTF8.GetString(await raw.ReadChunkAsync());
}
