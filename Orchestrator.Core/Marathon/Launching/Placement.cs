using Orchestrator.Core.Resources;

namespace Orchestrator.Core.Marathon.Launching;

/// <summary>What one instance was given of an offer.</summary>
/// <param name="Resources">All of it.</param>
/// <param name="Ports">Host ports in the order of the app's ports; null where none is published.</param>
internal sealed record Placement(ResourceList Resources, IReadOnlyList<int?> Ports)
{
    /// <summary>What has to be done with the offer before the launch.</summary>
    public IReadOnlyList<Contract.Mesos.Offer.Types.Operation> Operations { get; init; } = [];
}
