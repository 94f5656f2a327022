namespace Orchestrator.Core.Contract.Apps;

/// <summary>Bounds that hold from each time of a cron expression on.</summary>
/// <param name="Cron">Five fields, for example <c>0 8 * * 1-5</c>.</param>
/// <param name="TimeZone">IANA name of the zone in which the expression is read.</param>
/// <param name="DurationSeconds">For how long; null until another entry of the schedule begins.</param>
/// <param name="Min">Fewest instances; null for those of the app.</param>
/// <param name="Max">Most instances; null for those of the app.</param>
public sealed record AutoscalingSchedule(string Cron, string TimeZone, double? DurationSeconds, int? Min, int? Max);
