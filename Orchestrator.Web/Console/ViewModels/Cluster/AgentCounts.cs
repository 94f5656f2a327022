namespace Orchestrator.Web.Console.ViewModels.Cluster;

/// <summary>Agents by how they stand.</summary>
/// <param name="Active">Connected and offering.</param>
/// <param name="Inactive">Registered, without a link or deactivated.</param>
/// <param name="Unreachable">Not answering.</param>
/// <param name="Recovering">Known from before a restart, expected back.</param>
public readonly record struct AgentCounts(int Active, int Inactive, int Unreachable, int Recovering)
{
    /// <summary>All known agents.</summary>
    public int Total => Active + Inactive + Unreachable + Recovering;
}
