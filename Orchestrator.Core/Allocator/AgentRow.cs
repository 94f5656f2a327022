using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;

namespace Orchestrator.Core.Allocator;

/// <summary>What the allocator knows of one agent.</summary>
internal sealed class AgentRow(int slot)
{
    public int Slot => slot;

    public ResourceList Total { get; set; } = ResourceList.Empty;

    public ResourceList Available { get; set; } = ResourceList.Empty;

    public bool Active { get; set; }

    public bool HasGpus { get; set; }

    public string? Region { get; set; }

    /// <summary>In the queue of agents that a cycle must look at.</summary>
    public bool IsDirty { get; set; }

    /// <summary>Something of it was kept from a role for the sake of quota: it is looked at again whenever anything changes.</summary>
    public bool IsHeldBack { get; set; }

    /// <summary>Filters by client slot; null while there are none.</summary>
    public Dictionary<int, OfferFilter>? Filters { get; set; }

    /// <summary>Whether any item is reserved, shared or revocable, so that not every role may have all of it.</summary>
    public bool IsPlain { get; set; } = true;

    public void SetTotal(ResourceList total)
    {
        Total = total;
        HasGpus = total.Scalar("gpus") > Quantity.Zero;
        IsPlain = true;
        foreach (var item in total.Items)
        {
            IsPlain &= item.Identity.Length == 0;
        }
    }
}
