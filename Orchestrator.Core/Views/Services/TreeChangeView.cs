using Orchestrator.Core.Contract.Apps;

namespace Orchestrator.Core.Views.Services;

/// <summary>What one call changed in the tree of groups, told by what was there before: enough to see the tree as it was.</summary>
/// <param name="Version">Version of the tree after the change.</param>
/// <param name="Apps">Apps that it changed, as they were; null for one that was not there.</param>
/// <param name="Groups">Groups that it changed, as they were; null for one that was not there.</param>
public sealed record TreeChangeView(DateTimeOffset Version, IReadOnlyDictionary<string, AppDefinition?> Apps, IReadOnlyDictionary<string, GroupView?> Groups);
