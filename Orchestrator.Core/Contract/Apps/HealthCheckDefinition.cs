namespace Orchestrator.Core.Contract.Apps;

/// <summary>One liveness rule.</summary>
public sealed record HealthCheckDefinition
{
    /// <summary>HTTP, HTTPS, TCP (asked by the host), COMMAND, MESOS_HTTP, MESOS_HTTPS, MESOS_TCP (asked by the agent).</summary>
    public required string Protocol { get; init; }

    /// <summary>Request path of HTTP kinds.</summary>
    public string? Path { get; init; }

    /// <summary>Fixed port; null for <see cref="PortIndex"/>.</summary>
    public int? Port { get; init; }

    /// <summary>Index among the ports; null with a fixed port or a command.</summary>
    public int? PortIndex { get; init; }

    /// <summary>Command of COMMAND checks.</summary>
    public string? Command { get; init; }

    /// <summary>Failures before the first success are ignored this long.</summary>
    public double GracePeriodSeconds { get; init; } = 300;

    /// <summary>Pause between checks.</summary>
    public double IntervalSeconds { get; init; } = 60;

    /// <summary>Longest wait for an answer.</summary>
    public double TimeoutSeconds { get; init; } = 20;

    /// <summary>Failures in a row until the instance is killed; 0 for never.</summary>
    public int MaxConsecutiveFailures { get; init; } = 3;

    /// <summary>Wait before the first check.</summary>
    public double DelaySeconds { get; init; } = 15;

    /// <summary>1xx answers count as no result.</summary>
    public bool IgnoreHttp1xx { get; init; }

    /// <summary>Whether IPv6 is used.</summary>
    public bool IsIpv6 { get; init; }

    /// <summary>Whether this host asks, and not the agent.</summary>
    public bool IsAskedByHost => Protocol is "HTTP" or "HTTPS" or "TCP";
}
