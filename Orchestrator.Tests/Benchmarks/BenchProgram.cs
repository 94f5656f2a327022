using System.Globalization;

namespace Orchestrator.Tests.Benchmarks;

/// <summary>What bench.sh runs: each benchmark in turn, then the table as Markdown.</summary>
public static class BenchProgram
{
    private const string Usage = "usage: bench.sh [--small] [--agents N] [--tasks N] [--apps N] [--only launch|allocation|docker|services|executor]";

    /// <summary>Runs the benchmarks that the options name; 0 when all of them worked.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> options)
    {
        if (options is [BenchExecutor.Option])
        {
            return await BenchExecutor.RunAsync();
        }

        int agents = 1000, tasks = 20_000, rounds = 200, containers = 30, apps = 10_000, big = 50_000, executed = 2000;
        string? only = null;
        for (var i = 0; i < options.Count; i++)
        {
            switch (options[i])
            {
                case "--small":
                    (agents, tasks, rounds, containers, apps, big, executed) = (20, 400, 10, 3, 100, 500, 50);
                    break;
                case "--agents" when i + 1 < options.Count && int.TryParse(options[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out agents):
                case "--tasks" when i + 1 < options.Count && int.TryParse(options[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out tasks):
                case "--apps" when i + 1 < options.Count && int.TryParse(options[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out apps):
                    i++;
                    break;
                case "--only" when i + 1 < options.Count && options[i + 1] is "launch" or "allocation" or "docker" or "services" or "executor":
                    only = options[++i];
                    break;
                default:
                    await Console.Error.WriteLineAsync($"'{options[i]}' is not an option or lacks its value.\n{Usage}");
                    return 2;
            }
        }

        var figures = new List<Figure>();
        if (only is null or "launch")
        {
            figures.AddRange(await new LaunchBenchmark(agents, tasks, oneByOne: false, rounds).RunAsync());
            figures.AddRange(await new LaunchBenchmark(agents, tasks, oneByOne: true, offerRounds: 0).RunAsync());
        }

        if (only is null or "allocation")
        {
            figures.AddRange(new AllocationBenchmark(agents, rounds).Run());
            figures.AddRange(new AllocationBenchmark(agents * 10, rounds).Run());
        }

        if (only is null or "services")
        {
            figures.AddRange(await new ServicesBenchmark(agents, apps, perApp: 10, big, Math.Min(rounds, apps)).RunAsync());
        }

        if (only is null or "executor")
        {
            foreach (var count in new[] { executed / 10, executed, executed * 5 / 2 })
            {
                figures.AddRange(await new ExecutorBenchmark(count).RunAsync());
            }
        }

        if (only is null or "docker")
        {
            figures.AddRange(await new DockerBenchmark(containers).RunAsync());
        }

        Console.WriteLine("| what | measured | floor |\n|---|---|---|");
        foreach (var figure in figures)
        {
            Console.WriteLine($"| {figure.What} | {figure.Value} | {figure.Floor} |");
        }

        return 0;
    }
}
