using System.Text.Json;
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

    /// <summary>Told to a listener whose last event is not known any more: it may have missed some.</summary>
    public const string GapType = "event_stream_gap";

    private readonly Lock _gate = new();

    // Numbers of a later start are greater, as long as there were less than 1,000,000 events a second and the clock was not set back;
    // they stay within what every reader of JSON can hold exactly.
    private readonly EventHistory _history = new(time.GetUtcNow().ToUnixTimeMilliseconds() * 1000);
    private EventListener[] _listeners = [];

    /// <summary>How many listen.</summary>
    public int Count => Volatile.Read(ref _listeners).Length;

    /// <summary>
    /// Adds a listener and tells all, it first of all, that it has come. One that was here before then gets what it missed, or, if
    /// that is not known any more, is told of the gap and gets what is left. Dispose it to leave.
    /// </summary>
    /// <param name="interest">What it wants to hear.</param>
    /// <param name="remoteAddress">Who it is, for the others.</param>
    /// <returns>Null when there are too many.</returns>
    public EventListener? Listen(EventInterest interest, string remoteAddress)
    {
        lock (_gate)
        {
            if (_listeners.Length >= MaxListeners)
            {
                return null;
            }

            var listener = new EventListener(this, interest, remoteAddress);
            var attached = About("event_stream_attached", remoteAddress);
            if (interest.LastNumber is { } last)
            {
                listener.Backlog = [.. Missed(listener, attached, last)];
                Deliver(attached);
                Volatile.Write(ref _listeners, [.. _listeners, listener]);
            }
            else
            {
                Volatile.Write(ref _listeners, [.. _listeners, listener]);
                Deliver(attached);
            }

            return listener;
        }
    }

    /// <summary>Numbers the event, keeps it for who comes back, and tells all who want events of this type. Never blocks.</summary>
    public void Publish(MarathonEvent happened)
    {
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

    /// <summary>
    /// What a listener that comes back hears first. Its own attachment has no number there: it would stand for having heard what
    /// follows it.
    /// </summary>
    private IEnumerable<ReadOnlyMemory<byte>> Missed(EventListener listener, MarathonEvent attached, long last)
    {
        if (listener.Wants(attached.EventType))
        {
            yield return EventFrame.Of(attached, null, listener.WithIds);
        }

        if (!_history.Continues(last))
        {
            yield return EventFrame.Of(Gap(last), null, listener.WithIds);
        }

        foreach (var numbered in _history.After(last))
        {
            if (listener.Wants(numbered.Happened.EventType))
            {
                yield return numbered.Frame(listener.WithIds);
            }
        }
    }

    private void Deliver(MarathonEvent happened)
    {
        var numbered = _history.Add(happened);
        foreach (var listener in _listeners)
        {
            listener.Deliver(numbered);
        }
    }

    private MarathonEvent Gap(long last) => Own(GapType, json =>
    {
        json.WriteNumber("lastEventId", last);
        json.WriteNumber("nextEventId", _history.Oldest);
    });

    private MarathonEvent About(string eventType, string remoteAddress) => Own(eventType, json => json.WriteString("remoteAddress", remoteAddress));

    private MarathonEvent Own(string eventType, Action<Utf8JsonWriter> fields) => new(eventType, AppJson.Write(json =>
    {
        json.WriteStartObject();
        fields(json);
        json.WriteString("eventType", eventType);
        json.WriteString("timestamp", Timestamps.Write(time.GetUtcNow()));
        json.WriteEndObject();
    }));
}
