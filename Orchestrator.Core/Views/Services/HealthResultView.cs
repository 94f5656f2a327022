namespace Orchestrator.Core.Views.Services;

/// <summary>What one health check says of one instance.</summary>
public sealed record HealthResultView(bool Alive, int ConsecutiveFailures, DateTimeOffset? FirstSuccess, DateTimeOffset? LastSuccess, DateTimeOffset? LastFailure, string? LastFailureCause, string InstanceId);
