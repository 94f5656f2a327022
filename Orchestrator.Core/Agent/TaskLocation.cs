namespace Orchestrator.Core.Agent;

/// <summary>Names one run of one task on disk: the parts of its checkpoint and sandbox paths.</summary>
/// <param name="AgentId">The agent's id when the task came.</param>
/// <param name="FrameworkId">The framework.</param>
/// <param name="ExecutorId">The executor; for a command task its task id.</param>
/// <param name="ContainerId">UUID text.</param>
/// <param name="TaskId">The task.</param>
public sealed record TaskLocation(string AgentId, string FrameworkId, string ExecutorId, string ContainerId, string TaskId)
{
    /// <summary>The sandbox below the work directory, with a slash at its beginning.</summary>
    public string SandboxPath => $"/slaves/{AgentId}/frameworks/{FrameworkId}/executors/{ExecutorId}/runs/{ContainerId}";

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
