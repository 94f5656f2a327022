using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;

namespace Orchestrator.Core.Views;

/// <summary>One registered agent.</summary>
public sealed record AgentView
{
    /// <summary>Its id.</summary>
    public required AgentId Id { get; init; }

    /// <summary>What it registered with; shared, never to be changed.</summary>
    public required AgentInfo Info { get; init; }

    /// <summary>Its IP address and port as Mesos writes them: <c>slave(1)@ip:port</c>.</summary>
    public required string Pid { get; init; }

    /// <summary>The version that it announced.</summary>
    public required string Version { get; init; }

    /// <summary>The names of its capabilities.</summary>
    public required IReadOnlyList<string> Capabilities { get; init; }

    /// <summary>Whether its link is open.</summary>
    public required bool Connected { get; init; }

    /// <summary>Whether its resources are offered.</summary>
    public required bool Active { get; init; }

    /// <summary>Whether an operator took it out of use.</summary>
    public bool Deactivated { get; init; }

    /// <summary>How it is drained, and how far that is; null when it is not. Shared, never to be changed.</summary>
    public DrainInfo? Drain { get; init; }

    /// <summary>When draining began.</summary>
    public DateTimeOffset? DrainStartedAt { get; init; }

    /// <summary>First registration.</summary>
    public required DateTimeOffset RegisteredAt { get; init; }

    /// <summary>Latest registration after the first; null when there was none.</summary>
    public DateTimeOffset? ReregisteredAt { get; init; }

    /// <summary>All that it has.</summary>
    public required ResourceList Total { get; init; }

    /// <summary>What tasks and executors hold.</summary>
    public required ResourceList Used { get; init; }

    /// <summary>What is in outstanding offers.</summary>
    public required ResourceList Offered { get; init; }

    /// <summary>Number of tasks on it that are not terminal.</summary>
    public required int ActiveTasks { get; init; }

    /// <summary>What the machine really uses, as last reported; null before the first report.</summary>
    public UsageView? Usage { get; init; }
}
