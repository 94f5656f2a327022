namespace Orchestrator.Web.Console.ViewModels.Forms;

/// <summary>The kinds of volume.</summary>
public enum VolumeKind
{
    /// <summary>A folder of the machine.</summary>
    Host,

    /// <summary>Kept for the instance on its agent.</summary>
    Persistent,

    /// <summary>Of a storage provider.</summary>
    External,

    /// <summary>Something else, which only the JSON shows.</summary>
    Other,
}
