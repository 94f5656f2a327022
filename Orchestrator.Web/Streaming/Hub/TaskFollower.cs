using Microsoft.AspNetCore.SignalR;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Views;

namespace Orchestrator.Web.Streaming.Hub;

/// <summary>
/// Compares snapshots for one stream of tasks. Views that did not change are the same objects in the next snapshot, so a
/// comparison is one of references.
/// </summary>
internal sealed class TaskFollower
{
    private static readonly Dictionary<string, TaskState> s_states = Enum.GetValues<TaskState>().ToDictionary(TaskMessage.WireName);

    private readonly TaskFilter _filter;
    private readonly HashSet<TaskState>? _states;
    private Dictionary<TaskKey, TaskView>? _sent;

    /// <exception cref="HubException">The filter names an unknown state.</exception>
    public TaskFollower(TaskFilter filter)
    {
        _filter = filter;
        if (filter.States is not { Count: > 0 } names)
        {
            return;
        }

        _states = [];
        foreach (var name in names)
        {
            _states.Add(s_states.TryGetValue(name, out var state) ? state : throw new HubException($"states: '{name}' is no task state; write for example TASK_RUNNING."));
        }
    }

    /// <summary>What to send for a newer snapshot; null when nothing changed.</summary>
    /// <exception cref="HubException">Too many tasks match.</exception>
    public TaskChanges? Next(ClusterSnapshot cluster)
    {
        var before = _sent;
        var now = new Dictionary<TaskKey, TaskView>(before?.Count ?? 0);
        var changed = new List<TaskMessage>();
        foreach (var task in cluster.Tasks)
        {
            if (task is null || !Matches(task))
            {
                continue;
            }

            if (now.Count >= ClusterHub.MaxTasks)
            {
                throw new HubException($"More than {ClusterHub.MaxTasks} tasks match. Follow fewer: give frameworkId, agentId or states.");
            }

            now[task.Key] = task;
            if (before is null || !before.TryGetValue(task.Key, out var known) || !ReferenceEquals(known, task))
            {
                changed.Add(TaskMessage.Of(task));
            }
        }

        _sent = now;
        var removed = before is null ? [] : Removed(before, now, cluster);
        return before is null || changed.Count > 0 || removed.Count > 0 ? new TaskChanges(cluster.Version, before is null, changed, removed) : null;
    }

    private static List<RemovedTask> Removed(Dictionary<TaskKey, TaskView> before, Dictionary<TaskKey, TaskView> now, ClusterSnapshot cluster)
    {
        var gone = before.Keys.Where(key => !now.ContainsKey(key)).ToHashSet();
        if (gone.Count == 0)
        {
            return [];
        }

        var ends = new Dictionary<TaskKey, TaskView>();
        foreach (var task in cluster.Tasks.Where(task => task is not null && gone.Contains(task.Key)))
        {
            ends[task!.Key] = task;
        }

        foreach (var framework in cluster.Frameworks.Concat(cluster.CompletedFrameworks).Where(framework => framework is not null && gone.Any(key => key.FrameworkId == framework.Id)))
        {
            foreach (var task in framework!.CompletedTasks.Concat(framework.UnreachableTasks).Where(task => gone.Contains(task.Key)))
            {
                ends[task.Key] = task;
            }
        }

        return [.. gone.Select(key => ends.TryGetValue(key, out var end)
            ? new RemovedTask(key.FrameworkId.Value, key.TaskId.Value, TaskMessage.WireName(end.State), end.Statuses.Count > 0 ? end.Statuses[^1].Message : "")
            : new RemovedTask(key.FrameworkId.Value, key.TaskId.Value, "", ""))];
    }

    private bool Matches(TaskView task) =>
        (_filter.FrameworkId is null || task.Key.FrameworkId.Value == _filter.FrameworkId)
        && (_filter.AgentId is null || task.AgentId.Value == _filter.AgentId)
        && (_states is null || _states.Contains(task.State));
}
