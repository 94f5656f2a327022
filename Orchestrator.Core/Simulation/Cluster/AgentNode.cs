using System.Globalization;
using Orchestrator.Core.Agent;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Master;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;

namespace Orchestrator.Core.Simulation.Cluster;

/// <summary>
/// One machine with its agent: dials the host, sends batches of calls one at a time as the agent service does, dials again
/// when the link breaks or falls silent, and is started again after a crash.
/// </summary>
internal sealed class AgentNode : ISimulatedLink
{
    /// <summary>What each machine has.</summary>
    public const string Resources = "cpus:4;mem:4096;disk:10000;ports:[31000-31099]";

    private readonly ClusterSimulation _world;
    private readonly Queue<AgentCall> _calls = new();
    private readonly TimeSpan _usageEvery;
    private SimulatedConnection? _connection;
    private bool _isSending;
    private TimeSpan _patience = TimeSpan.FromSeconds(30);
    private DateTimeOffset _lastHeard;
    private bool _dialIsDue;

    public AgentNode(ClusterSimulation world, int number, AgentEffects effects)
    {
        _world = world;
        Name = string.Create(CultureInfo.InvariantCulture, $"agent{number}");
        _usageEvery = TimeSpan.FromSeconds(1 + world.Random.NextInt32(6));
        var random = new SeededRandom(world.Random.NextUInt64());
        var info = new AgentInfo { Hostname = Name, Port = 5051 };
        info.Resources.Add(ResourceList.Parse(Resources).ToProto());
        Disk = new SimulatedDisk(Survives, checkpoint => world.Oracle.Written(this, checkpoint));
        Agent = new SimulatedAgent(new AgentOptions { Info = info, WorkDirectory = "/agent", IpAddress = "10.0.0." + number.ToString(CultureInfo.InvariantCulture) }, world.Queue, random, this, Disk, effects) { Crashed = OnCrashed };
        Agent.Machine.Started = container => world.Oracle.ContainerStarted(this, container);
    }

    public string Name { get; }

    public SimulatedAgent Agent { get; }

    public SimulatedDisk Disk { get; }

    /// <summary>The machine's network: nothing goes in or out before then.</summary>
    public DateTimeOffset CutOffUntil { get; private set; }

    /// <summary>Links that broke or fell silent though nothing was wrong.</summary>
    public int LinksLost { get; private set; }

    public void Start()
    {
        _world.Trace.Add(Name, "starts");
        Agent.Start();
        DialSoon();
        ReportUsage();
    }

    /// <inheritdoc/>
    public void Send(AgentCall call)
    {
        if (_connection is not null && _world.Tamper.AgentCall(this, call) is { } tampered)
        {
            _calls.Enqueue(tampered.Clone());
            SendBatch();
        }
    }

    public void CutLink() => _connection?.Cut(Soon(), Soon());

    /// <summary>The machine loses its network for a while; only silence tells.</summary>
    public void CutOff(TimeSpan duration)
    {
        _world.Trace.Add(Name, $"is cut off for {duration.TotalSeconds:0} s");
        CutOffUntil = _world.Queue.Now + duration;
        _connection?.Cut(null, null);
    }

    /// <summary>kill -9 of the agent; its containers go on.</summary>
    public void Crash()
    {
        if (Agent.IsUp)
        {
            Agent.Crash();
        }
    }

    /// <summary>The machine boots again: no container survives.</summary>
    public void Reboot()
    {
        if (Agent.IsUp)
        {
            _world.Trace.Add(Name, "reboots");
            Agent.Crash();
            Agent.Machine.KillAll(137);
        }
    }

    private TimeSpan Soon() => TimeSpan.FromSeconds(3 * _world.Random.NextDouble());

    private int? Survives(int checkpoints) => _world.IsFaulty && _world.Random.NextDouble() < _world.Plan.BadAgentWrites ? _world.Random.NextInt32(checkpoints + 1) : null;

    private void OnCrashed()
    {
        _world.Trace.Add(Name, "crashes");
        _connection?.EndByClient();
        Forget();
        _world.Queue.After(TimeSpan.FromSeconds(0.5 + (15 * _world.Random.NextDouble())), Start);
    }

    private void DialSoon()
    {
        if (!_dialIsDue)
        {
            _dialIsDue = true;
            _world.Queue.After(TimeSpan.FromSeconds(0.5 + _world.Random.NextDouble()), Dial);
        }
    }

    private void Dial()
    {
        _dialIsDue = false;
        if (!Agent.IsUp || _connection is not null)
        {
            return;
        }

        if (!_world.Host.IsUp || _world.Queue.Now < CutOffUntil)
        {
            DialSoon();
            return;
        }

        var connection = _world.Connect();
        _connection = connection;
        _lastHeard = _world.Queue.Now;
        connection.ClientClosed = () => OnClosed(connection, "link lost");
        var subscribe = _world.Tamper.Subscribe(this, Agent.PrepareSubscribe().Subscribe.Clone());
        _world.Trace.Add(Name, $"dials with {subscribe.Tasks.Count} tasks");
        _world.Host.Open(connection, (AgentEvent message) => Receive(connection, message));
        connection.Up(() => _world.Host.Post(new MasterCommand.SubscribeAgent(connection.Id, subscribe, "10.0.0.1"), reply =>
        {
            if (reply.Status != 200)
            {
                _world.Oracle.Fail(Name, $"{Name} was refused: {reply.Message}");
            }
        }));
        ListenForSilence(connection);
    }

    private void Receive(SimulatedConnection connection, AgentEvent message)
    {
        if (_connection != connection)
        {
            return;
        }

        _lastHeard = _world.Queue.Now;
        if (message.Subscribed is { } subscribed)
        {
            _patience = TimeSpan.FromSeconds(subscribed.SilenceTimeoutSeconds);
            _world.Oracle.AgentNamed(this, subscribed.AgentId.Value);
        }

        if (message.Ping is not null)
        {
            Send(new AgentCall { Pong = new AgentCall.Types.Pong() });
        }
        else if (_world.Tamper.AgentEvent(this, message) is { } tampered)
        {
            _world.Trace.Add(Name, Say(tampered));
            Agent.Tell(new AgentCommand.Receive(tampered));
        }
    }

    private static string Say(AgentEvent message) => message.EventCase switch
    {
        AgentEvent.EventOneofCase.RunTask => $"is to run {message.RunTask.Task.TaskId.Value}",
        AgentEvent.EventOneofCase.KillTask => $"is to kill {message.KillTask.TaskId.Value}",
        AgentEvent.EventOneofCase.Acknowledge => $"hears ack of {message.Acknowledge.TaskId.Value}",
        _ => $"hears {message.EventCase}",
    };

    /// <summary>One batch under way; one that is taken in part comes again as a whole.</summary>
    private void SendBatch()
    {
        if (_isSending || _calls.Count == 0 || _connection is not { } connection)
        {
            return;
        }

        _isSending = true;
        Deliver(connection, [.. _calls]);
        _calls.Clear();
    }

    private void Deliver(SimulatedConnection connection, AgentCall[] batch)
    {
        var again = _world.IsFaulty && _world.Random.NextDouble() < _world.Plan.RepeatedBatches;
        var taken = again ? _world.Random.NextInt32(batch.Length + 1) : batch.Length;
        connection.Up(() =>
        {
            var refused = false;
            for (var i = 0; i < taken; i++)
            {
                _world.Host.Post(new MasterCommand.CallAgent(connection.Id, batch[i].Clone()), reply => refused |= reply.Status >= 400);
            }

            connection.Down(() => Answered(connection, batch, again, refused));
        });
    }

    private void Answered(SimulatedConnection connection, AgentCall[] batch, bool again, bool refused)
    {
        if (_connection != connection)
        {
            return;
        }

        if (again)
        {
            Deliver(connection, batch);
        }
        else if (refused)
        {
            Close("the master refused a batch");
        }
        else
        {
            _isSending = false;
            SendBatch();
        }
    }

    private void OnClosed(SimulatedConnection connection, string why)
    {
        if (_connection == connection)
        {
            Close(why);
        }
    }

    private void Close(string why)
    {
        _world.Trace.Add(Name, why);
        LinksLost++;
        _connection!.EndByClient();
        Forget();
        Agent.Tell(new AgentCommand.LinkLost());
        DialSoon();
    }

    private void Forget()
    {
        _connection = null;
        _calls.Clear();
        _isSending = false;
        _patience = TimeSpan.FromSeconds(30);
    }

    private void ListenForSilence(SimulatedConnection connection)
    {
        if (_connection != connection)
        {
            return;
        }

        var left = _lastHeard + _patience - _world.Queue.Now;
        if (left > TimeSpan.Zero)
        {
            _world.Queue.After(left, () => ListenForSilence(connection));
        }
        else
        {
            Close("heard nothing for too long");
        }
    }

    private void ReportUsage() => _world.Queue.After(_usageEvery, () =>
    {
        if (Agent.IsUp)
        {
            Send(new AgentCall { Usage = new AgentCall.Types.Usage { CpusUsed = 1, MemUsedMib = 100 } });
            ReportUsage();
        }
    });
}
