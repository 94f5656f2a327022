using Orchestrator.Core.Master.Agents;
using Orchestrator.Core.Master.Frameworks;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;

namespace Orchestrator.Core.Master.Offers;

/// <summary>One outstanding offer.</summary>
internal sealed record OfferState(OfferId Id, FrameworkState Framework, AgentState Agent, string Role, ResourceList Resources, DateTimeOffset MadeAt)
{
    /// <summary>Slot among the offers of its framework.</summary>
    public int Slot { get; set; } = -1;

    /// <summary>Identity is the object.</summary>
    public bool Equals(OfferState? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
