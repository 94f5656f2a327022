namespace Orchestrator.Core.Master;

/// <summary>The time of the turn and what it wants done: given to everything that changes the state.</summary>
/// <param name="Now">One time for the whole turn.</param>
/// <param name="Effects">Filled in order.</param>
internal readonly record struct Turn(DateTimeOffset Now, MasterEffects Effects)
{
    /// <summary>The time as the wire carries it, seconds since 1970.</summary>
    public double Timestamp => (Now - DateTimeOffset.UnixEpoch).TotalSeconds;
}
