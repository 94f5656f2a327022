using Orchestrator.Core.Allocator;

namespace Orchestrator.Core.Master;

/// <summary>What the master is told at start. Names after Mesos' flags; times that differ from Mesos say so.</summary>
public sealed record MasterOptions
{
    /// <summary>UUID of this run; ids of frameworks, agents and offers begin with it.</summary>
    public required string Id { get; init; }

    /// <summary>Announced host name.</summary>
    public required string Hostname { get; init; }

    /// <summary>Announced IP address.</summary>
    public required string Ip { get; init; }

    /// <summary>Announced port.</summary>
    public required int Port { get; init; }

    /// <summary>Display name of the cluster.</summary>
    public string? Cluster { get; init; }

    /// <summary>Seed of shuffles and generated ids.</summary>
    public required ulong Seed { get; init; }

    /// <summary>How resources are shared out.</summary>
    public AllocatorOptions Allocator { get; init; } = new();

    /// <summary>Filters shorter than this are raised to it. Flag allocation_interval.</summary>
    public TimeSpan AllocationInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>An agent that said nothing for this long is pinged. Flag agent_ping_timeout; Mesos waits 15 s.</summary>
    public TimeSpan AgentPingTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Silent ping timeouts after which an agent is unreachable. Flag max_agent_ping_timeouts.</summary>
    public int MaxAgentPingTimeouts { get; init; } = 5;

    /// <summary>Least time between two agents that become unreachable; null for none. Flag agent_removal_rate_limit.</summary>
    public TimeSpan? AgentRemovalInterval { get; init; }

    /// <summary>How long agents known before a restart have to come back. Flag agent_reregister_timeout.</summary>
    public TimeSpan AgentReregisterTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Offers are rescinded after this; null for never. Flag offer_timeout.</summary>
    public TimeSpan? OfferTimeout { get; init; }

    /// <summary>Whether frameworks may run as root. Flag root_submissions.</summary>
    public bool RootSubmissions { get; init; } = true;

    /// <summary>Removed frameworks that are remembered. Flag max_completed_frameworks.</summary>
    public int MaxCompletedFrameworks { get; init; } = 50;

    /// <summary>Ended tasks that are remembered for each framework. Flag max_completed_tasks_per_framework.</summary>
    public int MaxCompletedTasks { get; init; } = 1000;

    /// <summary>Unreachable tasks that are remembered for each framework. Flag max_unreachable_tasks_per_framework.</summary>
    public int MaxUnreachableTasks { get; init; } = 1000;

    /// <summary>Removed agents that are remembered, so that they are told to stop when they come back.</summary>
    public int MaxRemovedAgents { get; init; } = 100_000;
}
