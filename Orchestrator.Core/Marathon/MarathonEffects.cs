using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Primitives;

namespace Orchestrator.Core.Marathon;

/// <summary>What one turn of the services engine wants done, in order, once its records are durable.</summary>
public sealed class MarathonEffects : IEffects
{
    /// <summary>The engine's area of the journal.</summary>
    public const string Area = "marathon";

    private readonly List<JournalRecord> _records = [];
    private readonly List<Call> _calls = [];
    private readonly List<MarathonEvent> _events = [];

    /// <inheritdoc/>
    public IReadOnlyList<JournalRecord> Records => _records;

    /// <summary>Calls for the master, without a framework id: the connection's owner sets it.</summary>
    public IReadOnlyList<Call> Calls => _calls;

    /// <summary>Events for subscribers.</summary>
    public IReadOnlyList<MarathonEvent> Events => _events;

    /// <summary>Makes a key durable; null removes it.</summary>
    public void Store(string key, byte[]? value) => _records.Add(new JournalRecord(Area, key, value));

    /// <summary>Sends a call.</summary>
    public void Send(Call call) => _calls.Add(call);

    /// <summary>Tells subscribers.</summary>
    public void Tell(MarathonEvent happened) => _events.Add(happened);

    /// <inheritdoc/>
    public void Clear()
    {
        _records.Clear();
        _calls.Clear();
        _events.Clear();
    }
}
