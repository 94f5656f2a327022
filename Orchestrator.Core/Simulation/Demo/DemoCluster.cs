using Orchestrator.Core.Agent;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Master;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Runtime.Streams;
using Orchestrator.Core.Views;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Core.Simulation.Demo;

/// <summary>
/// A cluster for demonstrations and measurements: simulated agents with the real agent engine, frameworks and apps with a
/// believable load, and now and then an agent that goes and comes, all of it against the host's real master. Nothing real runs.
/// One caller at a time.
/// </summary>
public sealed class DemoCluster
{
    /// <summary>How often it looks for messages.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private const int DialsPerStep = 500;
    private const double UsageReportsPerSecond = 200;
    private readonly DemoOptions _options;
    private readonly SimulationQueue _queue;
    private readonly SeededRandom _random;
    private readonly DemoMaster _master;
    private readonly TimeProvider _time;
    private readonly IEngineGateway<MarathonCommand, MarathonReply, ServicesSnapshot>? _services;
    private readonly List<DemoAgent> _agents;
    private readonly AgentEffects _effects = new();
    private List<DemoFramework> _frameworks = [];
    private double _usageDue;
    private int _nextUsage;

    /// <summary>A cluster that does nothing before its first step; without <paramref name="services"/> it has no apps.</summary>
    public DemoCluster(DemoOptions options, IEngineGateway<MasterCommand, MasterReply, ClusterSnapshot> master, EventStreams<Event> schedulers, EventStreams<AgentEvent> agents, TimeProvider time, IEngineGateway<MarathonCommand, MarathonReply, ServicesSnapshot>? services = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Agents, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Agents, DemoOptions.MaxAgents);
        (_options, _time, _services) = (options, time, services);
        _random = new SeededRandom(options.Seed);
        _queue = new SimulationQueue(time.GetUtcNow());
        _master = new DemoMaster(master, schedulers, agents, new SeededRandom(_random.NextUInt64()));
        _agents = new List<DemoAgent>(options.Agents);
        _queue.After(TimeSpan.Zero, AddAgents);
        _queue.After(FaultPause(), Fault);
    }

    /// <summary>Agents whose link is open.</summary>
    public int LinkedAgents => _agents.Count(agent => agent.IsLinked);

    /// <summary>Tasks of its own frameworks that are launched and not ended.</summary>
    public int LiveTasks => _frameworks.Sum(framework => framework.Live);

    /// <summary>Runs until cancelled or until the master stops.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Step, _time);
        try
        {
            do
            {
                Advance();
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (Exception error) when (error is EngineStoppedException or OperationCanceledException)
        {
            // The host is stopping.
        }
    }

    /// <summary>One step: everything that is due, then everything that came.</summary>
    public void Advance()
    {
        _queue.RunUntil(_time.GetUtcNow());
        foreach (var agent in _agents)
        {
            agent.Poll();
        }

        foreach (var framework in _frameworks)
        {
            framework.Poll();
        }

        ReportUsage();
    }

    private void AddAgents()
    {
        for (var i = 0; i < DialsPerStep && _agents.Count < _options.Agents; i++)
        {
            var random = new SeededRandom(_random.NextUInt64());
            var agent = new DemoAgent(DemoMachines.Make(_agents.Count, _options.Agents, random), _queue, random, _master, _effects);
            _agents.Add(agent);
            agent.Dial();
        }

        if (_agents.Count < _options.Agents)
        {
            _queue.After(Step, AddAgents);
        }
        else
        {
            _queue.After(TimeSpan.FromSeconds(1), AddFrameworks);
        }
    }

    private void AddFrameworks()
    {
        // Long refusals keep a large idle cluster quiet; ended tasks bring new offers of their agents all the same.
        var refusal = TimeSpan.FromSeconds(Math.Max(30, _options.Agents / 10));
        _frameworks = [.. DemoLoads.For(_options).Select(load => new DemoFramework(load, _master, _queue, new SeededRandom(_random.NextUInt64()), refusal))];
        foreach (var framework in _frameworks)
        {
            framework.Subscribe();
        }

        if (_services is not null)
        {
            new DemoServices(_services, _queue, new SeededRandom(_random.NextUInt64()), _options.Agents).Start();
        }
    }

    /// <summary>Agents report in turn, each every five seconds in a small cluster and rarer in a large one.</summary>
    private void ReportUsage()
    {
        if (_agents.Count == 0)
        {
            return;
        }

        _usageDue += Math.Min(UsageReportsPerSecond, _agents.Count / 5.0) * Step.TotalSeconds;
        for (; _usageDue >= 1; _usageDue--)
        {
            _agents[_nextUsage].ReportUsage();
            _nextUsage = (_nextUsage + 1) % _agents.Count;
        }
    }

    /// <summary>One agent in trouble at a time: mostly a broken link, sometimes a machine that is cut off or loses its containers.</summary>
    private void Fault()
    {
        var agent = _agents[_random.NextInt32(_agents.Count)];
        switch (_random.NextInt32(10))
        {
            case < 6:
                agent.LoseLink(TimeSpan.FromSeconds(2 + _random.NextInt32(15)));
                break;
            case < 8:
                agent.GoAway(TimeSpan.FromSeconds(40 + _random.NextInt32(80)));
                break;
            default:
                agent.LoseContainers();
                break;
        }

        _queue.After(FaultPause(), Fault);
    }

    private TimeSpan FaultPause() => TimeSpan.FromSeconds(45 + _random.NextInt32(90));
}
