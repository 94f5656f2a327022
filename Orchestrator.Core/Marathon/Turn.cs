namespace Orchestrator.Core.Marathon;

/// <summary>The time of the turn and what it wants done: given to everything that changes the state.</summary>
/// <param name="Now">One time for the whole turn.</param>
/// <param name="Effects">Filled in order.</param>
internal readonly record struct Turn(DateTimeOffset Now, MarathonEffects Effects);
