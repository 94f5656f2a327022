using Orchestrator.Core.Contract.Store;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Core.Marathon.Instances;

/// <summary>What one health check has said of one task so far.</summary>
internal sealed class HealthState
{
    public bool Alive { get; set; }

    /// <summary>Counted since this start: failures from before a restart kill nobody.</summary>
    public int ConsecutiveFailures { get; set; }

    public DateTimeOffset? FirstSuccess { get; set; }

    public DateTimeOffset? LastSuccess { get; set; }

    public DateTimeOffset? LastFailure { get; set; }

    public string? LastFailureCause { get; set; }

    public HealthResultView ToView(string instanceId) => new(Alive, ConsecutiveFailures, FirstSuccess, LastSuccess, LastFailure, LastFailureCause, instanceId);

    /// <summary>As the journal keeps it.</summary>
    public StoredHealth ToStored(int index)
    {
        var stored = new StoredHealth { Index = index, Alive = Alive };
        if (FirstSuccess is { } first)
        {
            stored.FirstSuccess = Storage.Milliseconds(first);
        }

        if (LastSuccess is { } success)
        {
            stored.LastSuccess = Storage.Milliseconds(success);
        }

        if (LastFailure is { } failure)
        {
            stored.LastFailure = Storage.Milliseconds(failure);
        }

        if (LastFailureCause is { } cause)
        {
            stored.Cause = cause;
        }

        return stored;
    }

    /// <summary>Reads it back.</summary>
    public static HealthState Of(StoredHealth stored) => new()
    {
        Alive = stored.Alive,
        FirstSuccess = stored.HasFirstSuccess ? Storage.Time(stored.FirstSuccess) : null,
        LastSuccess = stored.HasLastSuccess ? Storage.Time(stored.LastSuccess) : null,
        LastFailure = stored.HasLastFailure ? Storage.Time(stored.LastFailure) : null,
        LastFailureCause = stored.HasCause ? stored.Cause : null,
    };
}
