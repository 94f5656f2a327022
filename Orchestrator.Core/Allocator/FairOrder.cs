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

    public static void Insert(List<ClientRow> order, ClientRow client)
    {
        int low = 0, high = order.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = Compare(order[middle], client) < 0 ? (middle + 1, high) : (low, middle);
        }

        order.Insert(low, client);
    }

    /// <summary>Moves the element at an index, whose key changed, to its place.</summary>
    public static void Settle(List<ClientRow> order, int index)
    {
        var moved = order[index];
        while (index + 1 < order.Count && Compare(order[index + 1], moved) < 0)
        {
            order[index] = order[++index];
        }

        while (index > 0 && Compare(moved, order[index - 1]) < 0)
        {
            order[index] = order[--index];
        }

        order[index] = moved;
    }

    /// <summary>The same for roles.</summary>
    public static void Settle(List<RoleRow> order, int index)
    {
        var moved = order[index];
        while (index + 1 < order.Count && Compare(order[index + 1], moved) < 0)
        {
            order[index] = order[++index];
        }

        while (index > 0 && Compare(moved, order[index - 1]) < 0)
        {
            order[index] = order[--index];
        }

        order[index] = moved;
    }
}
