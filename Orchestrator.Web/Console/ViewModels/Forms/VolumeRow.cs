using System.Text.Json.Nodes;

namespace Orchestrator.Web.Console.ViewModels.Forms;

/// <summary>One volume.</summary>
public sealed class VolumeRow
{
    /// <summary>Which keys it has.</summary>
    public VolumeKind Kind { get; set; }

    /// <summary>Where it appears in the container.</summary>
    public string ContainerPath { get; set; } = "";

    /// <summary>Folder of the machine; host volumes only.</summary>
    public string HostPath { get; set; } = "";

    /// <summary>RO or RW.</summary>
    public string Mode { get; set; } = "RW";

    /// <summary>MiB; persistent volumes only.</summary>
    public string SizeMiB { get; set; } = "";

    /// <summary>Name of an external volume.</summary>
    public string Name { get; set; } = "";

    /// <summary>What it was read from, with the keys that the form does not show.</summary>
    public JsonObject? Source { get; init; }
}
