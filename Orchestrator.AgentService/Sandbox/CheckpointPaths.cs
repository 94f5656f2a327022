using Orchestrator.Core.Agent;
using Orchestrator.Core.Agent.Executors;

namespace Orchestrator.AgentService.Sandbox;

/// <summary>Where checkpoints lie below <c>work_dir/meta</c>. Source: Mesos' layout of the agent's work directory.</summary>
internal sealed class CheckpointPaths(string workDirectory)
{
    internal string WorkDirectory { get; } = workDirectory;

    internal string Meta { get; } = Path.Combine(workDirectory, "meta");

    internal string Lock => Path.Combine(Meta, "agent.lock");

    internal string BootId => Path.Combine(Meta, "boot_id");

    internal string Agents => Path.Combine(Meta, "slaves");

    internal string Latest => Path.Combine(Agents, "latest");

    internal string Agent(string agentId) => Path.Combine(Agents, agentId);

    internal string AgentInfo(string agentId) => Path.Combine(Agent(agentId), "slave.info");

    internal string Framework(string agentId, string frameworkId) => Path.Combine(Agent(agentId), "frameworks", frameworkId);

    internal string FrameworkInfo(string agentId, string frameworkId) => Path.Combine(Framework(agentId, frameworkId), "framework.info");

    internal string Run(TaskLocation task) => Path.Combine(Framework(task.AgentId, task.FrameworkId), "executors", task.ExecutorId, "runs", task.ContainerId);

    internal string Run(ExecutorLocation executor) => Run(executor.TaskAt(""));

    internal string ExecutorInfo(ExecutorLocation executor) => Path.Combine(Run(executor), "executor.info");

    internal string ExecutorLog(ExecutorLocation executor) => Path.Combine(Run(executor), "executor.log");

    internal string Task(TaskLocation task) => Path.Combine(Run(task), "tasks", task.TaskId);

    internal string TaskInfo(TaskLocation task) => Path.Combine(Task(task), "task.info");

    internal string TaskUpdates(TaskLocation task) => Path.Combine(Task(task), "task.updates");
}
