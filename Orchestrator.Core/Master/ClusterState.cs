using System.Collections.Immutable;
using Google.Protobuf;
using Orchestrator.Core.Allocator;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.QuotaApi;
using Orchestrator.Core.Contract.Store;
using Orchestrator.Core.Master.Agents;
using Orchestrator.Core.Master.Frameworks;
using Orchestrator.Core.Master.Tasks;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;
using Orchestrator.Core.Views;

namespace Orchestrator.Core.Master;

/// <summary>The tables of the master, and what every part of it shares: ids, the allocator, counters, events.</summary>
internal sealed class ClusterState(MasterOptions options)
{
    /// <summary>Events for people that are kept.</summary>
    public const int MaxEvents = 200;

    private long _frameworks;
    private long _agents;
    private long _offers;
    private long _events;

    public MasterOptions Options => options;

    public SeededRandom Random { get; } = new(options.Seed);

    public ResourceAllocator Allocator { get; } = new(options.Allocator, new SeededRandom(options.Seed ^ 0xA110C));

    public SlotTable<AgentState> Agents { get; } = new();

    public SlotTable<FrameworkState> Frameworks { get; } = new();

    public SlotTable<TaskRecord> Tasks { get; } = new();

    public Dictionary<AgentId, AgentState> AgentsById { get; } = [];

    /// <summary>Registered agents by host name and port; the latest where two say the same.</summary>
    public Dictionary<(string Hostname, int Port), AgentState> AgentsByAddress { get; } = [];

    public Dictionary<StreamId, AgentState> AgentsByStream { get; } = [];

    public Dictionary<FrameworkId, FrameworkState> FrameworksById { get; } = [];

    public Dictionary<StreamId, FrameworkState> FrameworksByStream { get; } = [];

    /// <summary>Agents known from before a restart that have not come back yet.</summary>
    public Dictionary<AgentId, (StoredAgent Stored, DateTimeOffset Since)> RecoveredAgents { get; } = [];

    public Dictionary<AgentId, (StoredAgent Stored, DateTimeOffset Since)> UnreachableAgents { get; } = [];

    /// <summary>Agents that must not come back.</summary>
    public HashSet<AgentId> RemovedAgents { get; } = [];

    /// <summary>Of those the ones that an operator marked gone, which is durable; oldest first.</summary>
    public Queue<AgentId> GoneAgents { get; } = new();

    /// <summary>Quotas by role; readers share it.</summary>
    public ImmutableSortedDictionary<string, QuotaConfig> Quotas { get; set; } = ImmutableSortedDictionary.Create<string, QuotaConfig>(StringComparer.Ordinal);

    /// <summary>Weights that were set, by role; readers share it.</summary>
    public ImmutableSortedDictionary<string, double> Weights { get; set; } = options.Allocator.Weights.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>Machines that are or will be in maintenance; readers share it, it is replaced as a whole.</summary>
    public MaintenanceView Maintenance { get; set; } = MaintenanceView.None;

    public Queue<FrameworkView> CompletedFrameworks { get; } = new();

    public HashSet<FrameworkId> CompletedFrameworkIds { get; } = [];

    public Dictionary<string, long> Counters { get; } = new(StringComparer.Ordinal);

    public Dictionary<TaskState, long> EndedTasks { get; } = [];

    public Queue<ClusterEvent> Events { get; } = new();

    public ResourceList Total { get; set; } = ResourceList.Empty;

    /// <summary>Something outside the slot tables changed since the last snapshot.</summary>
    public bool ListsChanged { get; set; } = true;

    /// <summary>Operations changed since the last snapshot.</summary>
    public bool OperationsChanged { get; set; }

    public FrameworkId NextFrameworkId() => new($"{options.Id}-{_frameworks++:D4}");

    public AgentId NextAgentId() => new($"{options.Id}-S{_agents++}");

    public OfferId NextOfferId() => new($"{options.Id}-O{_offers++}");

    public ByteString NextUuid() => ByteString.CopyFrom(Random.NextGuid().ToByteArray(bigEndian: true));

    public void Count(string counter, long by = 1) => Counters[counter] = Counters.GetValueOrDefault(counter) + by;

    public void Tell(Turn turn, string kind, string subject, string text)
    {
        Events.Enqueue(new ClusterEvent(++_events, turn.Now, kind, subject, text));
        if (Events.Count > MaxEvents)
        {
            Events.Dequeue();
        }

        ListsChanged = true;
    }

    public void ForgetAddress(AgentState agent)
    {
        if (AgentsByAddress.GetValueOrDefault((agent.Info.Hostname, agent.Info.Port)) == agent)
        {
            AgentsByAddress.Remove((agent.Info.Hostname, agent.Info.Port));
        }
    }

    public void Touch(AgentState agent) => Agents.Touch(agent.Slot);

    public void Touch(FrameworkState framework) => Frameworks.Touch(framework.Slot);

    public void Touch(TaskRecord task)
    {
        if (task.Slot >= 0)
        {
            Tasks.Touch(task.Slot);
        }
    }

    public static void StoreAgent(Turn turn, AgentState agent) => turn.Effects.Store("agent/" + agent.Id.Value, agent.ToStored().ToByteArray());

    public static void StoreUnreachable(Turn turn, AgentId id, StoredAgent stored) =>
        turn.Effects.Store("agent/" + id.Value, stored.ToByteArray());

    public static void Forget(Turn turn, AgentId agent) => turn.Effects.Store("agent/" + agent.Value, null);

    public static void Store(Turn turn, FrameworkState framework) => turn.Effects.Store("framework/" + framework.Id.Value, new StoredFramework
    {
        Info = framework.Info,
        RegisteredNanoseconds = Nanoseconds(framework.RegisteredAt),
    }.ToByteArray());

    public static void Forget(Turn turn, FrameworkId framework) => turn.Effects.Store("framework/" + framework.Value, null);

    public static long Nanoseconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks * 100;

    public static DateTimeOffset Time(long nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / 100);
}
