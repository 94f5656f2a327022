namespace Orchestrator.Core.Runtime;

/// <summary>The queue of an engine is full.</summary>
public sealed class EngineOverloadedException() : Exception("The host has more work waiting than it accepts; try again shortly.");
