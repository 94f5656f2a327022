namespace Orchestrator.Web.Streaming;

/// <summary>
/// The newest events with their numbers, so that a listener that was cut off can go on where it was. Bounded by count and by
/// bytes; the oldest are forgotten first. Not safe to use from several threads.
/// </summary>
/// <param name="firstNumber">The number of the first event; greater than any number of an earlier run.</param>
internal sealed class EventHistory(long firstNumber)
{
    /// <summary>Most events kept.</summary>
    public const int MaxEvents = 10_000;

    /// <summary>Most bytes of data kept.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    private readonly Queue<NumberedEvent> _events = new();
    private long _bytes;

    /// <summary>The number that the next event gets.</summary>
    public long Next { get; private set; } = firstNumber;

    /// <summary>The number of the oldest event that is kept; that of the next one while none is.</summary>
    public long Oldest => Next - _events.Count;

    /// <summary>Numbers an event and keeps it.</summary>
    public NumberedEvent Add(Core.Marathon.MarathonEvent happened)
    {
        var numbered = new NumberedEvent(Next++, happened);
        _events.Enqueue(numbered);
        _bytes += happened.Json.Length;
        while (_events.Count > MaxEvents || _bytes > MaxBytes)
        {
            _bytes -= _events.Dequeue().Happened.Json.Length;
        }

        return numbered;
    }

    /// <summary>Whether everything after an event is still kept.</summary>
    public bool Continues(long lastNumber) => lastNumber >= Oldest - 1 && lastNumber < Next;

    /// <summary>What is kept of the events after one, oldest first. All of it when that event is unknown.</summary>
    public IEnumerable<NumberedEvent> After(long lastNumber) => lastNumber < Next ? _events.SkipWhile(numbered => numbered.Number <= lastNumber) : _events;
}
