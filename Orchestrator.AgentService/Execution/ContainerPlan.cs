using Orchestrator.AgentService.Execution.Groups;
using Orchestrator.Core.Agent;
using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.AgentService.Execution;

/// <summary>Everything that a containerizer needs of one container; checkpointed before the launch.</summary>
/// <param name="ContainerId">UUID text.</param>
/// <param name="Task">The task.</param>
/// <param name="FrameworkId">Its framework.</param>
/// <param name="AgentId">This agent.</param>
/// <param name="SandboxDirectory">Absolute path, exists, owned by <paramref name="User"/>.</param>
/// <param name="User">The account that it runs as; null for the agent's own.</param>
/// <param name="Environment">The complete environment, Mesos' variables included.</param>
/// <param name="Group">What it shares with the others of its task group; null for a task by itself.</param>
public sealed record ContainerPlan(
    string ContainerId, TaskInfo Task, string FrameworkId, string AgentId, string SandboxDirectory, string? User, IReadOnlyDictionary<string, string> Environment, GroupPlan? Group = null)
{
    /// <summary>Persistent volumes; their directories exist and belong to <see cref="User"/> unless they are shared.</summary>
    public IReadOnlyList<TaskVolume> Volumes { get; init; } = [];
}
