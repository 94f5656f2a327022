using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Orchestrator.Core.Contract;
using Orchestrator.Core.Contract.RecordIO;
using Orchestrator.Core.Contract.SchedulerApi;

namespace Orchestrator.Core.Runtime;

/// <summary>
/// <see cref="ISchedulerConnection"/> over HTTP: one request whose answer is the stream of events, and one request for each
/// other call. It does not dial again by itself: when the events end, the caller subscribes again.
/// </summary>
public sealed class HttpSchedulerConnection : ISchedulerConnection
{
    private const string StreamIdHeader = "Mesos-Stream-Id";

    /// <summary>Longest error text that is read, in bytes.</summary>
    private const int MaxErrorBytes = 64 * 1024;

    /// <summary>A master sends a heartbeat every 15 s; after this long without anything the stream counts as broken.</summary>
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(75);

    private readonly HttpClient _client;
    private readonly Uri _endpoint;
    private readonly MessageFormat _format;
    private readonly MediaTypeHeaderValue _contentType;
    private readonly TimeProvider _time;
    private volatile string? _streamId;

    /// <summary>Prepares a connection; nothing is sent yet.</summary>
    /// <param name="client">
    /// Sends the requests and carries the credentials, if any. Its timeout must be infinite, for the stream never ends; it
    /// stays the caller's.
    /// </param>
    /// <param name="master">For example <c>http://127.0.0.1:5050</c>.</param>
    /// <param name="format">The encoding to speak.</param>
    /// <param name="time">The clock that tells when the stream has been silent for too long.</param>
    public HttpSchedulerConnection(HttpClient client, Uri master, MessageFormat format, TimeProvider time)
    {
        _client = client;
        _endpoint = new Uri(master, "/api/v1/scheduler");
        _format = format;
        _contentType = new MediaTypeHeaderValue(MessageCodec.MediaType(format));
        _time = time;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Event> SubscribeAsync(Call subscribe, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = Request(subscribe);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(MessageCodec.MediaType(_format)));
        using var response = await SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        var streamId = response.Headers.TryGetValues(StreamIdHeader, out var values) ? values.First() : null;
        _streamId = streamId;
        try
        {
            var body = PipeReader.Create(await response.Content.ReadAsStreamAsync(cancellationToken));
            await foreach (var read in ReadAsync(body, cancellationToken))
            {
                yield return read;
            }
        }
        finally
        {
            Interlocked.CompareExchange(ref _streamId, null, streamId);
        }
    }

    /// <inheritdoc/>
    public async ValueTask SendAsync(Call call, CancellationToken cancellationToken)
    {
        using var request = Request(call);
        if (_streamId is { } streamId)
        {
            request.Headers.Add(StreamIdHeader, streamId);
        }

        using var response = await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
    }

    /// <summary>Nothing of its own to free: streams end with their enumeration, the client is the caller's.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async IAsyncEnumerable<Event> ReadAsync(PipeReader body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var decoder = new RecordDecoder();
        using var silence = new CancellationTokenSource(s_silence, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        while (await NextAsync(body, either.Token, cancellationToken) is { } read)
        {
            silence.CancelAfter(s_silence);
            var buffer = read.Buffer;
            while (decoder.TryRead(ref buffer, out var record))
            {
                yield return MessageCodec.Parse<Event>(_format, record);
            }

            body.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
            {
                yield break;
            }
        }
    }

    /// <summary>The next bytes; null when the connection broke or fell silent, which ends the stream like a close does.</summary>
    private static async ValueTask<ReadResult?> NextAsync(PipeReader body, CancellationToken either, CancellationToken cancellationToken)
    {
        try
        {
            return await body.ReadAsync(either);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private HttpRequestMessage Request(Call call)
    {
        var output = new ArrayBufferWriter<byte>(512);
        MessageCodec.Write(_format, output, call);
        var content = new ReadOnlyMemoryContent(output.WrittenMemory);
        content.Headers.ContentType = _contentType;
        return new HttpRequestMessage(HttpMethod.Post, _endpoint) { Content = content };
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, HttpCompletionOption option, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await _client.SendAsync(request, option, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            throw new SchedulerCallException((int)HttpStatusCode.ServiceUnavailable, $"No master answers at {_endpoint}: {e.Message}");
        }

        if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Accepted)
        {
            return response;
        }

        using (response)
        {
            throw new SchedulerCallException((int)response.StatusCode, await ReadErrorAsync(response, cancellationToken));
        }
    }

    private static async Task<string> ReadErrorAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[MaxErrorBytes];
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        var text = System.Text.Encoding.UTF8.GetString(buffer, 0, length);
        return text.Length > 0 ? text : $"The master answered {(int)response.StatusCode} {response.ReasonPhrase}";
    }
}
