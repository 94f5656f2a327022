namespace Orchestrator.Core.Contract.Apps;

/// <summary>One placement rule.</summary>
/// <param name="Field"><c>hostname</c>, <c>@region</c>, <c>@zone</c>, or the name of an attribute.</param>
/// <param name="Operator">UNIQUE, CLUSTER, GROUP_BY, LIKE, UNLIKE, MAX_PER or IS.</param>
/// <param name="Value">What the operator takes; null for none.</param>
public sealed record PlacementConstraint(string Field, string Operator, string? Value);
