namespace Orchestrator.Core.Views.Services;

/// <summary>How the number of instances of an app followed its load.</summary>
/// <param name="Latest">What was found last; null before the first figures since the host started.</param>
/// <param name="Decisions">Changes of the number and what stood in their way, oldest first, bounded.</param>
public sealed record AutoscalingView(ScalingVerdictView? Latest, IReadOnlyList<ScalingDecisionView> Decisions);
