namespace Orchestrator.Core.Agent;

/// <summary>A persistent volume that a task uses.</summary>
/// <param name="HostPath">Absolute path of its directory.</param>
/// <param name="ContainerPath">Where the task sees it: relative to the sandbox, or absolute in an image.</param>
/// <param name="IsReadOnly">Whether the task may only read it.</param>
/// <param name="IsShared">Whether other tasks may use it at the same time.</param>
public sealed record TaskVolume(string HostPath, string ContainerPath, bool IsReadOnly, bool IsShared);
