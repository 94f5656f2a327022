namespace Orchestrator.Core.Contract.Apps;

/// <summary>Container settings of an app.</summary>
public sealed record ContainerDefinition
{
    /// <summary>Whether Docker runs it; otherwise the agent itself.</summary>
    public required bool IsDocker { get; init; }

    /// <summary>The image and its options; null without an image.</summary>
    public DockerDefinition? Docker { get; init; }

    /// <summary>Ports of bridge and container networks; null on the host network.</summary>
    public IReadOnlyList<PortMapping>? PortMappings { get; init; }

    /// <summary>Volumes.</summary>
    public IReadOnlyList<VolumeDefinition> Volumes { get; init; } = [];

    /// <summary><c>linuxInfo</c> as given: raw JSON; null for none.</summary>
    public string? LinuxInfo { get; init; }
}
