namespace Orchestrator.Core.Marathon.Groups;

/// <summary>What was asked for of a group itself.</summary>
/// <param name="Id">Absolute path.</param>
/// <param name="Dependencies">Absolute ids of groups or apps that must run before anything in it.</param>
/// <param name="EnforceRole">Whether everything in it runs under the role that is named after it.</param>
internal sealed record GroupDefinition(string Id, IReadOnlyList<string> Dependencies, bool EnforceRole)
{
    /// <summary>A group of which nothing was said but its id.</summary>
    public static GroupDefinition Of(string id) => new(id, [], false);

    /// <summary>Whether the two say the same.</summary>
    public bool Equals(GroupDefinition? other) => other is not null && Id == other.Id && EnforceRole == other.EnforceRole && Dependencies.SequenceEqual(other.Dependencies);

    /// <inheritdoc/>
    public override int GetHashCode() => Id.GetHashCode(StringComparison.Ordinal);
}
