namespace Orchestrator.AgentService.Execution.Docker;

/// <summary>No Docker daemon answers now. The message says what to do about it.</summary>
/// <param name="message">What failed, and what to do.</param>
/// <param name="inner">What the socket said.</param>
internal sealed class DockerUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
