using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.Core.Agent.Groups;

/// <summary>
/// The default executor of task groups, built in: what its tasks share, a sandbox and a network, has its container id.
/// It lives as long as one of its tasks does. Changed by the engine only.
/// </summary>
internal sealed class GroupExecutor(ExecutorInfo info, AgentFramework framework, string containerId)
{
    internal ExecutorInfo Info { get; } = info;

    internal AgentFramework Framework { get; } = framework;

    internal string ContainerId { get; } = containerId;

    /// <summary>Its tasks that have not ended, of all groups that were launched on it.</summary>
    internal List<AgentTask> Tasks { get; } = [];

    /// <summary>Those that were launched together with a task, itself excepted.</summary>
    internal AgentTask[] Companions(AgentTask task) => [.. Tasks.Where(other => other != task && other.Location.GroupKey == task.Location.GroupKey)];
}
