namespace Orchestrator.AgentService.Execution.Fetching;

/// <summary>A URI could not be fetched. The message is for the user of the task.</summary>
internal sealed class FetchException(string message) : Exception(message);
