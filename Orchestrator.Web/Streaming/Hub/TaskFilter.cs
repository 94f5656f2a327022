namespace Orchestrator.Web.Streaming.Hub;

/// <summary>Which tasks a stream follows; what is null lets all through.</summary>
public sealed record TaskFilter
{
    /// <summary>Only of this framework.</summary>
    public string? FrameworkId { get; init; }

    /// <summary>Only on this agent.</summary>
    public string? AgentId { get; init; }

    /// <summary>Only in these states, by wire name, for example <c>TASK_RUNNING</c>. A task that leaves them counts as removed.</summary>
    public IReadOnlyList<string>? States { get; init; }
}
