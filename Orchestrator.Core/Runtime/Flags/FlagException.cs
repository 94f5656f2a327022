namespace Orchestrator.Core.Runtime.Flags;

/// <summary>A flag is unknown, lacks its value or has a bad one. The message names the flag, the value and the remedy.</summary>
public sealed class FlagException(string message) : Exception(message);
