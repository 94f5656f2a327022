using System.Runtime.InteropServices;

namespace Orchestrator.Core.Allocator;

/// <summary>
/// Dominant resource fairness: who has the least dominant share comes first; ties by fewer allocations, then by name or
/// slot. Lists stay sorted; after a change one element moves to its place. Source: Ghodsi et al., NSDI 2011.
/// </summary>
internal static class FairOrder
{
    public static int Compare(ClientRow a, ClientRow b)
    {
        var order = a.Share.CompareTo(b.Share);
        order = order != 0 ? order : a.Count.CompareTo(b.Count);
        return order != 0 ? order : a.Slot.CompareTo(b.Slot);
    }

    public static int Compare(RoleRow a, RoleRow b)
    {
        var order = a.Share.CompareTo(b.Share);
        order = order != 0 ? order : a.Count.CompareTo(b.Count);
        return order != 0 ? order : string.CompareOrdinal(a.Name, b.Name);
    }

    public static double Dominant(long[] allocated, long[] total, bool[] excluded)
    {
        var share = 0.0;
        for (var i = 0; i < allocated.Length && i < total.Length; i++)
        {
            if (total[i] > 0 && !excluded[i])
            {
                share = Math.Max(share, (double)allocated[i] / total[i]);
            }
        }

        return share;
    }

    public static void Insert(List<ClientRow> order, ClientRow client) => order.Insert(Place(CollectionsMarshal.AsSpan(order), client), client);

    /// <summary>
    /// Moves the row at an index, whose key changed, to its place: found by halving, as who was given something goes from the
    /// front of the list nearly to its end.
    /// </summary>
    public static void Settle<T>(List<T> order, int index)
        where T : class, IComparable<T>
    {
        var rows = CollectionsMarshal.AsSpan(order);
        var moved = rows[index];
        if (index + 1 < rows.Length && rows[index + 1].CompareTo(moved) < 0)
        {
            var after = rows[(index + 1)..];
            var place = Place(after, moved);
            after[..place].CopyTo(rows[index..]);
            rows[index + place] = moved;
        }
        else if (index > 0 && moved.CompareTo(rows[index - 1]) < 0)
        {
            var place = Place(rows[..index], moved);
            rows[place..index].CopyTo(rows[(place + 1)..]);
            rows[place] = moved;
        }
    }

    /// <summary>How many rows come before it.</summary>
    private static int Place<T>(ReadOnlySpan<T> rows, T row)
        where T : class, IComparable<T>
    {
        int low = 0, high = rows.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = rows[middle].CompareTo(row) < 0 ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
