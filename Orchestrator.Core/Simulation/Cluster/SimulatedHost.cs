using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Coordination;
using Orchestrator.Core.Master;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Views;

namespace Orchestrator.Core.Simulation.Cluster;

/// <summary>
/// The host's process: the real master engine with turns as in its event loop, a journal that may fail or take the process
/// with it at any commit, and restarts in which only what was committed is left.
/// </summary>
internal sealed class SimulatedHost(ClusterSimulation world, MasterOptions options, InMemoryJournal journal)
{
    private readonly MasterEffects _effects = new();
    private readonly Queue<(MasterCommand Command, Action<MasterReply>? Reply)> _waiting = new();
    private readonly Dictionary<StreamId, OpenStream> _streams = [];
    private readonly List<(Action<MasterReply> Reply, MasterReply Value)> _replies = [];
    private MasterEngine? _engine;
    private bool _turnIsDue;
    private DateTimeOffset? _timer;
    private int _run;

    private sealed record OpenStream(SimulatedConnection Connection, Action<Event>? Scheduler, Action<AgentEvent>? Agent);

    public bool IsUp => _engine is not null;

    /// <summary>Its newest snapshot; null while it is down.</summary>
    public ClusterSnapshot? Snapshot { get; private set; }

    /// <summary>Starts the process from what was committed.</summary>
    public void Start()
    {
        _run++;
        world.Trace.Add("host", $"starts, run {_run}");
        _engine = new MasterEngine(options with { Id = $"run{_run}", Seed = world.Random.NextUInt64() }, journal.Load("master"), world.Queue.Now);
        Snapshot = _engine.Publish(world.Queue.Now);
        world.Oracle.HostStarted(Snapshot);
        ScheduleTurn();
        world.Services?.Start();
    }

    /// <summary>kill -9.</summary>
    public void Crash(string why)
    {
        if (_engine is null)
        {
            return;
        }

        world.Trace.Add("host", $"crashes: {why}");
        _engine = null;
        Snapshot = null;
        _timer = null;
        _waiting.Clear();
        _replies.Clear();
        foreach (var stream in _streams.Values.ToArray())
        {
            stream.Connection.EndByHost(afterDelivery: false);
        }

        _streams.Clear();
        world.Services?.Die();
        world.Queue.After(TimeSpan.FromSeconds(0.2 + (20 * world.Random.NextDouble())), Start);
    }

    /// <summary>Opens a stream of events for a scheduler.</summary>
    public void Open(SimulatedConnection connection, Action<Event> receive) => Open(connection, new OpenStream(connection, receive, null), new MasterCommand.DisconnectScheduler(connection.Id));

    /// <summary>Opens a stream of events for an agent.</summary>
    public void Open(SimulatedConnection connection, Action<AgentEvent> receive) => Open(connection, new OpenStream(connection, null, receive), new MasterCommand.DisconnectAgent(connection.Id));

    /// <summary>Hands a command over; the reply comes once the turn is durable, and never from a process that died.</summary>
    public void Post(MasterCommand command, Action<MasterReply>? reply = null)
    {
        if (_engine is not null)
        {
            _waiting.Enqueue((command, reply));
            ScheduleTurn();
        }
    }

    private void Open(SimulatedConnection connection, OpenStream stream, MasterCommand disconnect)
    {
        _streams[connection.Id] = stream;
        connection.HostClosed = () =>
        {
            if (_streams.Remove(connection.Id))
            {
                Post(disconnect);
            }
        };
    }

    private void ScheduleTurn()
    {
        if (_turnIsDue)
        {
            return;
        }

        _turnIsDue = true;

        // Now and then commands gather, as when the disk is slow.
        var pause = world.Random.NextInt32(4) == 0 ? TimeSpan.FromMilliseconds(10 * world.Random.NextDouble()) : TimeSpan.Zero;
        world.Queue.After(pause, () =>
        {
            _turnIsDue = false;
            if (_engine is not null)
            {
                Turn(_engine);
            }
        });
    }

    private void Turn(MasterEngine engine)
    {
        var now = world.Queue.Now;
        _effects.Clear();
        while (_waiting.TryDequeue(out var item))
        {
            var reply = engine.Apply(item.Command, now, _effects);
            if (item.Reply is not null)
            {
                _replies.Add((item.Reply, reply));
            }
        }

        engine.Advance(now, _effects);
        if (_effects.Records.Count > 0 && !Commit(_effects.Records))
        {
            return;
        }

        Snapshot = engine.Publish(now);
        world.Oracle.MasterTurn(Snapshot);
        Dispatch();
        foreach (var (reply, value) in _replies)
        {
            reply(value);
        }

        _replies.Clear();
        SetTimer(engine);
    }

    /// <summary>Makes the records of a turn durable; false when the process died of it.</summary>
    public bool Commit(IReadOnlyList<JournalRecord> records)
    {
        var fate = world.IsFaulty && world.Random.NextDouble() < world.Plan.BadCommits ? world.Random.NextInt32(3) : -1;
        if (fate == 0)
        {
            Crash("during a commit, nothing was stored");
            return false;
        }

        journal.Failure = fate == 1 ? "The disk is full." : null;
        try
        {
            journal.Commit(world.Tamper.Commit(records));
        }
        catch (JournalException error)
        {
            Crash(error.Message);
            return false;
        }

        if (fate == 2)
        {
            Crash("after a commit, nothing of the turn left");
            return false;
        }

        return true;
    }

    private void Dispatch()
    {
        foreach (var delivery in _effects.Deliveries)
        {
            if (!_streams.TryGetValue(delivery.Stream, out var stream))
            {
                continue;
            }

            if (delivery.Scheduler is { } schedulerEvent)
            {
                var copy = schedulerEvent.Clone();
                stream.Connection.Down(() => stream.Scheduler!(copy));
            }
            else if (delivery.Agent is { } agentEvent)
            {
                var copy = agentEvent.Clone();
                stream.Connection.Down(() => stream.Agent!(copy));
            }
            else
            {
                _streams.Remove(delivery.Stream);
                stream.Connection.EndByHost(afterDelivery: true);
            }
        }
    }

    private void SetTimer(MasterEngine engine)
    {
        if (engine.NextDue is not { } due || _timer <= due)
        {
            return;
        }

        _timer = due;
        world.Queue.At(due, () =>
        {
            _timer = _timer == due ? null : _timer;
            if (_engine == engine)
            {
                ScheduleTurn();
            }
        });
    }
}
