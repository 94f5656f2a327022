using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Master.Frameworks;
using Orchestrator.Core.Master.Offers;
using Orchestrator.Core.Resources;

namespace Orchestrator.Core.Master.Tasks;

/// <summary>Whether a group of tasks may be launched together: what holds for each task, and what the group asks beyond it.</summary>
internal static class TaskGroupValidation
{
    /// <summary>The first problem; null when there is none.</summary>
    public static string? Check(Offer.Types.Operation.Types.LaunchGroup group, FrameworkState framework, OfferState offer, ResourceList offered)
    {
        var executor = group.Executor;
        if (executor is null || group.TaskGroup is null || group.TaskGroup.Tasks.Count == 0)
        {
            return "'LaunchGroup' must have an executor and at least one task";
        }

        if (!executor.HasType || executor.Type == ExecutorInfo.Types.Type.Unknown)
        {
            return "'LaunchGroup.executor.type' must be DEFAULT or CUSTOM";
        }

        if (executor.Container is { Type: ContainerInfo.Types.Type.Docker })
        {
            return "Docker ContainerInfo is not supported on the executor of a group";
        }

        return TaskValidation.CheckExecutor(executor, framework, offer.Agent)
            ?? CheckExecutorResources(executor)
            ?? group.TaskGroup.Tasks.Select(task => CheckMember(task, executor, framework, offer)).FirstOrDefault(problem => problem is not null)
            ?? (group.TaskGroup.Tasks.Select(task => task.Container?.LinuxInfo?.ShareCgroups ?? true).Distinct().Count() > 1 ? "'linux_info.share_cgroups' must be the same for all tasks of an executor" : null)
            ?? (group.TaskGroup.Tasks.Select(task => task.TaskId.Value).Distinct().Count() < group.TaskGroup.Tasks.Count ? "Tasks of the group have duplicate IDs" : null)
            ?? TaskValidation.CheckFits(group.TaskGroup.Tasks, executor, framework, offer, offered);
    }

    private static string? CheckExecutorResources(ExecutorInfo executor)
    {
        double Amount(string name) => executor.Resources.Where(resource => resource.Name == name).Sum(resource => resource.Scalar?.Value ?? 0);
        return Amount("cpus") < 0.01 ? "Executor uses less CPUs than the minimum required (0.01)"
            : Amount("mem") < 32 ? "Executor uses less memory than the minimum required (32MB)"
            : Amount("disk") <= 0 ? "Executor must use some disk" : null;
    }

    private static string? CheckMember(TaskInfo task, ExecutorInfo executor, FrameworkState framework, OfferState offer)
    {
        var problem = TaskValidation.CheckTask(task, framework, offer);
        if (problem is not null)
        {
            return $"Task '{task.TaskId.Value}' is invalid: {problem}";
        }

        if (task.Executor is not null && !task.Executor.Equals(executor))
        {
            return $"The ExecutorInfo of task '{task.TaskId.Value}' is different from the one of the group";
        }

        if (task.Container is { Type: ContainerInfo.Types.Type.Docker })
        {
            return $"Docker ContainerInfo is not supported on task '{task.TaskId.Value}' of a group";
        }

        if (task.HealthCheck is { Http: not null } or { Tcp: not null } && task.Container?.NetworkInfos.Count > 0)
        {
            return $"HTTP and TCP health checks are not supported for nested containers that join a network (task '{task.TaskId.Value}')";
        }

        return task.Limits.Count > 0 && task.Container?.LinuxInfo is not { HasShareCgroups: true, ShareCgroups: false }
            ? $"Resource limits of task '{task.TaskId.Value}' need 'linux_info.share_cgroups' to be false"
            : null;
    }
}
