namespace Orchestrator.Core.Views;

/// <summary>The master's identity.</summary>
public sealed record MasterView
{
    /// <summary>UUID of this run of the master.</summary>
    public required string Id { get; init; }

    /// <summary>Announced host name.</summary>
    public required string Hostname { get; init; }

    /// <summary>Announced IP address.</summary>
    public required string Ip { get; init; }

    /// <summary>Announced port.</summary>
    public required int Port { get; init; }

    /// <summary>Display name of the cluster; null when unset.</summary>
    public string? Cluster { get; init; }

    /// <summary>When this run started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it was elected.</summary>
    public required DateTimeOffset ElectedAt { get; init; }

    /// <summary>As Mesos writes it: <c>master@ip:port</c>.</summary>
    public string Pid => $"master@{Ip}:{Port}";
}
