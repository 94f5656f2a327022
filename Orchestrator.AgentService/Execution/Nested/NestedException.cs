namespace Orchestrator.AgentService.Execution.Nested;

/// <summary>A call about a nested container that cannot be done. The message is for its caller.</summary>
/// <param name="status">The status of the answer: 400, 404 or 503.</param>
/// <param name="message">What is wrong, and the remedy.</param>
internal sealed class NestedException(int status, string message) : Exception(message)
{
    internal int Status => status;
}
