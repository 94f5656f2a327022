namespace Orchestrator.Core.Marathon.Autoscaling;

/// <summary>What an autoscaler does, or why it does nothing.</summary>
internal enum ScalingAction
{
    /// <summary>More instances.</summary>
    ScaleUp,

    /// <summary>Fewer instances.</summary>
    ScaleDown,

    /// <summary>The load is near the target.</summary>
    InRange,

    /// <summary>More would be needed than there may be.</summary>
    AtMaximum,

    /// <summary>Another number is wanted, and its time has not come.</summary>
    Waiting,

    /// <summary>Figures are missing: nothing is done that they could prove wrong.</summary>
    NoFigures,

    /// <summary>A deployment holds the app.</summary>
    Locked,

    /// <summary>The app is suspended.</summary>
    Suspended,

    /// <summary>The scaling was refused.</summary>
    Refused,
}
