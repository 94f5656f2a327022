using Google.Protobuf;
using Orchestrator.Core.Contract.ExecutorApi;
using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.Core.Contract.Validation;

/// <summary>
/// What can be said of an executor's call without knowing the agent. Source: Mesos v1 executor API, call validation.
/// </summary>
public static class ExecutorCallShape
{
    private const string Prefix = "Failed to validate Executor::Call: ";

    /// <summary>Judges a call whose required fields are present.</summary>
    /// <returns>The body of a 400, or null when the call is well-formed.</returns>
    public static string? Check(Call call)
    {
        var error = Find(call);
        return error is null ? null : Prefix + error;
    }

    private static string? Find(Call call) => !call.HasType ? Absent("type") : call.Type switch
    {
        Call.Types.Type.Subscribe => call.Subscribe is null ? Absent("subscribe") : FindInSubscribe(call.Subscribe),
        Call.Types.Type.Update => call.Update is null ? Absent("update") : FindInUpdate(call, call.Update.Status),
        Call.Types.Type.Message => call.Message is null ? Absent("message") : null,
        _ => null,
    };

    private static string? FindInSubscribe(Call.Types.Subscribe subscribe)
    {
        foreach (var update in subscribe.UnacknowledgedUpdates)
        {
            if (CheckUuid(update.Status) is { } error)
            {
                return $"In 'subscribe.unacknowledged_updates' of task '{update.Status.TaskId.Value}': {error}";
            }
        }

        return null;
    }

    private static string? FindInUpdate(Call call, TaskStatus status)
    {
        if (CheckUuid(status) is { } error)
        {
            return error;
        }

        if (status.ExecutorId is { } named && named.Value != call.ExecutorId.Value)
        {
            return $"ExecutorID in Call: {call.ExecutorId.Value} does not match ExecutorID in TaskStatus: {named.Value}";
        }

        var sender = $"executor {call.ExecutorId.Value} of framework {call.FrameworkId.Value}";
        // An absent source is filled in by the agent.
        return status.HasSource && status.Source != TaskStatus.Types.Source.Executor ? $"Received Call from {sender} with invalid source, expecting 'SOURCE_EXECUTOR'"
            : status.State == TaskState.TaskStaging ? $"Received TASK_STAGING from {sender} which is not allowed"
            : null;
    }

    private static string? CheckUuid(TaskStatus status) => !status.HasUuid ? Absent("uuid") : CheckLength(status.Uuid);

    private static string? CheckLength(ByteString uuid) => uuid.Length == SchedulerCallShape.UuidBytes
        ? null
        : $"'uuid' is no UUID: expecting {SchedulerCallShape.UuidBytes} bytes, found {uuid.Length}";

    private static string Absent(string field) => $"Expecting '{field}' to be present";
}
