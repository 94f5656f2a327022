namespace Orchestrator.AgentService.Execution.Docker;

/// <summary>A piece of a container's output, at most a line.</summary>
/// <param name="IsError">Whether it went to stderr.</param>
/// <param name="Payload">Valid until more is appended to the frames.</param>
internal readonly record struct LogFrame(bool IsError, ReadOnlyMemory<byte> Payload);
