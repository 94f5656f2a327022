namespace Orchestrator.Core.Contract.Apps;

/// <summary>What becomes of instances whose agent cannot be reached.</summary>
/// <param name="InactiveAfterSeconds">After this a replacement is started.</param>
/// <param name="ExpungeAfterSeconds">After this the lost instance is forgotten.</param>
public sealed record UnreachableStrategy(double InactiveAfterSeconds, double ExpungeAfterSeconds);
