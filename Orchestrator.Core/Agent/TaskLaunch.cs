using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.Core.Agent;

/// <summary>Everything that the edge needs to start or find the container of a task.</summary>
/// <param name="Location">Its ids.</param>
/// <param name="Task">The task.</param>
/// <param name="Framework">Its framework.</param>
/// <param name="SandboxDirectory">Absolute path.</param>
/// <param name="User">The account to run as; null for the agent's own.</param>
/// <param name="ExecutorSandbox">Absolute path of the sandbox that the members of its task group share; null for a task by itself.</param>
public sealed record TaskLaunch(TaskLocation Location, TaskInfo Task, FrameworkInfo Framework, string SandboxDirectory, string? User, string? ExecutorSandbox = null)
{
    /// <summary>The persistent volumes among its resources.</summary>
    public IReadOnlyList<TaskVolume> Volumes { get; init; } = [];

    /// <summary>Whether it is an executor, which finds the agent by its environment.</summary>
    public bool IsExecutor { get; init; }

    /// <summary>Of an executor: what it has from SHUTDOWN to its end.</summary>
    public TimeSpan GracePeriod { get; init; }
}
