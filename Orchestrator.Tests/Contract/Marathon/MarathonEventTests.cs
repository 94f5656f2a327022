using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Orchestrator.Core.Marathon;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Streaming;

namespace Orchestrator.Tests.Contract.Marathon;

/// <summary>The event stream as bytes on a connection.</summary>
[Trait("Category", "Contract")]
public sealed partial class MarathonEventTests : IAsyncLifetime
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
        Assert.Matches("^event: deployment_success\r\ndata: {\"id\":\"d\"}\r\nid: [0-9]+\r\n\r\n$", await NextAsync(raw));
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

        Assert.Matches("^event: a\r\ndata: {}\r\nid: [0-9]+\r\n\r\nevent: b\r\ndata: {}\r\nid: [0-9]+\r\n\r\n$", heard);
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
    [InlineData("Last-Event-ID: {0}\r\n", "/v2/events?event_type=x&lastEventId=1")]
    [InlineData("", "/v2/events?event_type=x&lastEventId={0}")]
    public async Task Stream_that_was_cut_goes_on_without_a_gap_and_without_hearing_anything_twice(string header, string path)
    {
        var heard = new List<int>();
        var last = "";
        var told = 0;
        for (var cut = 0; cut < 5; cut++)
        {
            // What happens while nobody listens counts as well.
            Tell(7);
            await using var raw = cut == 0 ? await OpenAsync("/v2/events?event_type=x") : await OpenAsync(string.Format(CultureInfo.InvariantCulture, path, last), string.Format(CultureInfo.InvariantCulture, header, last));
            Tell(3 + cut);
            var text = "";
            while (!text.EndsWith($"data: {{\"n\":{told}}}\r\nid: {last}\r\n\r\n", StringComparison.Ordinal))
            {
                text += await NextAsync(raw);
                last = Ids().Matches(text).LastOrDefault()?.Groups[1].Value ?? "";
            }

            heard.AddRange(Numbers().Matches(text).Select(number => int.Parse(number.Groups[1].Value, CultureInfo.InvariantCulture)));
        }

        Assert.Equal(Enumerable.Range(8, told - 7), heard);

        void Tell(int count)
        {
            for (; count > 0; count--)
            {
                _edge.Events.Publish(new MarathonEvent("x", Encoding.UTF8.GetBytes($"{{\"n\":{++told}}}")));
            }
        }
    }

    [Fact]
    public async Task Stream_that_asks_for_what_is_forgotten_is_told_so()
    {
        await using var raw = await OpenAsync("/v2/events?event_type=x&lastEventId=17");
        Assert.StartsWith("event: event_stream_gap\r\ndata: {\"lastEventId\":17,\"nextEventId\":", await NextAsync(raw), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Last_event_that_is_no_number_is_refused()
    {
        var (status, json, _) = await _edge.SendAsync("GET", "/v2/events?lastEventId=x", accept: "text/event-stream");
        Assert.Equal(400, status);
        Assert.StartsWith("The last event is 'x'; send the number of an 'id:' line", json.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_with_ids_names_apps_and_deployment()
    {
        await using var raw = await OpenAsync("/v2/events?event_type=x&embed=ids");
        _edge.Events.Publish(new MarathonEvent("x", """{"n":1}"""u8.ToArray()) { AppIds = ["/shop/web"], DeploymentId = "d-1" });
        Assert.Contains("""data: {"n":1,"appIds":["/shop/web"],"deploymentId":"d-1"}""", await NextAsync(raw), StringComparison.Ordinal);
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

    private async Task<RawHttp> OpenAsync(string path, string header = "")
    {
        var raw = await RawHttp.ConnectAsync(_edge.Address);
        await raw.SendAsync($"GET {path} HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\nAccept-Encoding: gzip\r\n{header}\r\n");
        var head = await raw.ReadHeadAsync();
        Assert.Equal(200, head.Status);
        Assert.Equal("text/event-stream", head.Headers["Content-Type"]);
        Assert.Equal("chunked", head.Headers["Transfer-Encoding"]);
        Assert.False(head.Headers.ContainsKey("Content-Encoding"));
        return raw;
    }

    private static async Task<string> NextAsync(RawHttp raw) => Encoding.UTF8.GetString(await raw.ReadChunkAsync());

    [GeneratedRegex("id: ([0-9]+)\r\n\r\n")]
    private static partial Regex Ids();

    [GeneratedRegex("data: {\"n\":([0-9]+)}")]
    private static partial Regex Numbers();
}
