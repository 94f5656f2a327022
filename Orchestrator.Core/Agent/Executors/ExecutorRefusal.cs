namespace Orchestrator.Core.Agent.Executors;

/// <summary>Why a call of an executor is not taken.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Message">One sentence.</param>
public sealed record ExecutorRefusal(int Status, string Message);
