using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Master.Agents;
using Orchestrator.Core.Master.Frameworks;
using Orchestrator.Core.Resources;

namespace Orchestrator.Core.Master.Tasks;

/// <summary>Whether a group of tasks may be launched together: what holds for each task, and what the group asks beyond it.</summary>
internal static class TaskGroupValidation
{
    /// <summary>The first problem; null when there is none.</summary>
    public static string? Check(Offer.Types.Operation.Types.LaunchGroup group, FrameworkState framework, AgentState agent, ResourceList offered)
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

        return TaskValidation.CheckExecutor(executor, framework, agent)
            ?? CheckExecutorResources(executor)
            ?? group.TaskGroup.Tasks.Select(task => CheckMember(task, executor, framework, agent)).FirstOrDefault(problem => problem is not null)
            ?? (group.TaskGroup.Tasks.Select(task => task.TaskId.Value).Distinct().Count() < group.TaskGroup.Tasks.Count ? "Tasks of the group have duplicate IDs" : null)
            ?? TaskValidation.CheckFits(group.TaskGroup.Tasks, executor, framework, agent, offered, out _);
    }

    private static string? CheckExecutorResources(ExecutorInfo executor)
    {
        double Amount(string name) => executor.Resources.Where(resource => resource.Name == name).Sum(resource => resource.Scalar?.Value ?? 0);
        return Amount("cpus") < 0.01 ? "Executor uses less CPUs than the minimum required (0.01)"
            : Amount("mem") < 32 ? "Executor uses less memory than the minimum required (32MB)"
            : Amount("disk") <= 0 ? "Executor must use some disk" : null;
    }

    private static string? CheckMember(TaskInfo task, ExecutorInfo executor, FrameworkState framework, AgentState agent)
    {
        var problem = TaskValidation.CheckTask(task, framework, agent);
        if (problem is not null)
        {
            return $"Task '{task.TaskId.Value}' is invalid: {problem}";
        }

        if (task.Executor is not null && !task.Executor.Equals(executor))
        {
            return $"The ExecutorInfo of task '{task.TaskId.Value}' is different from the one of the group";
        }

        return task.Container is { Type: ContainerInfo.Types.Type.Docker }
            ? $"Docker ContainerInfo is not supported on task '{task.TaskId.Value}' of a group"
            : null;
    }
}
