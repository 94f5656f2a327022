using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;
using OperationType = Orchestrator.Core.Contract.Mesos.Offer.Types.Operation.Types.Type;

namespace Orchestrator.Core.Resources;

/// <summary>
/// What an offer operation makes of resources: the ones it takes become others of the same amount. RESERVE adds a reservation,
/// UNRESERVE takes the last one off, CREATE makes a persistent volume of disk, DESTROY makes it disk again, GROW_VOLUME and
/// SHRINK_VOLUME change a volume's size.
/// </summary>
/// <param name="Consumed">What it takes.</param>
/// <param name="Converted">What it gives for it.</param>
public sealed record ResourceConversion(ResourceList Consumed, ResourceList Converted)
{
    /// <summary>The conversion of an operation that has its body.</summary>
    /// <exception cref="ResourceException">A resource is malformed, or the operation converts nothing (LAUNCH and the like).</exception>
    public static ResourceConversion Of(Offer.Types.Operation operation) => operation.Type switch
    {
        OperationType.Reserve when operation.Reserve.Source.Count > 0 => new(ResourceList.FromProto(operation.Reserve.Source), ResourceList.FromProto(operation.Reserve.Resources)),
        OperationType.Reserve => Each(operation.Reserve.Resources, item => item.WithoutLastReservation(), item => item),
        OperationType.Unreserve => Each(operation.Unreserve.Resources, item => item, item => item.WithoutLastReservation()),
        OperationType.Create => Each(operation.Create.Volumes, item => item.WithoutVolume(), item => item),
        OperationType.Destroy => Each(operation.Destroy.Volumes, item => item, item => item.WithoutVolume()),
        OperationType.GrowVolume => Grow(ResourceItem.FromProto(operation.GrowVolume.Volume), ResourceItem.FromProto(operation.GrowVolume.Addition)),
        OperationType.ShrinkVolume => Shrink(ResourceItem.FromProto(operation.ShrinkVolume.Volume), Quantity.FromDouble(operation.ShrinkVolume.Subtract.Value)),
        _ => throw new ResourceException($"The operation {operation.Type} converts no resources."),
    };

    /// <summary>The resources after it; null when they do not hold what it takes.</summary>
    public ResourceList? Apply(ResourceList resources) => resources.Contains(Consumed) ? resources - Consumed + Converted : null;

    /// <summary>What an agent has: what it declared, with what operations made of parts of it.</summary>
    /// <param name="declared">The agent's own resources.</param>
    /// <param name="checkpointed">Its dynamic reservations and persistent volumes.</param>
    /// <exception cref="ResourceException">The agent does not declare what was reserved any more.</exception>
    public static ResourceList Total(ResourceList declared, ResourceList checkpointed)
    {
        var total = declared;
        foreach (var item in checkpointed.Items)
        {
            var below = ResourceList.Of([item.Declared()]);
            total = total.Contains(below)
                ? total - below + ResourceList.Of([item])
                : throw new ResourceException($"{ResourceList.FullText(item)} was reserved on the agent, which has no {below.ToFullText()} for it any more: {total.ToFullText()}.");
        }

        return total;
    }

    /// <summary>What of an agent's total has to be kept by it, as its flags do not say it: dynamic reservations and volumes.</summary>
    public static ResourceList Checkpointed(ResourceList total) => total.Where(item => item.IsDynamicallyReserved || item.VolumeId is not null);

    private static ResourceConversion Each(IEnumerable<Resource> resources, Func<ResourceItem, ResourceItem> consumed, Func<ResourceItem, ResourceItem> converted)
    {
        var items = resources.Select(ResourceItem.FromProto).ToList();
        return new ResourceConversion(ResourceList.Of(items.Select(consumed)), ResourceList.Of(items.Select(converted)));
    }

    private static ResourceConversion Grow(ResourceItem volume, ResourceItem addition) =>
        new(ResourceList.Of([volume, addition]), ResourceList.Of([volume.WithScalar(volume.Scalar + addition.Scalar)]));

    private static ResourceConversion Shrink(ResourceItem volume, Quantity amount) =>
        new(ResourceList.Of([volume]), ResourceList.Of([volume.WithScalar(volume.Scalar - amount), volume.WithoutVolume().WithScalar(amount)]));
}
