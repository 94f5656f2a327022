using Orchestrator.Core.Contract.QuotaApi;
using Orchestrator.Core.Resources;

namespace Orchestrator.Core.Views;

/// <summary>One role.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Weight">Its weight, 1 by default.</param>
/// <param name="Frameworks">Frameworks subscribed to it.</param>
/// <param name="Allocated">What its tasks hold.</param>
/// <param name="Offered">What is offered under it.</param>
/// <param name="Reserved">What is reserved to it.</param>
public sealed record RoleView(string Name, double Weight, IReadOnlyList<string> Frameworks, ResourceList Allocated, ResourceList Offered, ResourceList Reserved)
{
    /// <summary>What it is guaranteed and limited to; null without quota. Shared, never to be changed.</summary>
    public QuotaConfig? Quota { get; init; }
}
