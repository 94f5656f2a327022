using Orchestrator.Core.Contract.Apps;

namespace Orchestrator.Core.Marathon.Groups;

/// <summary>What a body says of a group. What it does not say is null and stays as it is.</summary>
/// <param name="Id">Absolute path.</param>
/// <param name="Path">Where in the body it stands, for errors.</param>
internal sealed record GroupUpdate(string Id, string Path)
{
    /// <summary>All apps that are to be directly in it, each with where in the body it stands.</summary>
    public IReadOnlyList<(AppDefinition App, string Path)>? Apps { get; init; }

    /// <summary>All groups that are to be directly in it.</summary>
    public IReadOnlyList<GroupUpdate>? Groups { get; init; }

    public IReadOnlyList<string>? Dependencies { get; init; }

    public bool? EnforceRole { get; init; }

    /// <summary>By what the instances of all its apps are multiplied.</summary>
    public double? ScaleBy { get; init; }

    /// <summary>The version of the tree to which it is set back.</summary>
    public DateTimeOffset? Version { get; init; }
}
