namespace Orchestrator.Web.Console.ViewModels.Apps;

/// <summary>The parts of a health bar, in their order.</summary>
public enum HealthPart
{
    /// <summary>Running, all checks pass.</summary>
    Healthy,

    /// <summary>Running, a check fails.</summary>
    Unhealthy,

    /// <summary>Running, without a check or before its first result.</summary>
    Unknown,

    /// <summary>Launched, not yet running.</summary>
    Staged,

    /// <summary>More than wanted.</summary>
    OverCapacity,

    /// <summary>Wanted, not yet launched.</summary>
    Unscheduled,
}
