namespace Orchestrator.AgentService.Sandbox;

/// <summary>A checkpoint could not be read or written. The message is for an operator and names the remedy.</summary>
/// <param name="message">What failed, where, and what to do.</param>
/// <param name="innerException">The cause.</param>
public sealed class CheckpointException(string message, Exception? innerException = null) : Exception(message, innerException);
