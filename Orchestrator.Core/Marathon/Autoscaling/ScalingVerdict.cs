namespace Orchestrator.Core.Marathon.Autoscaling;

/// <summary>What an autoscaler found at a time.</summary>
/// <param name="Action">What it does.</param>
/// <param name="Wanted">How many instances it wants, in its bounds.</param>
/// <param name="Reason">Why, for people.</param>
internal sealed record ScalingVerdict(ScalingAction Action, int Wanted, string Reason);
