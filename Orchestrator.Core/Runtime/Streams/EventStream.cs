using System.Threading.Channels;
using Orchestrator.Core.Primitives;

namespace Orchestrator.Core.Runtime.Streams;

/// <summary>The events of one open stream, in order, waiting for its edge to write them.</summary>
/// <typeparam name="TEvent">Scheduler or agent event.</typeparam>
public sealed class EventStream<TEvent> : IDisposable
    where TEvent : class
{
    private readonly EventStreams<TEvent> _owner;
    private readonly Channel<TEvent> _channel;

    internal EventStream(EventStreams<TEvent> owner, StreamId id, int capacity)
    {
        _owner = owner;
        Id = id;
        _channel = Channel.CreateBounded<TEvent>(new BoundedChannelOptions(capacity) { SingleReader = true, SingleWriter = true });
    }

    /// <summary>Its name.</summary>
    public StreamId Id { get; }

    /// <summary>Whether it was closed because its reader was too slow: events were lost.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>What waits. Completes when the stream is closed and everything before the close was read.</summary>
    public ChannelReader<TEvent> Reader => _channel.Reader;

    /// <summary>The edge is gone: further events are dropped.</summary>
    public void Dispose()
    {
        _owner.Remove(Id);
        _channel.Writer.TryComplete();
    }

    internal void Deliver(TEvent message)
    {
        if (!_channel.Writer.TryWrite(message) && !_channel.Reader.Completion.IsCompleted)
        {
            Overflowed = true;
            _owner.Remove(Id);
            _channel.Writer.TryComplete();
        }
    }

    internal void Close() => _channel.Writer.TryComplete();
}
