namespace Orchestrator.AgentService.Hosting;

/// <summary>A flag is wrong. The message names the flag, its value and the remedy.</summary>
/// <param name="message">For the operator.</param>
public sealed class AgentConfigurationException(string message) : Exception(message);
