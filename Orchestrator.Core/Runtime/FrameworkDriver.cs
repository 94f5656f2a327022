using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Orchestrator.Core.Contract;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;

namespace Orchestrator.Core.Runtime;

/// <summary>
/// Keeps a framework subscribed: hands its events over in order, sends its calls in order, and subscribes again, with growing
/// pauses, whenever the stream ends.
/// </summary>
/// <param name="connection">To the master. It must hand calls over in the order of <c>SendAsync</c>, as the in-process one does.</param>
/// <param name="client">The framework.</param>
/// <param name="time">The clock of the pauses.</param>
/// <param name="logger">The log.</param>
public sealed partial class FrameworkDriver(ISchedulerConnection connection, IFrameworkClient client, TimeProvider time, ILogger logger)
{
    /// <summary>Most calls that may wait; beyond it the subscription is broken off, and the next one starts afresh.</summary>
    public const int MaxCalls = 131_072;

    /// <summary>First pause before subscribing again; it doubles up to <see cref="MaxPause"/>.</summary>
    public static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);

    /// <summary>Longest pause before subscribing again.</summary>
    public static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(15);

    /// <summary>Most calls under way at once.</summary>
    private const int MaxUnderWay = 256;

    private static readonly TimeSpan s_overloadPause = TimeSpan.FromMilliseconds(20);

    // Several writers never meet: only the loop's thread sends. One session at a time reads.
    private readonly Channel<Call> _calls = Channel.CreateBounded<Call>(new BoundedChannelOptions(MaxCalls) { SingleReader = true, SingleWriter = true });
    private CancellationTokenSource? _session;

    /// <summary>Queues a call; never blocks. Without a subscription it is forgotten.</summary>
    public void Send(Call call)
    {
        if (!_calls.Writer.TryWrite(call))
        {
            // A lost call would be worse than a lost subscription: the framework reconciles after it.
            LogOverflow();
            _ = Volatile.Read(ref _session)?.CancelAsync();
        }
    }

    /// <summary>Runs until <paramref name="cancellationToken"/> says so.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var pause = FirstPause;
        while (!cancellationToken.IsCancellationRequested)
        {
            var subscribed = await RunSessionAsync(cancellationToken);
            pause = subscribed ? FirstPause : pause;
            try
            {
                await Task.Delay(pause, time, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            pause = pause + pause < MaxPause ? pause + pause : MaxPause;
        }
    }

    /// <summary>One subscription from its call to its end; whether it stood.</summary>
    private async Task<bool> RunSessionAsync(CancellationToken cancellationToken)
    {
        using var session = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Volatile.Write(ref _session, session);
        Task? sending = null;
        try
        {
            var info = client.Describe();
            var subscribe = new Call { Type = Call.Types.Type.Subscribe, Subscribe = new Call.Types.Subscribe { FrameworkInfo = info }, FrameworkId = info.Id };
            await foreach (var received in connection.SubscribeAsync(subscribe, session.Token))
            {
                if (received.Type == Event.Types.Type.Subscribed)
                {
                    LogSubscribed(received.Subscribed.FrameworkId.Value);
                    sending ??= SendAllAsync(received.Subscribed.FrameworkId, session.Token);
                }

                await client.ReceiveAsync(received, session.Token);
            }
        }
        catch (OperationCanceledException) when (session.IsCancellationRequested)
        {
            // Stopping, or broken off by an overflow.
        }
        catch (SchedulerCallException error)
        {
            LogRefused(error.Status, error.Message);
        }
        catch (Exception error)
        {
            LogBroken(error.Message);
        }

        Volatile.Write(ref _session, null);
        await session.CancelAsync();
        if (sending is null)
        {
            return false;
        }

        await sending;
        await EndAsync(cancellationToken);
        return true;
    }

    /// <summary>Tells the framework, then forgets what it wanted sent before it knew.</summary>
    private async Task EndAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return;
        }

        try
        {
            LogEnded();
            await client.DisconnectedAsync(cancellationToken);
        }
        catch (Exception error) when (error is OperationCanceledException or EngineStoppedException)
        {
            return;
        }

        while (_calls.Reader.TryRead(out _))
        {
            // It belongs to the subscription that has ended.
        }
    }

    private async Task SendAllAsync(FrameworkID id, CancellationToken cancellationToken)
    {
        var underWay = new List<(Call Call, Task Sent)>();
        try
        {
            while (await _calls.Reader.WaitToReadAsync(cancellationToken))
            {
                while (underWay.Count < MaxUnderWay && _calls.Reader.TryRead(out var call))
                {
                    call.FrameworkId = id;
                    underWay.Add((call, await StartAsync(call, cancellationToken)));
                }

                foreach (var (call, sent) in underWay)
                {
                    await SettleAsync(call, sent);
                }

                underWay.Clear();
            }
        }
        catch (OperationCanceledException)
        {
            // The subscription has ended.
        }
    }

    /// <summary>Hands a call over; a master with a full queue is asked again, so that the order holds.</summary>
    private async Task<Task> StartAsync(Call call, CancellationToken cancellationToken)
    {
        while (true)
        {
            var sent = connection.SendAsync(call, cancellationToken).AsTask();
            if (sent.Exception?.InnerException is not EngineOverloadedException)
            {
                return sent;
            }

            await Task.Delay(s_overloadPause, time, cancellationToken);
        }
    }

    private async Task SettleAsync(Call call, Task sent)
    {
        try
        {
            await sent;
        }
        catch (SchedulerCallException error)
        {
            LogCallRefused(call.Type, error.Status, error.Message);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            LogCallFailed(call.Type, error.Message);
        }
    }

    [LoggerMessage(LogLevel.Information, "Subscribed at the master as framework {FrameworkId}.")]
    private partial void LogSubscribed(string frameworkId);

    [LoggerMessage(LogLevel.Information, "The subscription at the master has ended.")]
    private partial void LogEnded();

    [LoggerMessage(LogLevel.Warning, "The master refused the subscription with {Status}: {Reason}")]
    private partial void LogRefused(int status, string reason);

    [LoggerMessage(LogLevel.Warning, "The subscription at the master broke: {Reason}")]
    private partial void LogBroken(string reason);

    [LoggerMessage(LogLevel.Warning, "The master refused {Call} with {Status}: {Reason}")]
    private partial void LogCallRefused(Call.Types.Type call, int status, string reason);

    [LoggerMessage(LogLevel.Warning, "{Call} could not be sent to the master: {Reason}")]
    private partial void LogCallFailed(Call.Types.Type call, string reason);

    [LoggerMessage(LogLevel.Error, "More calls wait for the master than can be kept; the subscription is broken off.")]
    private partial void LogOverflow();
}
