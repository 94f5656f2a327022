using Orchestrator.Core.Primitives;

namespace Orchestrator.Core.Simulation.Cluster;

/// <summary>
/// What goes wrong in one run, and how often. Each seed has some kinds of faults and not others: a run with everything
/// broken all the time finds less than runs that differ.
/// </summary>
internal sealed record FaultPlan
{
    /// <summary>How long things go wrong; afterwards everything must come right.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Longest time of a message on its way.</summary>
    public TimeSpan MaxLatency { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Mean times between faults; null for never.</summary>
    public TimeSpan? LinkBreaks { get; init; }

    public TimeSpan? Partitions { get; init; }

    public TimeSpan? HostCrashes { get; init; }

    public TimeSpan? AgentCrashes { get; init; }

    public TimeSpan? Reboots { get; init; }

    public TimeSpan? SchedulerCrashes { get; init; }

    public TimeSpan? Kills { get; init; }

    /// <summary>Chance that a commit of the host takes its process with it or is refused by the disk.</summary>
    public double BadCommits { get; init; }

    /// <summary>Chance that a write of an agent takes its process with it.</summary>
    public double BadAgentWrites { get; init; }

    /// <summary>Chance that a batch of calls is taken in part and comes again.</summary>
    public double RepeatedBatches { get; init; }

    /// <summary>Nothing goes wrong.</summary>
    public static FaultPlan None { get; } = new();

    /// <summary>The plan of a seed.</summary>
    public static FaultPlan From(SeededRandom random) => new()
    {
        Duration = TimeSpan.FromSeconds(60 + random.NextInt32(180)),
        MaxLatency = TimeSpan.FromMilliseconds(random.NextInt32(3) switch { 0 => 2, 1 => 50, _ => 1500 }),
        LinkBreaks = Every(random, 10, 60),
        Partitions = Every(random, 20, 90),
        HostCrashes = Every(random, 20, 90),
        AgentCrashes = Every(random, 10, 60),
        Reboots = Every(random, 30, 120),
        SchedulerCrashes = Every(random, 15, 90),
        Kills = Every(random, 3, 30),
        BadCommits = random.NextInt32(3) == 0 ? 0.02 : 0,
        BadAgentWrites = random.NextInt32(3) == 0 ? 0.01 : 0,
        RepeatedBatches = random.NextInt32(2) == 0 ? 0.05 : 0,
    };

    private static TimeSpan? Every(SeededRandom random, int least, int most) =>
        random.NextInt32(2) == 0 ? null : TimeSpan.FromSeconds(least + random.NextInt32(most - least));
}
