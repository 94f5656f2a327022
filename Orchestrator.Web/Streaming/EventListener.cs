using System.Threading.Channels;

namespace Orchestrator.Web.Streaming;

/// <summary>One listener of <see cref="EventBroadcast"/>: the frames that wait for it.</summary>
public sealed class EventListener : IDisposable
{
    private readonly EventBroadcast _owner;
    private readonly IReadOnlySet<string>? _types;
    private readonly Channel<ReadOnlyMemory<byte>> _frames = Channel.CreateBounded<ReadOnlyMemory<byte>>(new BoundedChannelOptions(EventBroadcast.MaxOutstanding) { SingleReader = true });

    internal EventListener(EventBroadcast owner, IReadOnlySet<string>? types, string remoteAddress)
    {
        _owner = owner;
        _types = types;
        RemoteAddress = remoteAddress;
    }

    /// <summary>Who it is, for example <c>127.0.0.1</c>.</summary>
    public string RemoteAddress { get; }

    /// <summary>Whether it was cut off because it was too slow: events were lost.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>Frames to write as they are.</summary>
    public ChannelReader<ReadOnlyMemory<byte>> Frames => _frames.Reader;

    /// <summary>Leaves.</summary>
    public void Dispose()
    {
        _frames.Writer.TryComplete();
        _owner.Leave(this);
    }

    internal bool Wants(string eventType) => _types is null || _types.Contains(eventType);

    internal void Deliver(ReadOnlyMemory<byte> frame)
    {
        if (!Overflowed && !_frames.Writer.TryWrite(frame))
        {
            // A gap must not look like a quiet time: the stream ends, and the client comes again.
            Overflowed = true;
            _frames.Writer.TryComplete();
        }
    }
}
