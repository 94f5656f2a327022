using Orchestrator.Core.Resources;

namespace Orchestrator.Core.Allocator;

/// <summary>What a framework refused of an agent under a role: no subset of it is offered again until it expires.</summary>
internal sealed record OfferFilter(ResourceList Refused, DateTimeOffset ExpiresAt);
