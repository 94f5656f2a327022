namespace Orchestrator.Core.Agent.Executors;

/// <summary>Names one run of one executor on disk: the parts of its checkpoint and sandbox paths.</summary>
/// <param name="AgentId">The agent's id when it was started.</param>
/// <param name="FrameworkId">The framework.</param>
/// <param name="ExecutorId">As the framework calls it.</param>
/// <param name="ContainerId">UUID text.</param>
public sealed record ExecutorLocation(string AgentId, string FrameworkId, string ExecutorId, string ContainerId)
{
    /// <summary>The sandbox below the work directory, with a slash at its beginning.</summary>
    public string SandboxPath => TaskAt("").SandboxPath;

    /// <summary>Where a task of this executor lies: in its run, beside the others.</summary>
    public TaskLocation TaskAt(string taskId) => new(AgentId, FrameworkId, ExecutorId, ContainerId, taskId) { InExecutor = true };
}
