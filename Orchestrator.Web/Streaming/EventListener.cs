using System.Threading.Channels;

namespace Orchestrator.Web.Streaming;

/// <summary>One listener of <see cref="EventBroadcast"/>: the frames that wait for it.</summary>
public sealed class EventListener : IDisposable
{
    private readonly EventBroadcast _owner;
    private readonly EventInterest _interest;
    private readonly Channel<ReadOnlyMemory<byte>> _frames = Channel.CreateBounded<ReadOnlyMemory<byte>>(new BoundedChannelOptions(EventBroadcast.MaxOutstanding) { SingleReader = true });

    internal EventListener(EventBroadcast owner, EventInterest interest, string remoteAddress)
    {
        _owner = owner;
        _interest = interest;
        RemoteAddress = remoteAddress;
    }

    /// <summary>Who it is, for example <c>127.0.0.1</c>.</summary>
    public string RemoteAddress { get; }

    /// <summary>Whether it was cut off because it was too slow: events were lost.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>Frames to write before all others: what the listener missed.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Backlog { get; internal set; } = [];

    /// <summary>Frames to write as they are, after <see cref="Backlog"/>.</summary>
    public ChannelReader<ReadOnlyMemory<byte>> Frames => _frames.Reader;

    /// <summary>Leaves.</summary>
    public void Dispose()
    {
        _frames.Writer.TryComplete();
        _owner.Leave(this);
    }

    internal bool Wants(string eventType) => _interest.Types is null || _interest.Types.Contains(eventType);

    internal bool WithIds => _interest.WithIds;

    internal void Deliver(NumberedEvent numbered)
    {
        if (!Overflowed && Wants(numbered.Happened.EventType) && !_frames.Writer.TryWrite(numbered.Frame(WithIds)))
        {
            // A gap must not look like a quiet time: the stream ends, and the client comes again.
            Overflowed = true;
            _frames.Writer.TryComplete();
        }
    }
}
