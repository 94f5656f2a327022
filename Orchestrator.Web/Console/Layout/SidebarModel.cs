namespace Orchestrator.Web.Console.Layout;

/// <summary>What the sidebar shows besides its links.</summary>
/// <param name="Cluster">Display name of the cluster.</param>
/// <param name="Apps">Number of apps.</param>
/// <param name="Pods">Number of pods.</param>
/// <param name="Deployments">Running deployments.</param>
/// <param name="Tasks">Tasks that are not terminal.</param>
/// <param name="Agents">Active agents.</param>
/// <param name="Frameworks">Subscribed frameworks.</param>
public sealed record SidebarModel(string Cluster, int Apps, int Pods, int Deployments, long Tasks, int Agents, int Frameworks);
