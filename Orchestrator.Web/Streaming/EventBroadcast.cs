using Orchestrator.Core.Marathon;
using Orchestrator.Core.Marathon.Apps;

namespace Orchestrator.Web.Streaming;

/// <summary>
/// The events of the services engine for everybody who listens. An event is made into bytes once; each listener gets the
/// same bytes. A listener that falls too far behind is cut off, and nobody else waits for it.
/// </summary>
/// <param name="time">The clock of its own events.</param>
public sealed class EventBroadcast(TimeProvider time)
{
    /// <summary>Most events that may wait for one listener. Source: Marathon's event_stream_max_outstanding_messages.</summary>
    public const int MaxOutstanding = 1024;

    /// <summary>Most listeners at once.</summary>
    public const int MaxListeners = 4096;

    private readonly Lock _gate = new();
    private EventListener[] _listeners = [];

    /// <summary>How many listen.</summary>
    public int Count => Volatile.Read(ref _listeners).Length;

    /// <summary>
    /// Adds a listener and tells all, it first of all, that it has come. Dispose it to leave.
    /// </summary>
    /// <param name="types">Only events of these types; null for all.</param>
    /// <param name="remoteAddress">Who it is, for the others.</param>
    /// <returns>Null when there are too many.</returns>
    public EventListener? Listen(IReadOnlySet<string>? types, string remoteAddress)
    {
        lock (_gate)
        {
            if (_listeners.Length >= MaxListeners)
            {
                return null;
            }

            var listener = new EventListener(this, types, remoteAddress);
            Volatile.Write(ref _listeners, [.. _listeners, listener]);
            Deliver(About("event_stream_attached", remoteAddress));
            return listener;
        }
    }

    /// <summary>Tells all who want events of this type. Never blocks.</summary>
    public void Publish(MarathonEvent happened)
    {
        if (Count == 0)
        {
            return;
        }

        lock (_gate)
        {
            Deliver(happened);
        }
    }

    internal void Leave(EventListener listener)
    {
        lock (_gate)
        {
            if (Array.IndexOf(_listeners, listener) < 0)
            {
                return;
            }

            Volatile.Write(ref _listeners, [.. _listeners.Where(other => other != listener)]);
            Deliver(About("event_stream_detached", listener.RemoteAddress));
        }
    }

    private void Deliver(MarathonEvent happened)
    {
        ReadOnlyMemory<byte> frame = default;
        foreach (var listener in _listeners)
        {
            if (listener.Wants(happened.EventType))
            {
                frame = frame.IsEmpty ? EventFrame.Of(happened) : frame;
                listener.Deliver(frame);
            }
        }
    }

    private MarathonEvent About(string eventType, string remoteAddress) => new(eventType, AppJson.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("remoteAddress", remoteAddress);
        json.WriteString("eventType", eventType);
        json.WriteString("timestamp", Timestamps.Write(time.GetUtcNow()));
        json.WriteEndObject();
    }));
}
