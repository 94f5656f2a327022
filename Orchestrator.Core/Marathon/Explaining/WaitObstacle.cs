namespace Orchestrator.Core.Marathon.Explaining;

/// <summary>What keeps instances of an app from being launched wherever they would be placed.</summary>
/// <param name="Kind">Quota, Backoff, Dependency, Deployment or Readiness.</param>
/// <param name="Needed">What would have to be so.</param>
/// <param name="Offered">How it is.</param>
/// <param name="Text">One sentence for people.</param>
/// <param name="Advice">The smallest change that would take it away.</param>
/// <param name="Blocks">Whether nothing can start while it lasts; false for what only has to be known.</param>
public sealed record WaitObstacle(WaitReason Kind, string Needed, string Offered, string Text, string Advice, bool Blocks)
{
    /// <summary>When it ends by itself; null when nobody knows.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The deployment that it is about; null for none.</summary>
    public string? DeploymentId { get; init; }
}
