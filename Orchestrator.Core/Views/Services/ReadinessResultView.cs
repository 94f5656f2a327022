namespace Orchestrator.Core.Views.Services;

/// <summary>What a new instance answered when a deployment asked whether it is ready.</summary>
/// <param name="Name">Name of the check.</param>
/// <param name="TaskId">Who was asked.</param>
/// <param name="Ready">Whether it is ready.</param>
/// <param name="Response">The answer; null unless the check keeps it.</param>
public sealed record ReadinessResultView(string Name, string TaskId, bool Ready, ReadinessResponse? Response);
