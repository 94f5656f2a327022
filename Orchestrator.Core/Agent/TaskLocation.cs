namespace Orchestrator.Core.Agent;

/// <summary>Names one run of one task on disk: the parts of its checkpoint and sandbox paths.</summary>
/// <param name="AgentId">The agent's id when the task came.</param>
/// <param name="FrameworkId">The framework.</param>
/// <param name="ExecutorId">The executor; for a command task its task id.</param>
/// <param name="ContainerId">UUID text; of a member of a task group <c>EXECUTOR_OWN</c>, both UUID text.</param>
/// <param name="TaskId">The task.</param>
public sealed record TaskLocation(string AgentId, string FrameworkId, string ExecutorId, string ContainerId, string TaskId)
{
    /// <summary>Whether its run is that of an executor, which it shares with other tasks.</summary>
    public bool InExecutor { get; init; }

    /// <summary>Digits at the end of a container id in which the members of one group differ.</summary>
    private const int MemberDigits = 4;

    /// <summary>Tasks that a group can have.</summary>
    public const int MaxGroupTasks = 1000;

    /// <summary>The container id of the executor that a member of a task group runs under; null for other tasks.</summary>
    public string? ParentContainerId => ContainerId.IndexOf('_', StringComparison.Ordinal) is > 0 and var at ? ContainerId[..at] : null;

    /// <summary>The container's own id, without its executor's.</summary>
    public string OwnContainerId => ContainerId[(ContainerId.IndexOf('_', StringComparison.Ordinal) + 1)..];

    /// <summary>What the tasks that were launched together have in common; null for tasks without a group.</summary>
    public string? GroupKey => ParentContainerId is null ? null : ContainerId[..^MemberDigits];

    /// <summary>The sandbox below the work directory, with a slash at its beginning; a member's lies in its executor's.</summary>
    public string SandboxPath => ParentContainerId is null ? ExecutorSandboxPath : $"{ExecutorSandboxPath}/containers/{OwnContainerId}";

    /// <summary>The sandbox that the members of a task group share; for other tasks their own.</summary>
    public string ExecutorSandboxPath => $"/slaves/{AgentId}/frameworks/{FrameworkId}/executors/{ExecutorId}/runs/{ParentContainerId ?? ContainerId}";

    /// <summary>The container id of a member of a group.</summary>
    /// <param name="parent">The container id of the executor.</param>
    /// <param name="group">Names the group: UUID text.</param>
    /// <param name="member">From 0, below <see cref="MaxGroupTasks"/>.</param>
    public static string MemberContainerId(string parent, Guid group, int member) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{parent}_{group.ToString("D")[..^MemberDigits]}{member:x4}");

    /// <summary>
    /// Whether an id can be one segment of a path: 1 to 255 bytes of UTF-8, not <c>.</c> or <c>..</c>, without slash, backslash and control characters.
    /// </summary>
    public static bool IsSegment(string id)
    {
        if (id.Length == 0 || id is "." or ".." || System.Text.Encoding.UTF8.GetByteCount(id) > 255)
        {
            return false;
        }

        foreach (var c in id)
        {
            if (c is '/' or '\\' || char.IsControl(c))
            {
                return false;
            }
        }

        return true;
    }
}
