namespace Orchestrator.Core.Views.Services;

/// <summary>A container of a pod's instance.</summary>
/// <param name="Name">Its name in the pod.</param>
/// <param name="TaskId">Its task.</param>
/// <param name="State">For example <c>TASK_RUNNING</c>.</param>
/// <param name="Since">Since when.</param>
/// <param name="Healthy">What its check says; null without one, or before it answered.</param>
/// <param name="Message">What was said of its state last.</param>
public sealed record PodTaskView(string Name, string TaskId, string State, DateTimeOffset Since, bool? Healthy, string Message);
