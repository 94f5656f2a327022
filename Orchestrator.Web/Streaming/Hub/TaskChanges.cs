namespace Orchestrator.Web.Streaming.Hub;

/// <summary>One message of a stream of tasks.</summary>
/// <param name="Version">Version of the cluster's snapshot; grows from message to message.</param>
/// <param name="IsSnapshot">Whether these are all tasks, so that whatever the client had is replaced.</param>
/// <param name="Tasks">New and changed tasks.</param>
/// <param name="Removed">Tasks that the filter does not let through any more.</param>
public sealed record TaskChanges(long Version, bool IsSnapshot, IReadOnlyList<TaskMessage> Tasks, IReadOnlyList<RemovedTask> Removed);
