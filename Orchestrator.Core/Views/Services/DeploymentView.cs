namespace Orchestrator.Core.Views.Services;

/// <summary>A running deployment. Shape after GET /v2/deployments.</summary>
public sealed record DeploymentView
{
    /// <summary>UUID.</summary>
    public required string Id { get; init; }

    /// <summary>Version of the target.</summary>
    public required DateTimeOffset Version { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Apps that it changes.</summary>
    public required IReadOnlyList<string> AffectedApps { get; init; }

    /// <summary>All steps, in order.</summary>
    public required IReadOnlyList<IReadOnlyList<DeploymentActionView>> Steps { get; init; }

    /// <summary>When each step was under way.</summary>
    public IReadOnlyList<DeploymentStepTimes> Times { get; init; } = [];

    /// <summary>The deployment that this one takes back; null for none.</summary>
    public string? RollbackOf { get; init; }

    /// <summary>Why it should have ended before; null when it is in time.</summary>
    public string? Late { get; init; }

    /// <summary>New instances that failed.</summary>
    public int Failures { get; init; }

    /// <summary>0 before the first step, then counted from 1.</summary>
    public required int CurrentStep { get; init; }
}
