namespace Orchestrator.Core.Contract.Apps;

/// <summary>Asks a new instance, during a deployment only, whether it is ready. Source: Marathon.</summary>
public sealed record ReadinessCheckDefinition
{
    /// <summary>Its name in answers.</summary>
    public string Name { get; init; } = "readinessCheck";

    /// <summary>HTTP or HTTPS.</summary>
    public string Protocol { get; init; } = "HTTP";

    /// <summary>Request path.</summary>
    public string Path { get; init; } = "/";

    /// <summary>Name of the port that is asked.</summary>
    public string PortName { get; init; } = "http-api";

    /// <summary>Pause between two questions.</summary>
    public double IntervalSeconds { get; init; } = 30;

    /// <summary>Longest wait for an answer.</summary>
    public double TimeoutSeconds { get; init; } = 10;

    /// <summary>Statuses that mean ready.</summary>
    public IReadOnlyList<int> ReadyStatuses { get; init; } = [200];

    /// <summary>Whether the last answer is kept and shown.</summary>
    public bool KeepsResponse { get; init; }
}
