using Orchestrator.Core.Contract.Apps;

namespace Orchestrator.Core.Marathon.Deployments;

/// <summary>What a call wants of one app.</summary>
/// <param name="AppId">The app.</param>
/// <param name="Before">As it was; null for a new one.</param>
/// <param name="After">As it is to be; null for none.</param>
internal sealed record AppChange(string AppId, AppDefinition? Before, AppDefinition? After)
{
    /// <summary>Instances that are to be ended first.</summary>
    public IReadOnlyList<string> ToKill { get; init; } = [];

    /// <summary>A restart was asked for.</summary>
    public bool IsFresh { get; init; }

    /// <summary>Instances of another configuration are there that the change has to replace.</summary>
    public bool HasOutdated { get; init; }
}
