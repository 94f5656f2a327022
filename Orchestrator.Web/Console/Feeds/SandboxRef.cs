using Orchestrator.Core.Views;

namespace Orchestrator.Web.Console.Feeds;

/// <summary>Whose sandbox: a task's latest run on its agent.</summary>
/// <param name="AgentId">The agent that holds it.</param>
/// <param name="FrameworkId">The framework.</param>
/// <param name="ExecutorId">The executor; for a command task its task id.</param>
public sealed record SandboxRef(string AgentId, string FrameworkId, string ExecutorId)
{
    /// <summary>The sandbox of a task.</summary>
    public static SandboxRef Of(TaskView task) =>
        new(task.AgentId.Value, task.Key.FrameworkId.Value, task.ExecutorId is { Length: > 0 } executor ? executor : task.Key.TaskId.Value);

    /// <summary>Its path as agents serve it: the latest run, wherever the work directory is.</summary>
    public string VirtualPath => $"/frameworks/{FrameworkId}/executors/{ExecutorId}/runs/latest";
}
