namespace Orchestrator.Core.Views.Services;

/// <summary>When a step of a deployment was under way.</summary>
/// <param name="Began">Null before.</param>
/// <param name="Ended">Null before.</param>
public sealed record DeploymentStepTimes(DateTimeOffset? Began, DateTimeOffset? Ended);
