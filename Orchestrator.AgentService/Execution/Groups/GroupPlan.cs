using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.AgentService.Execution.Groups;

/// <summary>What a container shares with the others of its task group.</summary>
/// <param name="ContainerId">The container id of their executor.</param>
/// <param name="SandboxDirectory">The sandbox of their executor: absolute path, exists.</param>
/// <param name="Executor">Says which network they are on, and which ports of the host lead into it.</param>
/// <param name="Network">The network, once it is there; null when they use the host's.</param>
public sealed record GroupPlan(string ContainerId, string SandboxDirectory, ExecutorInfo Executor, GroupNetwork? Network = null);
