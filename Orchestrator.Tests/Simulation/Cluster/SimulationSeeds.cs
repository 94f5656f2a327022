using System.Globalization;
using Orchestrator.Core.Simulation.Cluster;

namespace Orchestrator.Tests.Simulation.Cluster;

/// <summary>Runs seeds and tells which failed: ORCHESTRATOR_SEEDS sets how many, ORCHESTRATOR_FIRST_SEED the first.</summary>
internal static class SimulationSeeds
{
    internal static void Run(ulong otherwise, Action<ulong> run)
    {
        var first = Number("ORCHESTRATOR_FIRST_SEED", 1);
        var failures = new List<string>();
        for (var seed = first; seed < first + Number("ORCHESTRATOR_SEEDS", otherwise); seed++)
        {
            try
            {
                run(seed);
            }
            catch (SimulationFailedException error)
            {
                failures.Add(error.Message);
            }
        }

        Assert.True(failures.Count == 0, $"{failures.Count} seeds failed; the first:\n{string.Join("\n\n", failures.Take(1))}\n\nothers:\n{string.Join('\n', failures.Skip(1).Take(20).Select(failure => failure.Split('\n')[0]))}");
    }

    private static ulong Number(string variable, ulong otherwise) =>
        ulong.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
