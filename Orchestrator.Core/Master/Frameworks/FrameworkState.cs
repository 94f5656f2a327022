using Orchestrator.Core.Allocator;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Master.Offers;
using Orchestrator.Core.Master.Tasks;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;
using Orchestrator.Core.Views;
using Capability = Orchestrator.Core.Contract.Mesos.FrameworkInfo.Types.Capability.Types.Type;

namespace Orchestrator.Core.Master.Frameworks;

/// <summary>One framework that is not removed.</summary>
internal sealed class FrameworkState(FrameworkId id)
{
    private readonly HashSet<Capability> _capabilities = [];
    private readonly Dictionary<(ExecutorId Id, AgentId Agent), ExecutorView> _executors = [];
    private IReadOnlyList<ExecutorView>? _executorsView;

    public FrameworkId Id => id;

    public FrameworkInfo Info { get; private set; } = new();

    /// <summary>Slot in the table of frameworks, the snapshot and the allocator.</summary>
    public int Slot { get; set; }

    public IReadOnlyList<string> Roles { get; private set; } = ["*"];

    public HashSet<string> SuppressedRoles { get; } = new(StringComparer.Ordinal);

    /// <summary>Its open stream; null while it is disconnected.</summary>
    public StreamId? Stream { get; set; }

    public bool IsConnected => Stream is not null;

    /// <summary>Known only from before a restart or from agents.</summary>
    public bool IsRecovered { get; set; }

    public DateTimeOffset RegisteredAt { get; set; }

    public DateTimeOffset? ReregisteredAt { get; set; }

    /// <summary>When it is removed unless it subscribes again; null while it is connected.</summary>
    public DateTimeOffset? RemoveAt { get; set; }

    public ResourceList Used { get; set; } = ResourceList.Empty;

    public ResourceList Offered { get; set; } = ResourceList.Empty;

    public Dictionary<TaskId, TaskRecord> Tasks { get; } = [];

    public HashSet<OfferState> Offers { get; } = [];

    /// <summary>The same by slot, for snapshots.</summary>
    public SlotTable<OfferState> OfferSlots { get; } = new();

    /// <summary>What the last snapshot showed of them.</summary>
    public OfferList OffersView { get; set; } = OfferList.Empty;

    /// <summary>Ended tasks, oldest first.</summary>
    public Queue<TaskView> Completed { get; } = new();

    /// <summary>Tasks on unreachable agents, in the order in which they became so.</summary>
    public Dictionary<TaskId, TaskRecord> Unreachable { get; } = [];

    /// <summary>Completed or unreachable changed since the last snapshot.</summary>
    public bool HistoryChanged { get; set; } = true;

    public IReadOnlyList<TaskView> CompletedView { get; set; } = [];

    public IReadOnlyList<TaskView> UnreachableView { get; set; } = [];

    public bool IsPartitionAware => Has(Capability.PartitionAware);

    public bool IsMultiRole => Has(Capability.MultiRole);

    public bool Has(Capability capability) => _capabilities.Contains(capability);

    public FrameworkTraits Traits => new(Has(Capability.GpuResources), Has(Capability.RegionAware), Has(Capability.RevocableResources), Has(Capability.SharedResources), Has(Capability.ReservationRefinement))
    {
        MinAllocatable = Info.OfferFilters.Count == 0 ? null : Info.OfferFilters.Where(filter => filter.Value.MinAllocatableResources is not null).ToDictionary(
            filter => filter.Key,
            filter => (IReadOnlyList<IReadOnlyDictionary<string, Quantity>>)[.. filter.Value.MinAllocatableResources.Quantities.Select(
                alternative => alternative.Quantities.ToDictionary(quantity => quantity.Key, quantity => Quantity.FromDouble(quantity.Value.Value)))]),
    };

    /// <summary>How its resources are written.</summary>
    public ResourceFormat Format => Has(Capability.ReservationRefinement) ? ResourceFormat.Refined : ResourceFormat.PreRefinement;

    /// <summary>Its executors on all agents.</summary>
    public IReadOnlyList<ExecutorView> ExecutorsView => _executorsView ??= [.. _executors.Values];

    public void AddExecutor(ExecutorId id, ExecutorView executor)
    {
        _executors[(id, executor.AgentId)] = executor;
        _executorsView = null;
    }

    public void RemoveExecutor(ExecutorId id, AgentId agent)
    {
        _executors.Remove((id, agent));
        _executorsView = null;
    }

    /// <summary>Takes over what it subscribed with.</summary>
    public void SetInfo(FrameworkInfo info)
    {
        Info = info;
        _capabilities.Clear();
        foreach (var capability in info.Capabilities)
        {
            _capabilities.Add(capability.Type);
        }

        Roles = RolesOf(info);
    }

    /// <summary>The roles that an info names; <c>*</c> when it names none.</summary>
    public static IReadOnlyList<string> RolesOf(FrameworkInfo info)
    {
        if (info.Capabilities.Any(capability => capability.Type == Capability.MultiRole))
        {
            return [.. info.Roles];
        }

#pragma warning disable CS0612 // The role of frameworks without MULTI_ROLE.
        return [info.HasRole && info.Role.Length > 0 ? info.Role : "*"];
#pragma warning restore CS0612
    }
}
