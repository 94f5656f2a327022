namespace Orchestrator.Core.Views;

/// <summary>One thing that happened in the cluster, for people.</summary>
/// <param name="Sequence">Grows by one.</param>
/// <param name="At">When.</param>
/// <param name="Kind">A short stable word, for example <c>agent-registered</c>, <c>task-failed</c>.</param>
/// <param name="Subject">The id of what it happened to.</param>
/// <param name="Text">One sentence.</param>
public sealed record ClusterEvent(long Sequence, DateTimeOffset At, string Kind, string Subject, string Text);
