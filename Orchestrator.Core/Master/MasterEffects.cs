using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Primitives;

namespace Orchestrator.Core.Master;

/// <summary>
/// What one turn of the master wants done, in order, once its records are durable. A message must not be changed after
/// it was added: readers share it.
/// </summary>
public sealed class MasterEffects : IEffects
{
    private readonly List<JournalRecord> _records = [];
    private readonly List<Delivery> _deliveries = [];

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
    }
}
