using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Master.Frameworks;

namespace Orchestrator.Core.Master.Tasks;

/// <summary>
/// Which states end a task, and what frameworks are told.
/// <code>
/// STAGING ─► STARTING ─► RUNNING ─► KILLING ─► FINISHED FAILED KILLED ERROR LOST DROPPED GONE GONE_BY_OPERATOR
///    │ any later state may come first, and none after a terminal one           (terminal)
///    └─► UNREACHABLE ─► any of the above, when the agent returns
/// </code>
/// Frameworks without PARTITION_AWARE hear LOST for DROPPED, UNREACHABLE, GONE, GONE_BY_OPERATOR and UNKNOWN.
/// </summary>
internal static class TaskStates
{
    /// <summary>Whether nothing comes after it.</summary>
    public static bool IsTerminal(TaskState state) => state switch
    {
        TaskState.TaskFinished or TaskState.TaskFailed or TaskState.TaskKilled or TaskState.TaskError or TaskState.TaskLost
            or TaskState.TaskDropped or TaskState.TaskGone or TaskState.TaskGoneByOperator => true,
        _ => false,
    };

    /// <summary>The state as this framework knows it.</summary>
    public static TaskState For(FrameworkState framework, TaskState state) => framework.IsPartitionAware
        ? state
        : state switch
        {
            TaskState.TaskDropped or TaskState.TaskUnreachable or TaskState.TaskGone or TaskState.TaskGoneByOperator or TaskState.TaskUnknown => TaskState.TaskLost,
            _ => state,
        };

    /// <summary>The counter of ended tasks, for example <c>tasks_failed</c>.</summary>
    public static string Counter(TaskState state) => state switch
    {
        TaskState.TaskFinished => "tasks_finished",
        TaskState.TaskFailed => "tasks_failed",
        TaskState.TaskKilled => "tasks_killed",
        TaskState.TaskError => "tasks_error",
        TaskState.TaskDropped => "tasks_dropped",
        TaskState.TaskGone => "tasks_gone",
        TaskState.TaskGoneByOperator => "tasks_gone_by_operator",
        _ => "tasks_lost",
    };
}
