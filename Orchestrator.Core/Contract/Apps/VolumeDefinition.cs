namespace Orchestrator.Core.Contract.Apps;

/// <summary>One volume. Kinds other than host volumes are kept as given in <see cref="Other"/>.</summary>
/// <param name="ContainerPath">Where it appears in the container.</param>
/// <param name="HostPath">Path on the agent; null for other kinds.</param>
/// <param name="IsReadOnly">Whether its mode is RO.</param>
/// <param name="Other">The raw JSON of a persistent, external or secret volume; null for host volumes.</param>
public sealed record VolumeDefinition(string ContainerPath, string? HostPath, bool IsReadOnly, string? Other)
{
    /// <summary>Data that is kept for the instance on its agent; null for other kinds.</summary>
    public PersistentVolume? Persistent { get; init; }
}
