namespace Orchestrator.AgentService.Execution.Docker;

/// <summary>The Docker daemon refused something.</summary>
/// <param name="status">Its HTTP status; 0 for an error within a stream that had begun well.</param>
/// <param name="message">What it said.</param>
internal sealed class DockerException(int status, string message) : Exception(message)
{
    /// <summary>Its HTTP status.</summary>
    internal int Status => status;

    /// <summary>Whether what was named is not there.</summary>
    internal bool IsNotFound => status == 404;
}
