namespace Orchestrator.Core.Marathon.Deployments;

/// <summary>When a step of a deployment was under way.</summary>
/// <param name="Began">Null before.</param>
/// <param name="Ended">Null before.</param>
internal readonly record struct StepTimes(DateTimeOffset? Began, DateTimeOffset? Ended);
