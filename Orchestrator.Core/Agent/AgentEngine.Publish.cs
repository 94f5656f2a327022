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
            Frameworks = [.. _frameworks.Values.Select(View)],
            CompletedFrameworks = [.. _completedFrameworks.Select(View)],
            Counters = new AgentCounters(_finished, _failed, _killed, _lost, _launchErrors, _updates),
        };
        return _snapshot;
    }

    private AgentFrameworkView View(AgentFramework framework) => new(
        framework.Info,
        [.. _tasks.Values.Where(task => task.Framework == framework).Select(View)],
        [.. framework.Completed]);

    private AgentTaskView View(AgentTask task) => new()
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
