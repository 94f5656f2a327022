namespace Orchestrator.Tests.Unit.Marathon.Deployments;

/// <summary>An engine did what it promised not to do.</summary>
internal sealed class BrokenPromiseException(string message) : Exception(message);
