using Orchestrator.Core.Views;

namespace Orchestrator.Web.Console.ViewModels.Cluster;

/// <summary>What the page of a framework shows.</summary>
/// <param name="Row">The framework; null when it is not known.</param>
/// <param name="Tasks">The tasks of the part that is shown, sorted.</param>
/// <param name="ActiveTasks">Number of tasks that are not terminal.</param>
public sealed record FrameworkModel(FrameworkRow? Row, TaskView[] Tasks, int ActiveTasks);
