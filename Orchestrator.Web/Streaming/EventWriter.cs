using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Channels;

namespace Orchestrator.Web.Streaming;

/// <summary>Keeps an answer open and writes the frames of a listener into it, and an empty line in quiet times.</summary>
/// <param name="time">The clock of the empty lines.</param>
public sealed class EventWriter(TimeProvider time)
{
    /// <summary>Pause between signs of life. Source: the reference's heartbeat.</summary>
    public static readonly TimeSpan KeepAliveInterval = TimeSpan.FromSeconds(10);

    /// <summary>A reader that takes nothing for this long is taken for gone, however full its buffers.</summary>
    public static readonly TimeSpan MaxStall = TimeSpan.FromSeconds(60);

    /// <summary>Bytes after which a batch is handed to the network, so that memory stays bounded.</summary>
    private const int FlushBytes = 64 * 1024;

    /// <summary>
    /// Writes what a listener missed, then its frames until they end, the reader goes away or <paramref name="cancellationToken"/> says so.
    /// </summary>
    /// <exception cref="TimeoutException">The reader takes nothing: the caller must break the connection.</exception>
    public async Task RunAsync(IReadOnlyList<ReadOnlyMemory<byte>> backlog, ChannelReader<ReadOnlyMemory<byte>> frames, PipeWriter output, CancellationToken cancellationToken)
    {
        foreach (var frame in backlog)
        {
            output.Write(frame.Span);
            if (output.UnflushedBytes >= FlushBytes && await FlushAsync(output, cancellationToken))
            {
                return;
            }
        }

        if (await FlushAsync(output, cancellationToken))
        {
            return;
        }

        using var timer = new PeriodicTimer(KeepAliveInterval, time);
        var tick = timer.WaitForNextTickAsync(cancellationToken).AsTask();
        var more = frames.WaitToReadAsync(cancellationToken).AsTask();
        while (true)
        {
            await Task.WhenAny(more, tick);
            if (more.IsCompleted)
            {
                if (!await more)
                {
                    return;
                }

                while (output.UnflushedBytes < FlushBytes && frames.TryRead(out var frame))
                {
                    output.Write(frame.Span);
                }

                more = frames.WaitToReadAsync(cancellationToken).AsTask();
            }

            if (tick.IsCompleted)
            {
                await tick;
                output.Write(EventFrame.KeepAlive.Span);
                tick = timer.WaitForNextTickAsync(cancellationToken).AsTask();
            }

            if (await FlushAsync(output, cancellationToken))
            {
                return;
            }
        }
    }

    /// <summary>Hands what is written to the network; true when the reader is gone.</summary>
    private async Task<bool> FlushAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        var flush = output.FlushAsync(cancellationToken);
        return (flush.IsCompleted ? await flush : await flush.AsTask().WaitAsync(MaxStall, time, cancellationToken)).IsCompleted;
    }
}
