namespace Orchestrator.Core.Contract;

/// <summary>The master answered a scheduler call with an error status.</summary>
/// <param name="status">HTTP status, for example 400.</param>
/// <param name="message">The body of the answer.</param>
public sealed class SchedulerCallException(int status, string message) : Exception(message)
{
    /// <summary>HTTP status, for example 400.</summary>
    public int Status => status;
}
