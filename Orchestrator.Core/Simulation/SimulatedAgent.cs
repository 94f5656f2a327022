using Orchestrator.Core.Agent;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Primitives;

namespace Orchestrator.Core.Simulation;

/// <summary>
/// The real agent engine on a simulated machine: turns as in the agent service (apply, advance, write checkpoints, then
/// actions and calls), for one thread.
/// </summary>
/// <param name="options">What the agent is.</param>
/// <param name="queue">Its time.</param>
/// <param name="random">Of this agent only.</param>
/// <param name="link">Where its calls go.</param>
/// <param name="disk">Its checkpoints; null when its process never dies.</param>
/// <param name="effects">Scratch space, shared by agents of one thread.</param>
internal sealed class SimulatedAgent(AgentOptions options, SimulationQueue queue, SeededRandom random, ISimulatedLink link, ISimulatedDisk? disk, AgentEffects effects)
{
    private readonly Queue<AgentCommand> _inbox = new();
    private AgentEngine? _engine;
    private bool _inTurn;
    private DateTimeOffset? _timer;

    /// <summary>Its containers.</summary>
    public SimulatedMachine Machine { get; } = new(queue, random);

    /// <summary>Whether its process runs.</summary>
    public bool IsUp => _engine is not null;

    /// <summary>Called when the process died, also when it died of its disk.</summary>
    public Action? Crashed { get; set; }

    /// <summary>Starts the process: recovers what an earlier one has left.</summary>
    public void Start()
    {
        _engine = new AgentEngine(options, new SeededRandom(random.NextUInt64()));
        Machine.Observer = Tell;
        Tell(new AgentCommand.Recover(disk?.Load() ?? RecoveredAgent.Nothing));
    }

    /// <summary>kill -9: only the disk and the containers go on.</summary>
    public void Crash()
    {
        _engine = null;
        _inbox.Clear();
        Machine.LoseProcess();
        Crashed?.Invoke();
    }

    /// <summary>What it says first on a new link.</summary>
    public AgentCall PrepareSubscribe()
    {
        effects.Clear();
        return _engine!.Apply(new AgentCommand.PrepareSubscribe(), queue.Now, effects).Subscribe!;
    }

    /// <summary>The engine's snapshot; null while the process is down.</summary>
    public AgentSnapshot? Publish() => _engine?.Publish(queue.Now);

    /// <summary>Tells the engine; a turn follows, or goes on with it.</summary>
    public void Tell(AgentCommand command)
    {
        if (_engine is null)
        {
            return;
        }

        _inbox.Enqueue(command);
        RunTurns();
    }

    private void RunTurns()
    {
        if (_inTurn)
        {
            return;
        }

        _inTurn = true;
        do
        {
            Turn();
        }
        while (_engine is not null && _inbox.Count > 0);

        _inTurn = false;
        SetTimer();
    }

    private void Turn()
    {
        effects.Clear();
        while (_inbox.TryDequeue(out var command))
        {
            _engine!.Apply(command, queue.Now, effects);
        }

        _engine!.Advance(queue.Now, effects);
        if (disk is not null && effects.Checkpoints.Count > 0 && !disk.Write(effects.Checkpoints))
        {
            Crash();
            return;
        }

        foreach (var action in effects.Actions)
        {
            Machine.Do(action);
        }

        foreach (var call in effects.Calls)
        {
            link.Send(call);
        }
    }

    private void SetTimer()
    {
        if (_engine?.NextDue is not { } due || _timer <= due)
        {
            return;
        }

        _timer = due;
        queue.At(due, () =>
        {
            _timer = _timer == due ? null : _timer;
            if (_engine is not null)
            {
                RunTurns();
            }
        });
    }
}
