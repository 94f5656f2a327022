using Orchestrator.Core.Resources;

namespace Orchestrator.Web.Console.ViewModels.Cluster;

/// <summary>What one framework holds of an agent.</summary>
/// <param name="Id">The framework.</param>
/// <param name="Name">Its name.</param>
/// <param name="Tasks">Number of its tasks there.</param>
/// <param name="Resources">What these tasks hold.</param>
public sealed record FrameworkShare(string Id, string Name, int Tasks, ResourceList Resources);
