using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.Core.Marathon.Instances;

/// <summary>
/// From Mesos' states to conditions.
/// <code>
/// Scheduled ─ offer fits ─► Provisioned ─► Staging ─► Starting ─► Running ─► Killing
///     ▲                          └────────── any of these ──────────┬──► Unreachable ─► UnreachableInactive
///     │  goal Running, next incarnation                             │          └─► (returns: Running)
///     └──────────── Finished Failed Killed Error Gone Dropped Unknown ◄──────┘
///                   goal Decommissioned: forgotten
/// </code>
/// </summary>
internal static class Conditions
{
    /// <summary>The condition that a status brings.</summary>
    public static Condition Of(TaskStatus status) => status.State switch
    {
        TaskState.TaskStaging => Condition.Staging,
        TaskState.TaskStarting => Condition.Starting,
        TaskState.TaskRunning => Condition.Running,
        TaskState.TaskKilling => Condition.Killing,
        TaskState.TaskFinished => Condition.Finished,
        TaskState.TaskFailed => Condition.Failed,
        TaskState.TaskKilled => Condition.Killed,
        TaskState.TaskError => Condition.Error,
        TaskState.TaskDropped => Condition.Dropped,
        TaskState.TaskGone or TaskState.TaskGoneByOperator => Condition.Gone,
        TaskState.TaskUnreachable => Condition.Unreachable,
        TaskState.TaskUnknown => Condition.Unknown,
        _ => OfLost(status.Reason),
    };

    /// <summary>Whether the task has ended.</summary>
    public static bool IsTerminal(Condition condition) => condition is Condition.Finished or Condition.Failed or Condition.Killed
        or Condition.Error or Condition.Gone or Condition.Dropped or Condition.Unknown;

    /// <summary>Whether a task of it is or may be there.</summary>
    public static bool IsActive(Condition condition) => condition is Condition.Provisioned or Condition.Staging or Condition.Starting
        or Condition.Running or Condition.Killing or Condition.Unreachable or Condition.UnreachableInactive;

    /// <summary>Whether the end delays the next launch.</summary>
    public static bool IsFailure(Condition condition) => condition is Condition.Dropped or Condition.Error or Condition.Failed or Condition.Gone or Condition.Finished;

    /// <summary>TASK_LOST of old masters says by its reason what happened.</summary>
    private static Condition OfLost(TaskStatus.Types.Reason reason) => reason switch
    {
        TaskStatus.Types.Reason.AgentRemoved or TaskStatus.Types.Reason.AgentDisconnected => Condition.Unreachable,
        TaskStatus.Types.Reason.InvalidOffers => Condition.Dropped,
        TaskStatus.Types.Reason.Reconciliation => Condition.Unknown,
        _ => Condition.Gone,
    };
}
