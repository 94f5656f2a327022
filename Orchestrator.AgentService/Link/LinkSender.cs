using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using Orchestrator.Core.Contract;
using Orchestrator.Core.Contract.Link;

namespace Orchestrator.AgentService.Link;

/// <summary>
/// Sends calls on one link in order, one batch at a time; what gathers meanwhile goes out together. Usage reports replace
/// older ones that have not left.
/// </summary>
#pragma warning disable CA1001 // _stop has no timer and no handle; the pump may look at it after Stop.
internal sealed class LinkSender(Uri address, string stream, AuthenticationHeaderValue? credential, HttpClient client, TimeProvider time, Action fail)
{
    /// <summary>More waiting calls than this break the link; after the next registration the heads of the update streams come again.</summary>
    internal const int MaxWaiting = 20_000;

    private const int MaxBatch = 1000;
    private const int MaxBusyAnswers = 20;
    private static readonly TimeSpan s_batchTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_busyPause = TimeSpan.FromMilliseconds(250);
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Queue<AgentCall> _waiting = new();
    private AgentCall? _usage;
    private Task _pump = Task.CompletedTask;
    private bool _pumping;

    /// <summary>Why it broke; null while it works.</summary>
    internal string? Failure { get; private set; }

    internal static ByteArrayContent Body(IEnumerable<AgentCall> calls)
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var call in calls)
        {
            MessageCodec.WriteRecord(MessageFormat.Protobuf, output, call);
        }

        return new ByteArrayContent(output.WrittenSpan.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue(MessageCodec.ProtobufMediaType) } };
    }

    internal void Enqueue(AgentCall call)
    {
        lock (_lock)
        {
            if (_stop.IsCancellationRequested || Failure is not null)
            {
                return;
            }

            if (call.Usage is not null)
            {
                _usage = call;
            }
            else
            {
                _waiting.Enqueue(call);
            }

            if (_waiting.Count > MaxWaiting)
            {
                Break($"more than {MaxWaiting} calls wait for the master");
            }
            else if (!_pumping)
            {
                _pumping = true;
                _pump = Task.Run(PumpAsync);
            }
        }
    }

    internal Task FlushAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _pump.WaitAsync(cancellationToken);
        }
    }

    internal void Stop()
    {
        _stop.Cancel();
    }

    private void Break(string reason)
    {
        Failure ??= reason;
        fail();
    }

    private async Task PumpAsync()
    {
        try
        {
            while (TakeBatch() is { } batch)
            {
                await SendAsync(batch);
            }
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or LinkException)
        {
            if (!_stop.IsCancellationRequested)
            {
                Break(e is OperationCanceledException ? "the master took too long to accept calls" : e.Message);
            }
        }
    }

    private List<AgentCall>? TakeBatch()
    {
        lock (_lock)
        {
            var batch = new List<AgentCall>();
            while (batch.Count < MaxBatch && _waiting.TryDequeue(out var call))
            {
                batch.Add(call);
            }

            if (_usage is not null)
            {
                batch.Add(_usage);
                _usage = null;
            }

            _pumping = batch.Count > 0;
            return _pumping ? batch : null;
        }
    }

    private async Task SendAsync(List<AgentCall> batch)
    {
        for (var busy = 0; ; busy++)
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            timeout.CancelAfter(s_batchTimeout);
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = Body(batch) };
            request.Headers.Authorization = credential;
            request.Headers.Add("Orchestrator-Stream-Id", stream);
            using var response = await client.SendAsync(request, timeout.Token);
            if (response.IsSuccessStatusCode)
            {
                return;
            }

            if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable) || busy >= MaxBusyAnswers)
            {
                throw new LinkException($"the master answered a batch of calls with {(int)response.StatusCode}");
            }

            await Task.Delay(s_busyPause, time, _stop.Token);
        }
    }
}
