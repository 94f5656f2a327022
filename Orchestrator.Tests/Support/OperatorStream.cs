using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Orchestrator.Core.Contract.MasterApi;

namespace Orchestrator.Tests.Support;

/// <summary>A subscriber of the operators' event stream over plain HTTP, without any of the product's codecs.</summary>
internal sealed class OperatorStream : IAsyncDisposable
{
    private static readonly JsonFormatter s_formatter = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly CancellationTokenSource _deadline = new(Until.Patience);
    private HttpResponseMessage _response = null!;
    private Stream _events = null!;

    private OperatorStream(bool protobuf) => IsProtobuf = protobuf;

    /// <summary>Whether events come in protobuf, which Google's own library turns into JSON.</summary>
    internal bool IsProtobuf { get; }

    internal static async Task<OperatorStream> SubscribeAsync(Uri master, bool protobuf)
    {
        var stream = new OperatorStream(protobuf);
        var type = protobuf ? "application/x-protobuf" : "application/json";
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(master, "/api/v1"))
        {
            Content = new StringContent("""{"type":"SUBSCRIBE"}""", Encoding.UTF8) { Headers = { ContentType = new("application/json") } },
        };
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(type));
        stream._response = await stream._client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stream._deadline.Token);
        Assert.Equal((200, type), ((int)stream._response.StatusCode, stream._response.Content.Headers.ContentType!.ToString()));
        stream._events = await stream._response.Content.ReadAsStreamAsync(stream._deadline.Token);
        return stream;
    }

    /// <summary>The next event of a type in which a text is; others are passed over.</summary>
    internal async Task<JsonElement> NextAsync(string type, string text = "")
    {
        while (true)
        {
            var record = await WireRecords.ReadAsync(_events, _deadline.Token) ?? throw new InvalidOperationException($"The stream ended before {type}.");
            var json = IsProtobuf ? s_formatter.Format(Event.Parser.ParseFrom(record)) : Encoding.UTF8.GetString(record);
            var received = JsonDocument.Parse(json).RootElement;
            if (received.GetProperty("type").GetString() == type && json.Contains(text, StringComparison.Ordinal))
            {
                return received;
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        _response?.Dispose();
        _client.Dispose();
        _deadline.Dispose();
        return ValueTask.CompletedTask;
    }
}
