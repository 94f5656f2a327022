namespace Orchestrator.Core.Runtime;

/// <summary>The loop of an engine has stopped: with the host, or because a turn could not be made durable.</summary>
public sealed class EngineStoppedException(string message, Exception? innerException = null) : Exception(message, innerException);
