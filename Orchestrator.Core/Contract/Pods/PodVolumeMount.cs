namespace Orchestrator.Core.Contract.Pods;

/// <summary>A volume of the pod in one of its containers.</summary>
/// <param name="Name">The volume.</param>
/// <param name="MountPath">Where it is: absolute with an image, relative to the sandbox without.</param>
/// <param name="IsReadOnly">Whether the container may not write to it.</param>
public sealed record PodVolumeMount(string Name, string MountPath, bool IsReadOnly);
