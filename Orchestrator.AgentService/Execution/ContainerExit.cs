namespace Orchestrator.AgentService.Execution;

/// <summary>How a container ended.</summary>
/// <param name="ExitCode">Exit code; 128 + signal when a signal ended it; null when it is not known.</param>
/// <param name="OutOfMemory">Whether the kernel ended it at its memory limit.</param>
/// <param name="Message">One sentence.</param>
public sealed record ContainerExit(int? ExitCode, bool OutOfMemory, string Message);
