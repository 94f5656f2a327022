namespace Orchestrator.Core.Contract.Pods;

/// <summary>A folder that the containers of a pod share.</summary>
/// <param name="Name">Unique in the pod.</param>
/// <param name="HostPath">A folder of the machine; null for one that is made for the instance and goes with it.</param>
public sealed record PodVolume(string Name, string? HostPath);
