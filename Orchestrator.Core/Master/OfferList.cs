using System.Collections;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Views;

namespace Orchestrator.Core.Master;

/// <summary>The outstanding offers of a framework in one snapshot, which shares its pages with the snapshot before.</summary>
internal sealed class OfferList(PagedVector<OfferView?> slots, int count) : IReadOnlyCollection<OfferView>
{
    public static OfferList Empty { get; } = new(PagedVector<OfferView?>.Empty, 0);

    /// <summary>By slot; free slots are null.</summary>
    public PagedVector<OfferView?> Slots => slots;

    public int Count => count;

    public IEnumerator<OfferView> GetEnumerator()
    {
        foreach (var offer in slots)
        {
            if (offer is not null)
            {
                yield return offer;
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
