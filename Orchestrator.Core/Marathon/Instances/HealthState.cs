using Orchestrator.Core.Views.Services;

namespace Orchestrator.Core.Marathon.Instances;

/// <summary>What one health check has said of one task so far.</summary>
internal sealed class HealthState
{
    public bool Alive { get; set; }

    public int ConsecutiveFailures { get; set; }

    public DateTimeOffset? FirstSuccess { get; set; }

    public DateTimeOffset? LastSuccess { get; set; }

    public DateTimeOffset? LastFailure { get; set; }

    public string? LastFailureCause { get; set; }

    public HealthResultView ToView(string instanceId) => new(Alive, ConsecutiveFailures, FirstSuccess, LastSuccess, LastFailure, LastFailureCause, instanceId);
}
