namespace Orchestrator.Core.Allocator;

/// <summary>One framework under one role: the leaf of the sorter.</summary>
internal sealed class ClientRow(int slot, int framework, RoleRow role) : IComparable<ClientRow>
{
    public int Slot => slot;

    public int Framework => framework;

    public RoleRow Role => role;

    /// <summary>Offered or used scalars, by interned name, in thousandths.</summary>
    public long[] Allocated { get; set; } = [];

    /// <summary>Dominant share.</summary>
    public double Share { get; set; }

    /// <summary>Number of allocations, which breaks ties.</summary>
    public long Count { get; set; }

    /// <summary>Suppressed or inactive clients are not offered anything.</summary>
    public bool IsListening { get; set; }

    /// <summary>No longer subscribed; kept while it holds resources.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>The fair order.</summary>
    public int CompareTo(ClientRow? other) => FairOrder.Compare(this, other!);
}
