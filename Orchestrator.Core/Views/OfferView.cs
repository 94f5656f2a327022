using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;

namespace Orchestrator.Core.Views;

/// <summary>One outstanding offer.</summary>
public sealed record OfferView(OfferId Id, FrameworkId FrameworkId, AgentId AgentId, string Role, ResourceList Resources, DateTimeOffset MadeAt);
