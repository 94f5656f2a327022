using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Orchestrator.Core.Contract.SchedulerApi;

namespace Orchestrator.Tests.Support;

/// <summary>
/// A framework by the letter of the scheduler API over plain HTTP. It writes and reads JSON, or protobuf that Google's own
/// library turns into JSON, so nothing of the product's codecs is in it.
/// </summary>
internal sealed class WireFramework(Uri master, bool protobuf, string path = "/api/v1/scheduler", TimeSpan? patience = null) : IAsyncDisposable
{
    private static readonly JsonFormatter s_formatter = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly CancellationTokenSource _deadline = new(patience ?? TimeSpan.FromSeconds(30));
    private HttpResponseMessage? _response;
    private Stream? _events;

    /// <summary>The Mesos-Stream-Id of the subscription; a test may set another one.</summary>
    public string StreamId { get; set; } = "";

    /// <summary>Subscribes; the answer must be a stream in the encoding that was asked for.</summary>
    public async Task SubscribeAsync(string json)
    {
        using var request = Request(json);
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(protobuf ? "application/x-protobuf" : "application/json"));
        _response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _deadline.Token);
        Assert.Equal(200, (int)_response.StatusCode);
        Assert.Equal(protobuf ? "application/x-protobuf" : "application/json", _response.Content.Headers.ContentType!.ToString());
        StreamId = _response.Headers.GetValues("Mesos-Stream-Id").Single();
        _events = await _response.Content.ReadAsStreamAsync(_deadline.Token);
    }

    /// <summary>The next event whatever it is; null at the end of the stream.</summary>
    public async Task<JsonElement?> NextAsync()
    {
        var record = await WireRecords.ReadAsync(_events!, _deadline.Token);
        if (record is null)
        {
            return null;
        }

        var text = protobuf ? s_formatter.Format(Event.Parser.ParseFrom(record)) : Encoding.UTF8.GetString(record);
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>The next event of a type; heartbeats and others are passed over.</summary>
    public async Task<JsonElement> NextAsync(string type)
    {
        while (true)
        {
            var received = await NextAsync() ?? throw new InvalidOperationException($"The stream ended before {type}.");
            if (received.GetProperty("type").GetString() == type)
            {
                return received.GetProperty(type.ToLowerInvariant());
            }
        }
    }

    /// <summary>Sends any other call.</summary>
    public async Task<(int Status, string Text)> CallAsync(string json)
    {
        using var request = Request(json);
        request.Headers.Add("mesos-stream-id", StreamId);
        using var answer = await _client.SendAsync(request, _deadline.Token);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    public ValueTask DisposeAsync()
    {
        _response?.Dispose();
        _client.Dispose();
        _deadline.Dispose();
        return ValueTask.CompletedTask;
    }

    private HttpRequestMessage Request(string json)
    {
        var body = protobuf ? JsonParser.Default.Parse<Call>(json).ToByteArray() : Encoding.UTF8.GetBytes(json);
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(protobuf ? "application/x-protobuf" : "application/json");
        return new HttpRequestMessage(HttpMethod.Post, new Uri(master, path)) { Content = content };
    }
}
