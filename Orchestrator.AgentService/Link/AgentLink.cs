using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using Orchestrator.Core.Agent;
using Orchestrator.Core.Contract;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.RecordIO;

namespace Orchestrator.AgentService.Link;

/// <summary>
/// Keeps the agent registered: dials a master, hands its events to the engine, sends the engine's calls, and dials again
/// when the link breaks or falls silent. Addresses are tried in turn; a redirect to the leader is followed.
/// </summary>
/// <param name="options">Where and how.</param>
/// <param name="loop">Ask for the registration, tell the events.</param>
/// <param name="time">The clock for pauses and silence.</param>
/// <param name="logger">Says when the link comes and goes.</param>
public sealed partial class AgentLink(LinkOptions options, IAgentLoop loop, TimeProvider time, ILogger<AgentLink> logger) : IDisposable
{
    private const string Path = "api/v1/agent-link";
    private const string StreamHeader = "Orchestrator-Stream-Id";
    private const int MaxRedirects = 5;
    private const int MaxErrorText = 1024;

    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        UseCookies = false,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private volatile LinkSender? _sender;

    /// <summary>The master that the agent is linked with; null while there is none.</summary>
    public Uri? Master { get; private set; }

    /// <summary>Queues a call on the link that stands; without one it is dropped, and told anew after the next registration.</summary>
    public void Send(AgentCall call) => _sender?.Enqueue(call);

    /// <summary>Waits until everything queued has reached the master, or the link broke.</summary>
    public Task FlushAsync(CancellationToken cancellationToken) => _sender?.FlushAsync(cancellationToken) ?? Task.CompletedTask;

    /// <summary>Dials until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var pause = options.FirstPause;
        for (var attempt = 0; !cancellationToken.IsCancellationRequested; attempt++)
        {
            var master = options.Masters[attempt % options.Masters.Count];
            var registered = false;
            try
            {
                registered = await ServeAsync(master, cancellationToken);
                LogClosed(logger, master);
            }
            catch (LinkException e)
            {
                registered = e.WasRegistered;
                LogBroken(logger, master, e.Message);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            pause = registered ? options.FirstPause : TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, options.MaxPause.Ticks));
            // Not secret: it only keeps a thousand agents from dialling in step.
            await Task.Delay(pause * (0.5 + (Random.Shared.NextDouble() / 2)), time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <summary>One link from dialling to its end; whether the agent was registered on it.</summary>
    private async Task<bool> ServeAsync(Uri master, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var registered = false;
        LinkSender? sender = null;
        try
        {
            var reply = await loop.AskAsync(new AgentCommand.PrepareSubscribe(), cancellationToken);
            using var answering = CancellationTokenSource.CreateLinkedTokenSource(ending.Token);
            answering.CancelAfter(options.AnswerTimeout);
            var (response, leader) = await DialAsync(master, reply.Subscribe!, answering.Token);
            using (response)
            {
                var stream = response.Headers.TryGetValues(StreamHeader, out var values) ? values.First() : throw new LinkException($"the answer of {leader} has no {StreamHeader} header: is it an Orchestrator master?");
                sender = new LinkSender(new Uri(leader, Path), stream, options.Credential, _client, time, () => ending.Cancel());
                _sender = sender;
                Master = leader;
                await foreach (var e in ReadAsync(response, ending.Token))
                {
                    registered |= await HandleAsync(e, leader, sender, cancellationToken);
                }
            }

            return registered;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or MessageFormatException or Google.Protobuf.InvalidProtocolBufferException)
        {
            throw new LinkException(e.Message, registered);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LinkException(sender?.Failure ?? (registered ? "the master fell silent" : $"no answer within {options.AnswerTimeout.TotalSeconds:0} s"), registered);
        }
        finally
        {
            _sender = null;
            Master = null;
            sender?.Stop();
            await loop.TellAsync(new AgentCommand.LinkLost(), CancellationToken.None);
        }
    }

    private async Task<bool> HandleAsync(AgentEvent e, Uri leader, LinkSender sender, CancellationToken cancellationToken)
    {
        switch (e.EventCase)
        {
            case AgentEvent.EventOneofCase.Ping:
                sender.Enqueue(new AgentCall { Pong = new AgentCall.Types.Pong() });
                return false;
            case AgentEvent.EventOneofCase.None:
                // An event of a newer master.
                return false;
            default:
                await loop.TellAsync(new AgentCommand.Receive(e), cancellationToken);
                if (e.Subscribed is { } subscribed)
                {
                    LogRegistered(logger, leader, subscribed.AgentId.Value);
                    return true;
                }

                return false;
        }
    }

    private async Task<(HttpResponseMessage Response, Uri Leader)> DialAsync(Uri master, AgentCall subscribe, CancellationToken cancellationToken)
    {
        for (var hop = 0; hop < MaxRedirects; hop++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(master, Path)) { Content = LinkSender.Body([subscribe]) };
            request.Headers.Authorization = options.Credential;
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(MessageCodec.ProtobufMediaType));
            var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                return (response, master);
            }

            using (response)
            {
                if (response.StatusCode == HttpStatusCode.TemporaryRedirect && response.Headers.Location is { } location)
                {
                    var target = new Uri(master, location);
                    if (master.Scheme == "https" && target.Scheme != "https")
                    {
                        throw new LinkException($"{master} redirects to {target}, which is not encrypted; that is not followed");
                    }

                    master = new Uri(target.GetLeftPart(UriPartial.Authority) + "/");
                    continue;
                }

                throw new LinkException(await DescribeAsync(response, cancellationToken));
            }
        }

        throw new LinkException($"more than {MaxRedirects} redirects: the masters do not agree on a leader");
    }

    private async Task<string> DescribeAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        text = text.Length > MaxErrorText ? text[..MaxErrorText] : text;
        var hint = response.StatusCode switch
        {
            HttpStatusCode.Unauthorized when options.Credential is null => " The master wants authentication: name a file with principal and secret in --credential.",
            HttpStatusCode.Unauthorized => " The master does not accept the principal and secret of --credential.",
            HttpStatusCode.NotFound => " Is it an Orchestrator master?",
            _ => "",
        };
        return $"it answered {(int)response.StatusCode} {response.ReasonPhrase}. {text}{hint}";
    }

    private async IAsyncEnumerable<AgentEvent> ReadAsync(HttpResponseMessage response, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var patience = options.AnswerTimeout;
        var reader = PipeReader.Create(await response.Content.ReadAsStreamAsync(silence.Token));
        var decoder = new RecordDecoder(64 * 1024 * 1024);
        try
        {
            while (true)
            {
                silence.CancelAfter(patience);
                var read = await reader.ReadAsync(silence.Token);
                silence.CancelAfter(Timeout.Infinite);
                var buffer = read.Buffer;
                while (decoder.TryRead(ref buffer, out var record))
                {
                    var e = AgentEvent.Parser.ParseFrom(record);
                    if (e.Subscribed is { SilenceTimeoutSeconds: > 0 } subscribed)
                    {
                        patience = TimeSpan.FromSeconds(Math.Min(subscribed.SilenceTimeoutSeconds, 3600));
                    }

                    yield return e;
                }

                reader.AdvanceTo(buffer.Start, buffer.End);
                if (read.IsCompleted)
                {
                    yield break;
                }
            }
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Registered with {Master} as {AgentId}")]
    private static partial void LogRegistered(ILogger logger, Uri master, string agentId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The link with {Master} was closed by the master; dialling again")]
    private static partial void LogClosed(ILogger logger, Uri master);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No link with {Master}: {Reason}. Dialling again")]
    private static partial void LogBroken(ILogger logger, Uri master, string reason);
}
