namespace Orchestrator.Core.Simulation;

/// <summary>
/// What is to happen and when, for one thread. Things of one time happen in the order in which they were scheduled, so the
/// same calls always give the same history.
/// </summary>
internal sealed class SimulationQueue(DateTimeOffset start)
{
    private readonly PriorityQueue<Action, (long Ticks, long Sequence)> _due = new();
    private long _sequence;

    /// <summary>The time of what happens now.</summary>
    public DateTimeOffset Now { get; private set; } = start;

    /// <summary>How much is still to happen.</summary>
    public int Count => _due.Count;

    /// <summary>When the next thing happens; null for never.</summary>
    public DateTimeOffset? Next => _due.TryPeek(out _, out var key) ? new DateTimeOffset(key.Ticks, TimeSpan.Zero) : null;

    /// <summary>Has something happen at a time; a past time means now.</summary>
    public void At(DateTimeOffset time, Action action) => _due.Enqueue(action, (Math.Max(time.UtcTicks, Now.UtcTicks), _sequence++));

    /// <summary>Has something happen after a while.</summary>
    public void After(TimeSpan delay, Action action) => At(Now + delay, action);

    /// <summary>Lets everything happen that is due by <paramref name="time"/>, which is now afterwards.</summary>
    public void RunUntil(DateTimeOffset time)
    {
        while (_due.TryPeek(out _, out var key) && key.Ticks <= time.UtcTicks)
        {
            RunNext();
        }

        Now = time > Now ? time : Now;
    }

    /// <summary>Lets the next thing happen at its time; false when there is none.</summary>
    public bool RunNext()
    {
        if (!_due.TryDequeue(out var action, out var key))
        {
            return false;
        }

        Now = key.Ticks > Now.UtcTicks ? new DateTimeOffset(key.Ticks, TimeSpan.Zero) : Now;
        action();
        return true;
    }
}
