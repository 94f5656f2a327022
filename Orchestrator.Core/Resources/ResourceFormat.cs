namespace Orchestrator.Core.Resources;

/// <summary>How reservations are written on the wire.</summary>
public enum ResourceFormat
{
    /// <summary>Stacked <c>reservations</c> (clients with RESERVATION_REFINEMENT).</summary>
    Refined,

    /// <summary>The old <c>role</c> and <c>reservation</c> fields.</summary>
    PreRefinement,

    /// <summary>Both, as endpoints write it when the old form can express it.</summary>
    Endpoint,
}
