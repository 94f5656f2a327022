namespace Orchestrator.Web.Api.Operator;

/// <summary>
/// The settings that the host runs with, by flag name, for <c>/flags</c> and <c>/state</c>. Whoever fills it leaves secrets out.
/// </summary>
/// <param name="Values">For example <c>allocation_interval</c> → <c>1secs</c>.</param>
public sealed record MasterFlags(IReadOnlyDictionary<string, string> Values);
