using Google.Protobuf;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Master.Agents;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;
using Orchestrator.Core.Views;

namespace Orchestrator.Core.Master.Tasks;

/// <summary>One task that is not completed.</summary>
internal sealed class TaskRecord(TaskKey key, TaskInfo info, AgentState agent, string role, ResourceList resources)
{
    /// <summary>Most states of a task's history that are kept.</summary>
    public const int MaxStatuses = 50;

    private List<TaskStatus> _statuses = [];
    private IReadOnlyList<TaskStatus>? _statusesView;

    public TaskKey Key => key;

    public TaskInfo Info => info;

    public AgentState Agent { get; set; } = agent;

    public string Role => role;

    public ResourceList Resources => resources;

    /// <summary>Slot in the table of tasks; -1 while unreachable.</summary>
    public int Slot { get; set; } = -1;

    /// <summary>The latest state that the agent knows of.</summary>
    public TaskState State { get; set; } = TaskState.TaskStaging;

    /// <summary>The state of the update that is on its way to the framework, which reconciliation answers.</summary>
    public TaskState UpdateState { get; set; } = TaskState.TaskStaging;

    /// <summary>Identifies that update; empty when none needs an acknowledgement.</summary>
    public ByteString UpdateUuid { get; set; } = ByteString.Empty;

    public bool? Healthy { get; set; }

    public DateTimeOffset LaunchedAt { get; set; }

    public DateTimeOffset StateSince { get; set; }

    public DateTimeOffset? UnreachableSince { get; set; }

    /// <summary>Whether its resources are still counted as used.</summary>
    public bool HoldsResources { get; set; }

    public UsageView? Usage { get; set; }

    /// <summary>The newest status of its history; null before the first.</summary>
    public TaskStatus? LastStatus => _statuses.Count > 0 ? _statuses[^1] : null;

    /// <summary>Adds to the history; of consecutive updates of one state the latest is kept, without its data.</summary>
    public void Note(TaskStatus status)
    {
        if (status.HasData)
        {
            status = status.Clone();
            status.ClearData();
        }

        _statusesView = null;
        if (_statuses.Count > 0 && _statuses[^1].State == status.State)
        {
            _statuses[^1] = status;
            return;
        }

        if (_statuses.Count >= MaxStatuses)
        {
            _statuses.RemoveAt(1);
        }

        _statuses.Add(status);
    }

    /// <summary>The task as readers see it.</summary>
    public TaskView ToView() => new()
    {
        Key = key,
        AgentId = Agent.Id,
        Info = info,
        Role = role,
        State = State,
        Statuses = _statusesView ??= [.. _statuses],
        Resources = resources,
        LaunchedAt = LaunchedAt,
        StateSince = StateSince,
        Healthy = Healthy,
        Usage = Usage,
    };
}
