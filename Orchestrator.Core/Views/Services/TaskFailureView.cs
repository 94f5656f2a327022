namespace Orchestrator.Core.Views.Services;

/// <summary>The last failure of an app, as <c>lastTaskFailure</c> tells it.</summary>
public sealed record TaskFailureView(string AppId, string Host, string Message, string State, string TaskId, DateTimeOffset Timestamp, DateTimeOffset Version, string AgentId);
