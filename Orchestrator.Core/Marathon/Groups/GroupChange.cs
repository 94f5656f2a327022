namespace Orchestrator.Core.Marathon.Groups;

/// <summary>What a call wants of one group.</summary>
/// <param name="Id">The group.</param>
/// <param name="Before">As it was; null for a new one.</param>
/// <param name="After">As it is to be; null for none.</param>
internal sealed record GroupChange(string Id, GroupDefinition? Before, GroupDefinition? After);
