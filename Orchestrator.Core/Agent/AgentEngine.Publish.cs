using Orchestrator.Core.Agent.Executors;

namespace Orchestrator.Core.Agent;

/// <content>The snapshot for readers.</content>
public sealed partial class AgentEngine
{
    private AgentSnapshot? _snapshot;
    private bool _dirty = true;

    /// <inheritdoc/>
    public AgentSnapshot Publish(DateTimeOffset now)
    {
        if (!_dirty && _snapshot is not null)
        {
            return _snapshot;
        }

        _dirty = false;
        _snapshot = new AgentSnapshot
        {
            Version = (_snapshot?.Version ?? 0) + 1,
            AgentId = _lastAgentId,
            IsRegistered = _connected,
            IsStopping = _stopping,
            Frameworks = ViewFrameworks(),
            CompletedFrameworks = [.. _completedFrameworks.Select(framework => View(framework, [], []))],
            Counters = new AgentCounters(_finished, _failed, _killed, _lost, _launchErrors, _updates),
        };
        return _snapshot;
    }

    private AgentFrameworkView[] ViewFrameworks()
    {
        var tasks = _frameworks.Values.ToDictionary(framework => framework, framework => new List<AgentTaskView>(framework.TaskCount));
        var executors = _frameworks.Values.ToDictionary(framework => framework, framework => new List<AgentExecutorView>(framework.ExecutorCount));
        foreach (var task in _tasks.Values)
        {
            tasks[task.Framework].Add(View(task));
        }

        foreach (var executor in Book.All)
        {
            executors[executor.Framework].Add(Book.View(executor));
        }

        return [.. _frameworks.Values.Select(framework => View(framework, tasks[framework], executors[framework]))];
    }

    private static AgentFrameworkView View(AgentFramework framework, IReadOnlyList<AgentTaskView> tasks, IReadOnlyList<AgentExecutorView> executors) => new(
        framework.Info,
        tasks,
        [.. framework.Completed])
    {
        Executors = executors,
        CompletedExecutors = [.. framework.CompletedExecutors],
    };

    /// <summary>Most tasks do not change in a turn: their views are kept.</summary>
    private AgentTaskView View(AgentTask task)
    {
        if (task.View is { } kept && kept.Phase == task.Phase && kept.State == task.State && kept.Pid == task.Pid && kept.PendingUpdates == task.Updates.Count
            && kept.Statuses.Count == task.Statuses.Count && (task.Statuses.Count == 0 || ReferenceEquals(kept.Statuses[^1], task.Statuses[^1])))
        {
            return kept;
        }

        return task.View = new AgentTaskView
        {
            Location = task.Location,
            Info = task.Info,
            SandboxDirectory = options.WorkDirectory + task.Location.SandboxPath,
            Phase = task.Phase,
            State = task.State,
            Statuses = [.. task.Statuses],
            Pid = task.Pid,
            PendingUpdates = task.Updates.Count,
        };
    }
}
