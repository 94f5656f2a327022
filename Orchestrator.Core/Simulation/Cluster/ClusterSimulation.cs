using Orchestrator.Core.Agent;
using Orchestrator.Core.Coordination;
using Orchestrator.Core.Master;
using Orchestrator.Core.Primitives;

namespace Orchestrator.Core.Simulation.Cluster;

/// <summary>
/// A whole cluster in one thread from one seed: the real master and agent engines, frameworks, a network and disks that
/// fail. For a while things go wrong; then everything must come right. A broken promise throws
/// <see cref="SimulationFailedException"/>; the same seed fails the same way again.
/// </summary>
internal sealed class ClusterSimulation
{
    private static readonly TimeSpan s_settleLimit = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan s_settleStep = TimeSpan.FromSeconds(5);
    private readonly DateTimeOffset _faultsEnd;

    /// <summary>A cluster of a seed.</summary>
    /// <param name="seed">Decides everything.</param>
    /// <param name="plan">What goes wrong; null for what the seed says.</param>
    /// <param name="tamper">A planted bug; null for none.</param>
    /// <param name="services">Whether the host runs the services engine too, with somebody who deploys apps.</param>
    /// <param name="maintenance">Whether somebody drains, deactivates and reactivates agents.</param>
    public ClusterSimulation(ulong seed, FaultPlan? plan = null, Tamper? tamper = null, bool services = false, bool maintenance = false)
    {
        Seed = seed;
        Random = new SeededRandom(seed);
        Plan = plan ?? FaultPlan.From(Random);
        Tamper = tamper ?? new Tamper();
        Queue = new SimulationQueue(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Trace = new SimulationTrace(Queue);
        Oracle = new ClusterOracle(this);
        _faultsEnd = Queue.Now + Plan.Duration;
        var journal = new InMemoryJournal();
        Host = new SimulatedHost(this, new MasterOptions { Id = "", Hostname = "master", Ip = "127.0.0.1", Port = 5050, Seed = 0, AgentReregisterTimeout = TimeSpan.FromSeconds(60 + Random.NextInt32(120)) }, journal);
        var effects = new AgentEffects();
        Agents = [.. Enumerable.Range(0, 2 + Random.NextInt32(3)).Select(number => new AgentNode(this, number, effects))];
        Schedulers = [.. Enumerable.Range(0, 1 + Random.NextInt32(2)).Select(number => new SchedulerNode(this, number, 1 + Random.NextInt32(4), partitionAware: Random.NextInt32(4) > 0))];
        Frameworks = Schedulers;
        if (services)
        {
            Services = new SimulatedServices(this, journal);
            Operator = new SimulatedOperator(this, Services);
            Frameworks = [.. Schedulers, Services];
        }

        Maintenance = maintenance ? new SimulatedMaintenance(this) : null;
    }

    public ulong Seed { get; }

    public SeededRandom Random { get; }

    public FaultPlan Plan { get; }

    public Tamper Tamper { get; }

    public SimulationQueue Queue { get; }

    public SimulationTrace Trace { get; }

    public ClusterOracle Oracle { get; }

    public SimulatedHost Host { get; }

    public IReadOnlyList<AgentNode> Agents { get; }

    public IReadOnlyList<SchedulerNode> Schedulers { get; }

    /// <summary>The services engine; null when the host runs none.</summary>
    public SimulatedServices? Services { get; }

    public SimulatedOperator? Operator { get; }

    /// <summary>Who takes agents out of use and back; null when nobody does.</summary>
    public SimulatedMaintenance? Maintenance { get; }

    /// <summary>The schedulers and the services.</summary>
    public IReadOnlyList<ISimulatedFramework> Frameworks { get; }

    /// <summary>Whether things still go wrong.</summary>
    public bool IsFaulty => Queue.Now < _faultsEnd;

    /// <summary>Runs to the end.</summary>
    /// <exception cref="SimulationFailedException">A promise was broken.</exception>
    public void Run()
    {
        Host.Start();
        foreach (var agent in Agents)
        {
            agent.Start();
        }

        foreach (var scheduler in Schedulers)
        {
            scheduler.Start();
        }

        Operator?.Start();
        Maintenance?.Start();
        ScheduleFaults();
        Queue.RunUntil(_faultsEnd);
        Trace.Add("world", "faults end");
        Settle();
    }

    public SimulatedConnection Connect() => new(Queue, Random, Plan.MaxLatency, new StreamId(Random.NextGuid()));

    /// <summary>The program of a task that is launched now: while things go wrong, some end by themselves.</summary>
    public string ProgramOfNewTask() => IsFaulty && Random.NextInt32(2) == 0
        ? Random.NextInt32(2) == 0 ? "start=100ms-5secs run=1secs-40secs fail=20%" : "start=10ms-100ms run=100ms-3secs exit=3"
        : "start=50ms-3secs";

    private void Settle()
    {
        var limit = Queue.Now + s_settleLimit;
        string? unsettled;
        do
        {
            Maintenance?.ReactivateAll();
            Queue.RunUntil(Queue.Now + s_settleStep);
            unsettled = Oracle.Unsettled();
            if (unsettled is null)
            {
                // It must stay so, and quiet links must stand.
                var linksLost = Agents.Sum(agent => agent.LinksLost);
                Queue.RunUntil(Queue.Now + (s_settleStep * 12));
                unsettled = Oracle.Unsettled() ?? (Agents.Sum(agent => agent.LinksLost) > linksLost ? "a link broke though nothing was wrong" : null);
            }

            if (Queue.Now > limit)
            {
                Oracle.Fail("world", $"not settled {s_settleLimit.TotalMinutes:0} minutes after the last fault: {unsettled}");
            }
        }
        while (unsettled is not null);

        if (Services?.Snapshot is { } services)
        {
            Operator!.Check(services);
        }
    }

    private void ScheduleFaults()
    {
        Repeat(Plan.HostCrashes, () => Host.Crash("kill -9"));
        Repeat(Plan.LinkBreaks, () => OneOf(Agents).CutLink());
        Repeat(Plan.LinkBreaks * 2, () => OneOf(Schedulers).CutLink());
        Repeat(Services is null ? null : Plan.LinkBreaks * 2, () => Services!.CutLink());
        Repeat(Plan.Partitions, () => OneOf(Agents).CutOff(TimeSpan.FromSeconds(1 + Random.NextInt32(60))));
        Repeat(Plan.Partitions * 2, () => OneOf(Schedulers).CutOff(TimeSpan.FromSeconds(1 + Random.NextInt32(60))));
        Repeat(Plan.AgentCrashes, () => OneOf(Agents).Crash());
        Repeat(Plan.Reboots, () => OneOf(Agents).Reboot());
        Repeat(Plan.SchedulerCrashes, () => OneOf(Schedulers).Crash());
        Repeat(Plan.Kills, () => OneOf(Schedulers).KillOne());
    }

    private T OneOf<T>(IReadOnlyList<T> all) => all[Random.NextInt32(all.Count)];

    private void Repeat(TimeSpan? every, Action fault)
    {
        if (every is not { } mean)
        {
            return;
        }

        Queue.After(mean * (0.02 + (1.96 * Random.NextDouble())), () =>
        {
            if (IsFaulty)
            {
                fault();
                Repeat(every, fault);
            }
        });
    }
}
