using Orchestrator.Core.Views;

namespace Orchestrator.Web.Console.ViewModels.Cluster;

/// <summary>What the page of an agent shows.</summary>
/// <param name="Row">The agent; null when it is not known.</param>
/// <param name="Tasks">Its tasks that are not completed.</param>
public sealed record AgentModel(AgentRow? Row, TaskView[] Tasks);
