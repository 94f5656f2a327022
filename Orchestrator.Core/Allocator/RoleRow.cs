namespace Orchestrator.Core.Allocator;

/// <summary>One role with its clients in the order of their shares.</summary>
internal sealed class RoleRow(string name, double weight, QuotaRow quota) : IComparable<RoleRow>
{
    public string Name => name;

    public double Weight { get; set; } = weight;

    /// <summary>Quota of the top-level role that it belongs to.</summary>
    public QuotaRow Quota => quota;

    /// <summary>Offered or used scalars, by interned name, in thousandths.</summary>
    public long[] Allocated { get; set; } = [];

    /// <summary>Dominant share divided by the weight.</summary>
    public double Share { get; set; }

    public long Count { get; set; }

    /// <summary>Listening clients, least share first.</summary>
    public List<ClientRow> Order { get; } = [];

    /// <summary>All clients, listening or not.</summary>
    public List<ClientRow> Clients { get; } = [];

    /// <summary>The fair order.</summary>
    public int CompareTo(RoleRow? other) => FairOrder.Compare(this, other!);
}
