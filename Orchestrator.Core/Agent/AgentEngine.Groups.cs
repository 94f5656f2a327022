using System.Globalization;
using Orchestrator.Core.Agent.Groups;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;
using KillCauses = Orchestrator.Core.Contract.Checkpoint.UpdateRecord.Types.KillCause;
using Reasons = Orchestrator.Core.Contract.Mesos.TaskStatus.Types.Reason;

namespace Orchestrator.Core.Agent;

/// <content>Task groups: taken together or not at all, ended together. Source: Mesos' default executor.</content>
public sealed partial class AgentEngine
{
    /// <summary>By the container id of the executor.</summary>
    private readonly Dictionary<string, GroupExecutor> _groups = [];

    private void RunGroup(AgentEvent.Types.RunTaskGroup run, DateTimeOffset now, AgentEffects effects)
    {
        var frameworkId = new FrameworkId(run.FrameworkInfo.Id.Value);
        if (run.TaskGroup.Tasks.FirstOrDefault(task => _tasks.ContainsKey(new TaskKey(frameworkId, new TaskId(task.TaskId.Value)))) is { } known)
        {
            effects.Note($"Task {known.TaskId.Value} of a group is here already; the group is not started a second time.");
            return;
        }

        var isCustom = run.Executor is not { HasType: true, Type: ExecutorInfo.Types.Type.Default };
        if ((isCustom ? CustomGroupRefusal(run) : GroupRefusal(run)) is var (reason, message))
        {
            foreach (var task in run.TaskGroup.Tasks)
            {
                Drop(run.FrameworkInfo.Id, task.TaskId, run.FrameworkInfo, reason, message, now, effects);
            }

            if (isCustom)
            {
                Book.TellMissing(run.FrameworkInfo.Id, run.Executor.ExecutorId, effects);
            }

            return;
        }

        if (isCustom)
        {
            RunGroupInExecutor(run, now, effects);
            return;
        }

        var framework = Adopt(run.FrameworkInfo, effects);
        var executor = _groups.Values.FirstOrDefault(group => group.Framework == framework && group.Info.ExecutorId.Value == run.Executor.ExecutorId.Value);
        if (executor is null)
        {
            executor = new GroupExecutor(run.TaskGroup.Tasks[0].Executor ?? run.Executor, framework, random.NextGuid().ToString("D"));
            _groups.Add(executor.ContainerId, executor);
        }

        var group = random.NextGuid();
        foreach (var sent in run.TaskGroup.Tasks)
        {
            var info = sent.Clone();
            info.Executor ??= run.Executor;
            var containerId = TaskLocation.MemberContainerId(executor.ContainerId, group, run.TaskGroup.Tasks.IndexOf(sent));
            var location = new TaskLocation(_lastAgentId, framework.Id, run.Executor.ExecutorId.Value, containerId, info.TaskId.Value);
            var task = new AgentTask(location, info, framework, now) { Group = executor };
            Add(task);
            executor.Tasks.Add(task);
            effects.Checkpoint(new AgentCheckpoint.TaskAccepted(location, info));
            _queue.Enqueue(task);
        }
    }

    private (Reasons Reason, string Message)? GroupRefusal(AgentEvent.Types.RunTaskGroup run)
    {
        if (!TaskLocation.IsSegment(run.Executor.ExecutorId.Value))
        {
            return (Reasons.TaskGroupInvalid, "executor_id must be 1 to 255 bytes without '/', '\\' and control characters, and not '.' or '..'");
        }

        if (run.TaskGroup.Tasks.Count is 0 or > TaskLocation.MaxGroupTasks || _tasks.Count + run.TaskGroup.Tasks.Count > MaxTasks)
        {
            return (Reasons.TaskGroupInvalid, string.Create(
                CultureInfo.InvariantCulture, $"The group has {run.TaskGroup.Tasks.Count} tasks; the agent takes 1 to {TaskLocation.MaxGroupTasks} in a group and holds {MaxTasks} at most"));
        }

        foreach (var port in run.Executor.Container?.NetworkInfos.SelectMany(network => network.PortMappings) ?? [])
        {
            if (port.ContainerPort is 0 or > 65535 || (port.Protocol.Length > 0 && port.Protocol.ToLowerInvariant() is not ("tcp" or "udp")))
            {
                return (Reasons.TaskGroupInvalid, $"The port mapping {port.HostPort}:{port.ContainerPort}/{port.Protocol} of the executor is wrong: ports are 1 to 65535, protocols tcp and udp");
            }

            if (!run.TaskGroup.Tasks.SelectMany(task => task.Resources).Concat(run.Executor.Resources).Any(resource => Holds(resource, port.HostPort)))
            {
                return (Reasons.TaskGroupInvalid, $"The port {port.HostPort} of the host that the executor maps is in no resources of the group; give it or a task the 'ports'");
            }
        }

        foreach (var task in run.TaskGroup.Tasks)
        {
            if (SharedRefusal(run.FrameworkInfo, task) is var (reason, message))
            {
                return (reason, message);
            }
        }

        return null;
    }

    private static bool Holds(Resource resource, uint port) =>
        resource.Name == "ports" && (resource.Ranges?.Range.Any(range => range.Begin <= port && port <= range.End) ?? false);

    /// <summary>A task of an earlier run of the agent goes back to the executor of its group.</summary>
    private void JoinGroup(AgentTask task)
    {
        if (task.Location.ParentContainerId is not { } containerId)
        {
            return;
        }

        if (!_groups.TryGetValue(containerId, out var executor))
        {
            var info = task.Info.Executor ?? new ExecutorInfo { ExecutorId = new ExecutorID { Value = task.Location.ExecutorId } };
            executor = new GroupExecutor(info, task.Framework, containerId);
            _groups.Add(containerId, executor);
        }

        task.Group = executor;
        executor.Tasks.Add(task);
    }

    /// <summary>
    /// What ended is out; and when the agent stopped between the end of a task and the kill of its companions, they are
    /// killed now.
    /// </summary>
    private void RecoverGroups(DateTimeOffset now, AgentEffects effects)
    {
        var members = _groups.Values.SelectMany(executor => executor.Tasks).ToArray();
        foreach (var task in members.Where(task => task.KillCause is not null || (IsTerminal(task.State) && task.State != TaskState.TaskFinished)))
        {
            KillGroupOf(task, null, now, effects);
        }

        foreach (var task in members.Where(task => task.Phase == TaskPhase.Ended))
        {
            LeaveGroup(task, now, effects);
        }
    }

    private void KillWithGroup(AgentTask task, KillCauses cause, KillPolicy? policy, DateTimeOffset now, AgentEffects effects)
    {
        if (task.Phase == TaskPhase.Ended)
        {
            // It finished; that lets its companions go on.
            return;
        }

        Kill(task, cause, GracePeriod(task, policy), now, effects);
        KillGroupOf(task, policy, now, effects);
    }

    /// <summary>Kills those that were launched together with a task.</summary>
    private void KillGroupOf(AgentTask task, KillPolicy? policy, DateTimeOffset now, AgentEffects effects)
    {
        foreach (var other in task.Group?.Companions(task) ?? [])
        {
            Kill(other, KillCauses.Requested, GracePeriod(other, policy), now, effects);
        }
    }

    /// <summary>A task has ended: unless it finished, its companions end too; with the last task goes what they shared.</summary>
    private void LeaveGroup(AgentTask task, DateTimeOffset now, AgentEffects effects)
    {
        if (task.Group is not { } executor || !executor.Tasks.Contains(task))
        {
            return;
        }

        if (task.State != TaskState.TaskFinished)
        {
            KillGroupOf(task, null, now, effects);
        }

        // Killing companions that had not started ends them at once, and this task with its executor may be out by now.
        executor.Tasks.Remove(task);
        if (executor.Tasks.Count == 0 && _groups.Remove(executor.ContainerId))
        {
            effects.Do(new AgentAction.RemoveGroup(executor.ContainerId));
        }
    }

    /// <summary>Ends all tasks of a default executor; false when there is no such executor.</summary>
    private bool ShutDownGroups(AgentEvent.Types.ShutdownExecutor shutdown, DateTimeOffset now, AgentEffects effects)
    {
        var executor = _groups.Values.FirstOrDefault(
            group => group.Framework.Id == shutdown.FrameworkId.Value && group.Info.ExecutorId.Value == shutdown.ExecutorId.Value);
        foreach (var task in executor?.Tasks.ToArray() ?? [])
        {
            Kill(task, KillCauses.Requested, GracePeriod(task, null), now, effects);
        }

        return executor is not null;
    }

    private void AddGroupExecutors(AgentCall.Types.Subscribe subscribe)
    {
        foreach (var executor in _groups.Values.Where(executor => !executor.Framework.IsShutDown))
        {
            subscribe.Executors.Add(new AgentCall.Types.HeldExecutor { ExecutorInfo = executor.Info, FrameworkId = executor.Framework.Info.Id });
        }
    }

    private static ContainerID WireId(TaskLocation location)
    {
        var id = new ContainerID { Value = location.OwnContainerId };
        if (location.ParentContainerId is { } parent)
        {
            id.Parent = new ContainerID { Value = parent };
        }

        return id;
    }
}
