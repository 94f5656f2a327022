using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon.Instances;

namespace Orchestrator.Core.Marathon.Pods;

/// <summary>
/// From the conditions of a pod's containers to that of the instance. While one of them is there, the instance is: it ends
/// when the last has ended, and badly if one did.
/// </summary>
internal static class PodConditions
{
    private static readonly Condition[] s_ends = [Condition.Error, Condition.Failed, Condition.Gone, Condition.Dropped, Condition.Unknown, Condition.Killed, Condition.Finished];
    private static readonly Condition[] s_ways = [Condition.Provisioned, Condition.Staging, Condition.Starting];

    /// <summary>Notes the status of one container; its container, and whether that changed.</summary>
    public static (PodTask? Task, bool Changed) Note(InstanceState instance, TaskStatus status, DateTimeOffset now)
    {
        var task = instance.Containers.FirstOrDefault(container => instance.TaskIdOf(container.Name) == status.TaskId.Value);
        return task is null || Conditions.IsTerminal(task.Condition) ? (task, false) : (task, task.Move(Conditions.Of(status), status.Message, now));
    }

    /// <summary>The condition of the instance.</summary>
    public static Condition Of(IReadOnlyList<PodTask> containers)
    {
        var live = containers.Where(container => !Conditions.IsTerminal(container.Condition)).Select(container => container.Condition).ToHashSet();
        if (live.Count == 0)
        {
            return s_ends.First(end => containers.Any(container => container.Condition == end));
        }

        if (live.Contains(Condition.Unreachable))
        {
            return Condition.Unreachable;
        }

        // One that ended badly takes the others with it.
        return live.Contains(Condition.Killing) || containers.Any(container => Conditions.IsTerminal(container.Condition) && container.Condition != Condition.Finished)
            ? Condition.Killing
            : s_ways.Where(live.Contains).DefaultIfEmpty(Condition.Running).First();
    }

    /// <summary>The index of a container's health check among those of the pod; null without one.</summary>
    public static int? CheckOf(AppDefinition app, string container)
    {
        var index = 0;
        foreach (var candidate in app.Pod?.Containers ?? [])
        {
            if (candidate.Name == container)
            {
                return candidate.HealthCheck is null ? null : index;
            }

            index += candidate.HealthCheck is null ? 0 : 1;
        }

        return null;
    }
}
