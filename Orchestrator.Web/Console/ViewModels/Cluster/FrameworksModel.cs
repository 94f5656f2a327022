namespace Orchestrator.Web.Console.ViewModels.Cluster;

/// <summary>What the list of frameworks shows.</summary>
/// <param name="Rows">The rows that the filter lets through.</param>
/// <param name="Active">Number subscribed.</param>
/// <param name="Away">Number known but not subscribed.</param>
/// <param name="Completed">Number removed.</param>
public sealed record FrameworksModel(FrameworkRow[] Rows, int Active, int Away, int Completed);
