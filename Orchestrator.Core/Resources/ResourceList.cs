using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;

namespace Orchestrator.Core.Resources;

/// <summary>
/// An immutable bag of resources: scalars in thousandths, ranges and sets, each with its reservations, disk, sharing and
/// revocability. Arithmetic merges what is alike; nothing empty is kept. Source: the resource model of Mesos.
/// </summary>
public sealed partial class ResourceList
{
    private readonly ResourceItem[] _items;

    private ResourceList(ResourceItem[] items) => _items = items;

    /// <summary>No resources.</summary>
    public static ResourceList Empty { get; } = new([]);

    /// <summary>Its items; no two of them alike, none empty.</summary>
    public ReadOnlySpan<ResourceItem> Items => _items;

    /// <summary>Whether nothing is in it.</summary>
    public bool IsEmpty => _items.Length == 0;

    /// <summary>Names of all scalars in it, ordinal order.</summary>
    public IReadOnlyList<string> ScalarNames =>
        [.. _items.Where(item => item.Kind == Value.Types.Type.Scalar).Select(item => item.Name).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Merges items into a list.</summary>
    public static ResourceList Of(IEnumerable<ResourceItem> items)
    {
        var merged = new List<ResourceItem>();
        foreach (var item in items)
        {
            Merge(merged, item);
        }

        return merged.Count == 0 ? Empty : new ResourceList([.. merged]);
    }

    /// <summary>Unallocated and allocated forms both read; the old <c>role</c> form becomes a reservation.</summary>
    /// <exception cref="ResourceException">A resource is malformed; the message names it and what is wrong.</exception>
    public static ResourceList FromProto(IEnumerable<Resource> resources) => Of(resources.Select(ResourceItem.FromProto));

    /// <summary>The union.</summary>
    public static ResourceList operator +(ResourceList a, ResourceList b)
    {
        if (a.IsEmpty || b.IsEmpty)
        {
            return a.IsEmpty ? b : a;
        }

        var merged = new List<ResourceItem>(a._items.Length + b._items.Length);
        merged.AddRange(a._items);
        foreach (var item in b._items)
        {
            Merge(merged, item);
        }

        return new ResourceList([.. merged]);
    }

    /// <summary>What is left; parts of <paramref name="b"/> that are not in <paramref name="a"/> are ignored.</summary>
    public static ResourceList operator -(ResourceList a, ResourceList b)
    {
        if (a.IsEmpty || b.IsEmpty)
        {
            return a;
        }

        var rest = new List<ResourceItem>(a._items);
        foreach (var item in b._items)
        {
            var index = FindLike(rest, item);
            if (index < 0)
            {
                continue;
            }

            var left = rest[index].Subtract(item);
            if (left.IsEmpty)
            {
                rest.RemoveAt(index);
            }
            else
            {
                rest[index] = left;
            }
        }

        return rest.Count == 0 ? Empty : new ResourceList([.. rest]);
    }

    /// <summary>Whether all of <paramref name="other"/> is in it.</summary>
    public bool Contains(ResourceList other)
    {
        foreach (var item in other._items)
        {
            var index = FindLike(_items, item);
            if (index < 0 || !_items[index].Contains(item))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The first item of <paramref name="other"/> that is not wholly in it; null when it contains them all.</summary>
    public ResourceItem? FirstMissing(ResourceList other)
    {
        foreach (var item in other._items)
        {
            var index = FindLike(_items, item);
            if (index < 0 || !_items[index].Contains(item))
            {
                return item;
            }
        }

        return null;
    }

    /// <summary>Sum of a scalar over all reservations; zero when absent. Names: cpus, mem, disk, gpus, …</summary>
    public Quantity Scalar(string name)
    {
        var sum = Quantity.Zero;
        foreach (var item in _items)
        {
            if (item.Kind == Value.Types.Type.Scalar && item.Name == name)
            {
                sum += item.Scalar;
            }
        }

        return sum;
    }

    /// <summary>The merged ranges of a name (<c>ports</c>) over all reservations, ascending, inclusive; empty when absent.</summary>
    public IReadOnlyList<ValueRange> Ranges(string name)
    {
        ValueRange[] merged = [];
        foreach (var item in _items)
        {
            if (item.Kind == Value.Types.Type.Ranges && item.Name == name)
            {
                merged = RangeArithmetic.Add(merged, item.Ranges);
            }
        }

        return merged;
    }

    /// <summary>Only what is reserved to nobody.</summary>
    public ResourceList Unreserved() => Where(item => !item.IsReserved);

    /// <summary>Only what one task at a time may use.</summary>
    public ResourceList Exclusive()
    {
        foreach (var item in _items)
        {
            if (item.IsShared)
            {
                return Where(item => !item.IsShared);
            }
        }

        return this;
    }

    /// <summary>Only what matches.</summary>
    public ResourceList Where(Func<ResourceItem, bool> predicate)
    {
        var kept = Array.FindAll(_items, item => predicate(item));
        return kept.Length == _items.Length ? this : kept.Length == 0 ? Empty : new ResourceList(kept);
    }

    /// <summary>What a role may use: unreserved, and reserved to it or to a role above it.</summary>
    public ResourceList AllocatableTo(string role) => Where(item => !item.IsReserved || role == item.Role || role.StartsWith(item.Role + "/", StringComparison.Ordinal));

    /// <summary>Reserved parts by the role of their last reservation.</summary>
    public IReadOnlyDictionary<string, ResourceList> ReservedByRole() =>
        _items.Where(item => item.IsReserved).GroupBy(item => item.Role).ToDictionary(group => group.Key, group => new ResourceList([.. group]));

    /// <inheritdoc/>
    public override string ToString() => string.Join("; ", _items.Select(item => item.Name + (item.IsReserved ? $"({item.Role})" : "") + ":" + ValueText(item)));

    /// <summary>For messages about what is allocated, for example <c>cpus(allocated: web):0.5</c>.</summary>
    public string ToText(string allocatedTo) => string.Join("; ", _items.Select(item =>
        $"{item.Name}(allocated: {allocatedTo}){(item.IsReserved ? $"(reserved: {item.Role})" : "")}:{ValueText(item)}"));

    /// <summary>With every reservation and volume, for example <c>cpus:3; disk(reservations: [(DYNAMIC,a/b,p1)])[data1:data]:64</c>.</summary>
    public string ToFullText() => string.Join("; ", _items.Select(FullText));

    /// <summary>One item as <see cref="ToFullText"/> writes it.</summary>
    public static string FullText(ResourceItem item)
    {
        var reservations = string.Join(",", item.Reservations.Select(reservation =>
            $"({(reservation.Type == Resource.Types.ReservationInfo.Types.Type.Dynamic ? "DYNAMIC" : "STATIC")},{reservation.Role}{(reservation.HasPrincipal ? "," + reservation.Principal : "")})"));
        var volume = item.VolumeId is { } id ? $"[{id}{(item.Disk!.Volume is { } mount ? ":" + mount.ContainerPath : "")}]" : "";
        return $"{item.Name}{(item.IsReserved ? $"(reservations: [{reservations}])" : "")}{volume}{(item.IsRevocable ? "{REV}" : "")}{(item.IsShared ? "<SHARED>" : "")}:{ValueText(item)}";
    }

    private static string ValueText(ResourceItem item) => item.Kind switch
    {
        Value.Types.Type.Scalar => item.Scalar.ToString(),
        Value.Types.Type.Ranges => $"[{string.Join(", ", item.Ranges)}]",
        _ => $"{{{string.Join(", ", item.Set)}}}",
    };

    private static void Merge(List<ResourceItem> items, ResourceItem item)
    {
        if (item.IsEmpty)
        {
            return;
        }

        var index = item.IsIndivisible && !item.IsShared ? -1 : FindLike(items, item);
        if (index < 0)
        {
            items.Add(item);
        }
        else
        {
            items[index] = items[index].Add(item);
        }
    }

    private static int FindLike(List<ResourceItem> items, ResourceItem item)
    {
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i].IsLike(item))
            {
                return i;
            }
        }

        return -1;
    }

    private static int FindLike(ResourceItem[] items, ResourceItem item)
    {
        for (var i = 0; i < items.Length; i++)
        {
            if (items[i].IsLike(item))
            {
                return i;
            }
        }

        return -1;
    }
}
