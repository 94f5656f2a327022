namespace Orchestrator.AgentService.Execution.Docker;

/// <summary>How large the files <c>stdout</c> and <c>stderr</c> of a sandbox become.</summary>
/// <param name="MaxBytes">A file of this size is set aside and a new one begun.</param>
/// <param name="MaxFiles">Files of each stream, the current one included; the oldest goes.</param>
internal sealed record LogOptions(long MaxBytes, int MaxFiles)
{
    /// <summary>10 MiB, and one file set aside.</summary>
    internal static LogOptions Default { get; } = new(10 * 1024 * 1024, 2);
}
