using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.Web.Api.Operator.Json;

/// <summary>Task states by the names of the wire.</summary>
internal static class TaskStates
{
    private static readonly Dictionary<TaskState, string> s_names = Names();

    /// <summary>For example <c>TASK_RUNNING</c>.</summary>
    internal static string Name(TaskState state) => s_names[state];

    /// <summary>The states that <c>/state-summary</c> counts, in its order; later ones are not listed there.</summary>
    internal static TaskState[] Summarised { get; } =
    [
        TaskState.TaskStaging, TaskState.TaskStarting, TaskState.TaskRunning, TaskState.TaskKilling, TaskState.TaskFinished,
        TaskState.TaskKilled, TaskState.TaskFailed, TaskState.TaskLost, TaskState.TaskError, TaskState.TaskUnreachable,
    ];

    private static Dictionary<TaskState, string> Names()
    {
        var names = new Dictionary<TaskState, string>();
        foreach (var value in MesosReflection.Descriptor.FindTypeByName<Google.Protobuf.Reflection.EnumDescriptor>("TaskState").Values)
        {
            names[(TaskState)value.Number] = value.Name;
        }

        return names;
    }
}
