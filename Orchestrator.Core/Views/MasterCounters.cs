namespace Orchestrator.Core.Views;

/// <summary>
/// Running counts since the master started, by the metric names of Mesos without the <c>master/</c> prefix, for example
/// <c>slave_registrations</c>, <c>messages_decline_offers</c>, <c>tasks_failed</c>.
/// </summary>
/// <param name="Values">Counts by name; names that were never counted are absent and mean 0.</param>
public sealed record MasterCounters(IReadOnlyDictionary<string, long> Values)
{
    /// <summary>The count, 0 when never counted.</summary>
    public long this[string name] => Values.GetValueOrDefault(name);
}
