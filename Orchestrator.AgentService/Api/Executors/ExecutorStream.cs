using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Channels;
using Orchestrator.Core.Contract;
using Orchestrator.Core.Contract.ExecutorApi;

namespace Orchestrator.AgentService.Api.Executors;

/// <summary>Writes the events of one executor as records. What has gathered goes out in one write.</summary>
internal static class ExecutorStream
{
    /// <summary>Source: Mesos; the first one comes after it too.</summary>
    internal static readonly TimeSpan HeartbeatInterval = TimeSpan.FromMinutes(30);

    /// <summary>A reader that takes nothing for this long is taken for gone.</summary>
    internal static readonly TimeSpan MaxStall = TimeSpan.FromSeconds(60);

    /// <summary>Bytes after which a batch is handed to the network, so that memory stays bounded.</summary>
    private const int FlushBytes = 64 * 1024;

    private static readonly Event s_heartbeat = new() { Type = Event.Types.Type.Heartbeat };

    /// <summary>Writes until the events end, the reader goes away or the token says so.</summary>
    /// <exception cref="TimeoutException">The reader takes nothing: the caller must break the connection.</exception>
    internal static async Task WriteAsync(ChannelReader<Event> events, PipeWriter output, MessageFormat format, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(HeartbeatInterval, time);
        var scratch = new ArrayBufferWriter<byte>();
        var tick = timer.WaitForNextTickAsync(cancellationToken).AsTask();
        var more = events.WaitToReadAsync(cancellationToken).AsTask();
        while (true)
        {
            await Task.WhenAny(more, tick);
            if (more.IsCompleted)
            {
                if (!await more)
                {
                    return;
                }

                while (output.UnflushedBytes < FlushBytes && events.TryRead(out var next))
                {
                    MessageCodec.WriteRecord(format, output, next, scratch);
                }

                more = events.WaitToReadAsync(cancellationToken).AsTask();
            }

            if (tick.IsCompleted)
            {
                MessageCodec.WriteRecord(format, output, s_heartbeat, scratch);
                tick = timer.WaitForNextTickAsync(cancellationToken).AsTask();
            }

            var flush = output.FlushAsync(cancellationToken);
            var flushed = flush.IsCompleted ? await flush : await flush.AsTask().WaitAsync(MaxStall, time, cancellationToken);
            if (flushed.IsCompleted)
            {
                return;
            }
        }
    }
}
