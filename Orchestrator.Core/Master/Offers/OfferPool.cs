using Orchestrator.Core.Resources;
using OperationType = Orchestrator.Core.Contract.Mesos.Offer.Types.Operation.Types.Type;

namespace Orchestrator.Core.Master.Offers;

/// <summary>What the offers of one ACCEPT hold while its operations are applied one after another.</summary>
internal sealed class OfferPool
{
    private readonly ResourceList _offered;
    private ResourceList _converted = ResourceList.Empty;
    private ResourceList _later = ResourceList.Empty;

    /// <summary>A pool of all that the offers hold.</summary>
    public OfferPool(ResourceList offered)
    {
        _offered = offered;
        Rest = offered;
    }

    /// <summary>What the next operation may use.</summary>
    public ResourceList Rest { get; set; }

    /// <summary>What is left that was offered like this: the filter of the ACCEPT holds for it.</summary>
    public ResourceList Refused => Rest - Unused;

    /// <summary>What operations made and nothing used: it is offered again without a filter.</summary>
    public ResourceList Made => Unused + _later;

    private ResourceList Unused => _converted.IsEmpty ? ResourceList.Empty : Rest.Where(item => _converted.Items.ToArray().Any(made => made.IsLike(item)) && !_offered.Contains(ResourceList.Of([item])));

    /// <summary>Converts a part of it. The result of a resize can be used only from the next offer on.</summary>
    /// <returns>Why not; null when it is done.</returns>
    public string? Convert(OperationType type, ResourceConversion conversion)
    {
        if (!Rest.Contains(conversion.Consumed))
        {
            return $"{Rest.ToFullText()} does not contain {conversion.Consumed.ToFullText()}";
        }

        Rest -= conversion.Consumed;
        if (type is OperationType.GrowVolume or OperationType.ShrinkVolume)
        {
            _later += conversion.Converted;
        }
        else
        {
            Rest += conversion.Converted;
            _converted += conversion.Converted;
        }

        return null;
    }
}
