namespace Orchestrator.Tests.Support;

/// <summary>An engine did what it promised not to do.</summary>
internal sealed class BrokenPromiseException(string message) : Exception(message);
