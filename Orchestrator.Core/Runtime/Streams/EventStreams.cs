using System.Collections.Concurrent;
using Orchestrator.Core.Primitives;

namespace Orchestrator.Core.Runtime.Streams;

/// <summary>
/// The open streams by id. An edge opens one before it tells the engine of it; the dispatcher delivers to it. A reader that
/// falls more than <paramref name="capacity"/> events behind loses its stream, and nobody else waits for it.
/// </summary>
/// <typeparam name="TEvent">Scheduler or agent event.</typeparam>
/// <param name="capacity">Most events that may wait on one stream.</param>
public sealed class EventStreams<TEvent>(int capacity)
    where TEvent : class
{
    private readonly ConcurrentDictionary<StreamId, EventStream<TEvent>> _open = new();

    /// <summary>How many are open.</summary>
    public int Count => _open.Count;

    /// <summary>Opens a stream.</summary>
    public EventStream<TEvent> Open(StreamId id)
    {
        var stream = new EventStream<TEvent>(this, id, capacity);
        return _open.TryAdd(id, stream) ? stream : throw new InvalidOperationException($"The stream {id} is open already.");
    }

    /// <summary>Queues an event; nothing happens when the stream is gone.</summary>
    public void Deliver(StreamId id, TEvent message)
    {
        if (_open.TryGetValue(id, out var stream))
        {
            stream.Deliver(message);
        }
    }

    /// <summary>Ends a stream after what was delivered; nothing happens when it is gone.</summary>
    public void Close(StreamId id)
    {
        if (_open.TryRemove(id, out var stream))
        {
            stream.Close();
        }
    }

    internal void Remove(StreamId id) => _open.TryRemove(id, out _);
}
