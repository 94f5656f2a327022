using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Views;

namespace Orchestrator.Core.Master;

/// <summary>
/// What one turn of the master wants done, in order, once its records are durable. A message must not be changed after
/// it was added: readers share it.
/// </summary>
public sealed class MasterEffects : IEffects
{
    private readonly List<JournalRecord> _records = [];
    private readonly List<Delivery> _deliveries = [];
    private readonly List<ClusterChange> _changes = [];
    private volatile bool _isWatched;

    /// <summary>One thing to deliver on one stream; with neither event the stream is to be closed.</summary>
    public readonly record struct Delivery(StreamId Stream, Event? Scheduler, AgentEvent? Agent)
    {
        /// <summary>Whether the stream ends here.</summary>
        public bool IsClose => Scheduler is null && Agent is null;
    }

    /// <inheritdoc/>
    public IReadOnlyList<JournalRecord> Records => _records;

    /// <summary>What is to be delivered, in order.</summary>
    public IReadOnlyList<Delivery> Deliveries => _deliveries;

    /// <summary>What changed, in order, for those who follow the cluster; noted only while it is watched.</summary>
    public IReadOnlyList<ClusterChange> Changes => _changes;

    /// <summary>Whether anybody follows the cluster. May be set from any thread; it holds from the next change on.</summary>
    public bool IsWatched
    {
        get => _isWatched;
        set => _isWatched = value;
    }

    /// <summary>Notes a change. Ask <see cref="IsWatched"/> before making an expensive one.</summary>
    public void Note(ClusterChange change)
    {
        if (_isWatched)
        {
            _changes.Add(change);
        }
    }

    /// <summary>Makes a key of area <c>master</c> durable; null removes it.</summary>
    public void Store(string key, byte[]? value) => _records.Add(new JournalRecord("master", key, value));

    /// <summary>Sends an event to a scheduler.</summary>
    public void Send(StreamId stream, Event schedulerEvent) => _deliveries.Add(new Delivery(stream, schedulerEvent, null));

    /// <summary>Sends an event to an agent.</summary>
    public void Send(StreamId stream, AgentEvent agentEvent) => _deliveries.Add(new Delivery(stream, null, agentEvent));

    /// <summary>Ends a stream after what was sent on it.</summary>
    public void Close(StreamId stream) => _deliveries.Add(new Delivery(stream, null, null));

    /// <inheritdoc/>
    public void Clear()
    {
        _records.Clear();
        _deliveries.Clear();
        _changes.Clear();
    }
}
