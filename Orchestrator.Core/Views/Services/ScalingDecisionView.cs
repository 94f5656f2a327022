namespace Orchestrator.Core.Views.Services;

/// <summary>One decision of an autoscaler.</summary>
/// <param name="At">When.</param>
/// <param name="Action">As in <see cref="ScalingVerdictView.Action"/>.</param>
/// <param name="From">Instances before.</param>
/// <param name="To">Instances that were wanted.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="Utilization">Mean use as a share of what instances ask for; null without figures.</param>
/// <param name="DeploymentId">The deployment that brought it about; null when nothing changed.</param>
public sealed record ScalingDecisionView(DateTimeOffset At, string Action, int From, int To, string Reason, double? Utilization, string? DeploymentId);
