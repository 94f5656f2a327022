namespace Orchestrator.Core.Resources;

/// <summary>A resource, a list of them or an attribute is malformed. The message names it, what is wrong and the remedy.</summary>
public sealed class ResourceException(string message) : Exception(message);
