namespace Orchestrator.Core.Contract.Apps;

/// <summary>How a new configuration replaces the old one. The two shares are Marathon's, everything else is our own.</summary>
/// <param name="MinimumHealthCapacity">Share of the instances that must stay healthy, 0 to 1.</param>
/// <param name="MaximumOverCapacity">Extra share that may run meanwhile, 0 to 1.</param>
public sealed record UpgradeStrategy(double MinimumHealthCapacity, double MaximumOverCapacity)
{
    /// <summary>Whether all new instances come up beside the old ones and then take over at once.</summary>
    public bool IsBlueGreen { get; init; }

    /// <summary>Seconds that the old instances stay, without traffic, after a blue-green switch.</summary>
    public double SoakSeconds { get; init; }

    /// <summary>Whether an instance starts only when all with a lower ordinal are healthy and ready; the highest goes first.</summary>
    public bool IsOrdered { get; init; }

    /// <summary>Seconds within which a step of a deployment has to bring the app about; null for the host's default.</summary>
    public double? DeadlineSeconds { get; init; }

    /// <summary>Failures of new instances that a deployment bears; one more and it has failed. Null for the host's default.</summary>
    public int? MaxFailures { get; init; }

    /// <summary>What follows when a deployment fails; null for the host's default.</summary>
    public FailureReaction? OnFailure { get; init; }

    /// <summary>A command that must finish well before instances are replaced; null for none.</summary>
    public PreDeploymentDefinition? PreDeployment { get; init; }
}
