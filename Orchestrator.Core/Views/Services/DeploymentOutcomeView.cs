namespace Orchestrator.Core.Views.Services;

/// <summary>A deployment that ended.</summary>
public sealed record DeploymentOutcomeView
{
    /// <summary>UUID.</summary>
    public required string Id { get; init; }

    /// <summary>Version of the target.</summary>
    public required DateTimeOffset Version { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary><c>succeeded</c>, <c>failed</c>, <c>rolledBack</c>, <c>cancelled</c> or <c>superseded</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>Why it did not succeed; null when it did.</summary>
    public string? Reason { get; init; }

    /// <summary>All steps, in order.</summary>
    public required IReadOnlyList<IReadOnlyList<DeploymentActionView>> Steps { get; init; }

    /// <summary>When each step was under way.</summary>
    public required IReadOnlyList<DeploymentStepTimes> Times { get; init; }

    /// <summary>The deployment that this one took back; null for none.</summary>
    public string? RollbackOf { get; init; }

    /// <summary>New instances that failed.</summary>
    public int Failures { get; init; }

    /// <summary>Apps that it changed.</summary>
    public IEnumerable<string> AffectedApps => Steps.SelectMany(step => step).Select(action => action.App).Distinct();
}
