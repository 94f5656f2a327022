using Orchestrator.Web.Console.Feeds;

namespace Orchestrator.Web.Streaming.Hub;

/// <summary>Sums over the cluster.</summary>
public sealed record ClusterMessage
{
    /// <summary>Grows with every change.</summary>
    public required long Version { get; init; }

    /// <summary>When the master saw it so.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>All that connected agents have.</summary>
    public required ResourceMessage Total { get; init; }

    /// <summary>What tasks hold.</summary>
    public required ResourceMessage Allocated { get; init; }

    /// <summary>What is in outstanding offers.</summary>
    public required ResourceMessage Offered { get; init; }

    /// <summary>What is measured in use.</summary>
    public required ResourceMessage Used { get; init; }

    /// <summary>Tasks by wire name of their state: now for states that are not terminal, since the start for the others.</summary>
    public required IReadOnlyDictionary<string, long> Tasks { get; init; }

    /// <summary>Connected agents.</summary>
    public required int ActiveAgents { get; init; }

    /// <summary>Registered agents without a link, or deactivated.</summary>
    public required int InactiveAgents { get; init; }

    /// <summary>Agents that do not answer.</summary>
    public required int UnreachableAgents { get; init; }

    /// <summary>Subscribed frameworks.</summary>
    public required int Frameworks { get; init; }

    /// <summary>Apps.</summary>
    public required int Apps { get; init; }

    /// <summary>Running deployments.</summary>
    public required int Deployments { get; init; }

    internal static ClusterMessage Of(LiveState state)
    {
        var totals = state.Cluster.Totals;
        return new ClusterMessage
        {
            Version = state.Version,
            At = state.Cluster.At,
            Total = ResourceMessage.Of(totals.Total),
            Allocated = ResourceMessage.Of(totals.Used),
            Offered = ResourceMessage.Of(totals.Offered),
            Used = new ResourceMessage(totals.Measured.Cpus, totals.Measured.MemMiB, totals.Measured.DiskMiB, 0),
            Tasks = totals.TasksByState.ToDictionary(pair => TaskMessage.WireName(pair.Key), pair => pair.Value),
            ActiveAgents = totals.ActiveAgents,
            InactiveAgents = totals.InactiveAgents,
            UnreachableAgents = state.Cluster.UnreachableAgents.Count,
            Frameworks = totals.ConnectedFrameworks,
            Apps = state.Services.Apps.Count,
            Deployments = state.Services.Deployments.Count,
        };
    }

    /// <summary>Whether everything but version and time is equal.</summary>
    internal bool SameAs(ClusterMessage other) =>
        this with { Version = 0, At = default, Tasks = s_none } == other with { Version = 0, At = default, Tasks = s_none }
        && Tasks.Count == other.Tasks.Count
        && Tasks.All(pair => other.Tasks.TryGetValue(pair.Key, out var count) && count == pair.Value);

    private static readonly Dictionary<string, long> s_none = [];
}
