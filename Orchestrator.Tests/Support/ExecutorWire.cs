using System.Net.Http.Headers;
using Google.Protobuf;
using Orchestrator.Core.Contract;
using Orchestrator.Core.Contract.ExecutorApi;

namespace Orchestrator.Tests.Support;

/// <summary>An executor on the wire in either encoding: its stream, and calls on connections of their own.</summary>
internal sealed class ExecutorWire : IAsyncDisposable
{
    private readonly HttpClient _client;
    private readonly MessageFormat _format;
    private readonly HttpResponseMessage _response;
    private readonly Stream _stream;

    private ExecutorWire(HttpClient client, MessageFormat format, HttpResponseMessage response, Stream stream)
    {
        _client = client;
        _format = format;
        _response = response;
        _stream = stream;
    }

    internal static async Task<ExecutorWire> SubscribeAsync(Uri agent, MessageFormat format, CancellationToken cancellationToken)
    {
        var client = new HttpClient { BaseAddress = agent };
        var call = AgentEngineHarness.CallOf(Call.Types.Type.Subscribe, subscribe => subscribe.Subscribe = new Call.Types.Subscribe());
        using var request = Request(format, call, "/slave(1)/api/v1/executor");
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(MessageCodec.MediaType(format), response.Content.Headers.ContentType!.ToString());
        Assert.True(response.Headers.TransferEncodingChunked);
        return new ExecutorWire(client, format, response, await response.Content.ReadAsStreamAsync(cancellationToken));
    }

    /// <summary>The next event; null at the end of the stream.</summary>
    internal async Task<Event?> NextAsync(CancellationToken cancellationToken) =>
        await WireRecords.ReadAsync(_stream, cancellationToken) is { } record ? MessageCodec.Parse<Event>(_format, new System.Buffers.ReadOnlySequence<byte>(record)) : null;

    /// <summary>Status and body of the answer.</summary>
    internal async Task<(int Status, string Body)> CallAsync(Call call, CancellationToken cancellationToken)
    {
        using var request = Request(_format, call, "/api/v1/executor");
        using var response = await _client.SendAsync(request, cancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
    }

    public ValueTask DisposeAsync()
    {
        _stream.Dispose();
        _response.Dispose();
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private static HttpRequestMessage Request(MessageFormat format, IMessage call, string path)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        MessageCodec.Write(format, output, call);
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(output.WrittenSpan.ToArray()) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(MessageCodec.MediaType(format));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(MessageCodec.MediaType(format)));
        return request;
    }
}
