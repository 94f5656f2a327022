using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;

namespace Orchestrator.Core.Resources;

/// <summary>
/// An immutable bag of resources: scalars in thousandths, ranges and sets, each with its reservations, disk, sharing and
/// revocability. Arithmetic merges what is alike. Source: the resource model of Mesos.
/// </summary>
public sealed class ResourceList
{
    /// <summary>No resources.</summary>
    public static ResourceList Empty { get; } = new();

    /// <summary>Whether nothing is in it.</summary>
    public bool IsEmpty => throw new NotImplementedException();

    /// <summary>Unallocated and allocated forms both read; the old <c>role</c> form becomes a reservation.</summary>
    /// <exception cref="ResourceException">A resource is malformed; the message names it and what is wrong.</exception>
    public static ResourceList FromProto(IEnumerable<Resource> resources) => throw new NotImplementedException();

    /// <summary>Parses Mesos' flag syntax: <c>cpus:4;mem(role):1024;ports:[1-2,5-9];x:{a,b}</c>, or a JSON array.</summary>
    /// <exception cref="ResourceException">The text is malformed; the message names the part.</exception>
    public static ResourceList Parse(string text, string defaultRole = "*") => throw new NotImplementedException();

    /// <summary>As the wire carries it.</summary>
    /// <param name="format">How reservations are written, and whether allocation_info is.</param>
    /// <param name="allocationRole">The role for allocation_info; null leaves it out.</param>
    public IReadOnlyList<Resource> ToProto(ResourceFormat format = ResourceFormat.Refined, string? allocationRole = null) => throw new NotImplementedException();

    /// <summary>Sum of a scalar over all reservations; zero when absent. Names: cpus, mem, disk, gpus, …</summary>
    public Quantity Scalar(string name) => throw new NotImplementedException();

    /// <summary>The merged ranges of a name (<c>ports</c>) over all reservations, ascending, inclusive; empty when absent.</summary>
    public IReadOnlyList<ValueRange> Ranges(string name) => throw new NotImplementedException();

    /// <summary>Names of all scalars in it, ordinal order.</summary>
    public IReadOnlyList<string> ScalarNames => throw new NotImplementedException();

    /// <summary>Only what is reserved to nobody.</summary>
    public ResourceList Unreserved() => throw new NotImplementedException();

    /// <summary>Reserved parts by the role of their last reservation.</summary>
    public IReadOnlyDictionary<string, ResourceList> ReservedByRole() => throw new NotImplementedException();

    /// <summary>Whether all of <paramref name="other"/> is in it.</summary>
    public bool Contains(ResourceList other) => throw new NotImplementedException();

    /// <summary>The union.</summary>
    public static ResourceList operator +(ResourceList a, ResourceList b) => throw new NotImplementedException();

    /// <summary>What is left; parts of <paramref name="b"/> that are not in <paramref name="a"/> are ignored.</summary>
    public static ResourceList operator -(ResourceList a, ResourceList b) => throw new NotImplementedException();
}

/// <summary>An inclusive range.</summary>
/// <param name="Begin">First number.</param>
/// <param name="End">Last number.</param>
public readonly record struct ValueRange(long Begin, long End);

/// <summary>How reservations are written on the wire.</summary>
public enum ResourceFormat
{
    /// <summary>Stacked <c>reservations</c> (clients with RESERVATION_REFINEMENT).</summary>
    Refined,

    /// <summary>The old <c>role</c> and <c>reservation</c> fields.</summary>
    PreRefinement,

    /// <summary>Both, as endpoints write it when the old form can express it.</summary>
    Endpoint,
}

/// <summary>A resource or a list of them is malformed.</summary>
public sealed class ResourceException(string message) : Exception(message);
