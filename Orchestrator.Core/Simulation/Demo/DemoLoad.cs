namespace Orchestrator.Core.Simulation.Demo;

/// <summary>What one demo framework wants.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Role">Its role.</param>
/// <param name="Kinds">The kinds of its tasks, taken at random.</param>
/// <param name="Wanted">How many tasks it wants to run a given time after its start.</param>
/// <param name="WantsGpus">Whether it runs on agents with GPUs, and only there.</param>
internal sealed record DemoLoad(string Name, string Role, IReadOnlyList<DemoTaskKind> Kinds, Func<TimeSpan, int> Wanted, bool WantsGpus = false);
