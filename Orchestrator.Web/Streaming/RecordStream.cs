using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Channels;
using Google.Protobuf;
using Orchestrator.Core.Contract;

namespace Orchestrator.Web.Streaming;

/// <summary>
/// Keeps an answer open and writes events into it as records. What has gathered goes out in one write; a heartbeat follows
/// the event that says that the subscription stands, and then comes in a fixed rhythm whatever else is sent.
/// </summary>
/// <typeparam name="TEvent">The type of its events.</typeparam>
public sealed class RecordStream<TEvent>
    where TEvent : class, IMessage
{
    /// <summary>What the events of the v1 API announce as <c>heartbeat_interval_seconds</c>.</summary>
    public static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(15);

    /// <summary>A reader that takes nothing for this long is taken for gone, however full its buffers.</summary>
    public static readonly TimeSpan MaxStall = TimeSpan.FromSeconds(60);

    /// <summary>A scratch buffer that grew beyond this, in bytes, is not kept.</summary>
    private const int MaxKeptScratch = 256 * 1024;

    /// <summary>Bytes after which a batch is handed to the network, so that memory stays bounded.</summary>
    private const int FlushBytes = 64 * 1024;

    private readonly MessageFormat _format;
    private readonly byte[] _heartbeat;
    private readonly Func<TEvent, bool> _isSubscribed;
    private readonly TimeProvider _time;
    private ArrayBufferWriter<byte> _scratch = new();

    /// <summary>Prepares a stream.</summary>
    /// <param name="format">Encoding of the events.</param>
    /// <param name="heartbeat">The record of a heartbeat, encoded once for all.</param>
    /// <param name="isSubscribed">Whether an event starts the heartbeats.</param>
    /// <param name="time">The clock of the heartbeats.</param>
    public RecordStream(MessageFormat format, byte[] heartbeat, Func<TEvent, bool> isSubscribed, TimeProvider time)
    {
        _format = format;
        _heartbeat = heartbeat;
        _isSubscribed = isSubscribed;
        _time = time;
    }

    /// <summary>Writes until the events end, the reader goes away or <paramref name="cancellationToken"/> says so.</summary>
    /// <exception cref="TimeoutException">The reader takes nothing: the caller must break the connection.</exception>
    public async Task RunAsync(ChannelReader<TEvent> events, PipeWriter output, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(HeartbeatInterval, _time);
        Task<bool>? tick = null;
        var more = events.WaitToReadAsync(cancellationToken).AsTask();
        while (true)
        {
            if (tick is not null)
            {
                await Task.WhenAny(more, tick);
            }

            if (tick is null || more.IsCompleted)
            {
                if (!await more)
                {
                    return;
                }

                if (WriteBatch(events, output))
                {
                    tick ??= timer.WaitForNextTickAsync(cancellationToken).AsTask();
                }

                more = events.WaitToReadAsync(cancellationToken).AsTask();
            }

            if (tick is { IsCompleted: true })
            {
                output.Write(_heartbeat);
                tick = timer.WaitForNextTickAsync(cancellationToken).AsTask();
            }

            var flush = output.FlushAsync(cancellationToken);
            var flushed = flush.IsCompleted ? await flush : await flush.AsTask().WaitAsync(MaxStall, _time, cancellationToken);
            if (flushed.IsCompleted)
            {
                return;
            }
        }
    }

    /// <summary>Whether the subscription was among the events.</summary>
    private bool WriteBatch(ChannelReader<TEvent> events, PipeWriter output)
    {
        var subscribed = false;
        while (output.UnflushedBytes < FlushBytes && events.TryRead(out var next))
        {
            MessageCodec.WriteRecord(_format, output, next, _scratch);
            if (_isSubscribed(next))
            {
                output.Write(_heartbeat);
                subscribed = true;
            }
        }

        if (_scratch.Capacity > MaxKeptScratch)
        {
            _scratch = new ArrayBufferWriter<byte>();
        }

        return subscribed;
    }
}
