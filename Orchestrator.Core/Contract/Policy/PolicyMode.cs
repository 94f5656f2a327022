namespace Orchestrator.Core.Contract.Policy;

/// <summary>How much definitions may ask of the machine.</summary>
public enum PolicyMode
{
    /// <summary>Ordinary definitions run; nothing that reaches beyond the container.</summary>
    Baseline,

    /// <summary>No host volumes and no host network for containers either.</summary>
    Restricted,

    /// <summary>Everything is allowed.</summary>
    Privileged,
}
