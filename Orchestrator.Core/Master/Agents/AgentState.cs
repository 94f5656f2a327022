using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.Store;
using Orchestrator.Core.Master.Offers;
using Orchestrator.Core.Master.Tasks;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;
using Orchestrator.Core.Views;

namespace Orchestrator.Core.Master.Agents;

/// <summary>One registered agent.</summary>
internal sealed class AgentState(AgentId id, AgentInfo info)
{
    private const int OfferOverhead = 256;
    private AgentInfo _info = info;

    public AgentId Id => id;

    public AgentInfo Info
    {
        get => _info;
        set
        {
            _info = value;
            OfferBytes = OfferOverhead + value.CalculateSize();
        }
    }

    /// <summary>About how long an offer of it is in protobuf, in bytes: what it said of itself, and ids.</summary>
    public int OfferBytes { get; private set; } = OfferOverhead + info.CalculateSize();

    /// <summary>Slot in the table of agents, the snapshot and the allocator.</summary>
    public int Slot { get; set; }

    /// <summary>Its open link; null while it is disconnected.</summary>
    public StreamId? Stream { get; set; }

    public bool IsConnected => Stream is not null;

    /// <summary>An operator took it out of use, or it drains: nothing of it is offered.</summary>
    public bool IsDeactivated { get; set; }

    /// <summary>How it is drained, and how far that is; null when it is not.</summary>
    public DrainInfo? Drain { get; set; }

    public DateTimeOffset? DrainStartedAt { get; set; }

    public bool IsDraining => Drain is { State: DrainState.Draining };

    /// <summary>Whether its resources are offered.</summary>
    public bool IsActive => IsConnected && !IsDeactivated;

    /// <summary>When its machine will be in maintenance; null when it will not.</summary>
    public Unavailability? Unavailability { get; set; }

    /// <summary>It is silent for too long, and waits for its turn to become unreachable.</summary>
    public bool IsRemovalScheduled { get; set; }

    public string Ip { get; set; } = "127.0.0.1";

    public string Version { get; set; } = "";

    public IReadOnlyList<string> Capabilities { get; set; } = [];

    public DateTimeOffset RegisteredAt { get; set; }

    public DateTimeOffset? ReregisteredAt { get; set; }

    /// <summary>When it last said anything.</summary>
    public DateTimeOffset LastHeard { get; set; }

    /// <summary>When it was last pinged, or was linked.</summary>
    public DateTimeOffset LastPinged { get; set; }

    public ResourceList Total { get; set; } = ResourceList.Empty;

    public ResourceList Used { get; set; } = ResourceList.Empty;

    public ResourceList Offered { get; set; } = ResourceList.Empty;

    public HashSet<TaskRecord> Tasks { get; } = [];

    public HashSet<OfferState> Offers { get; } = [];

    /// <summary>Executors that run on it, by framework and executor id.</summary>
    public Dictionary<(FrameworkId Framework, ExecutorId Executor), ExecutorRecord> Executors { get; } = [];

    /// <summary>Kills that could not be sent while it was disconnected.</summary>
    public HashSet<TaskKey> PendingKills { get; } = [];

    public UsageView? Usage { get; set; }

    /// <summary>What the journal keeps of it.</summary>
    public StoredAgent ToStored()
    {
        var stored = new StoredAgent { Info = Info, RegisteredNanoseconds = ClusterState.Nanoseconds(RegisteredAt), Drain = Drain };
        if (IsDeactivated)
        {
            stored.Deactivated = true;
        }

        if (DrainStartedAt is { } started)
        {
            stored.DrainStartedNanoseconds = ClusterState.Nanoseconds(started);
        }

        return stored;
    }

    /// <summary>Takes over what the journal kept of it.</summary>
    public void TakeOver(StoredAgent stored)
    {
        IsDeactivated = stored.Deactivated;
        Drain = stored.Drain;
        DrainStartedAt = stored.HasDrainStartedNanoseconds ? ClusterState.Time(stored.DrainStartedNanoseconds) : null;
    }

    public string Pid => $"slave(1)@{Ip}:{(Info.HasPort ? Info.Port : 5051)}";
}
