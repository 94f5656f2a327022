using Orchestrator.Core.Agent;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Master;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Runtime.Streams;

namespace Orchestrator.Core.Simulation.Demo;

/// <summary>One simulated agent of a demo cluster and its link.</summary>
internal sealed class DemoAgent : ISimulatedLink
{
    private static readonly AgentCall s_pong = new() { Pong = new AgentCall.Types.Pong() };
    private readonly SimulationQueue _queue;
    private readonly SeededRandom _random;
    private readonly DemoMaster _master;
    private readonly SimulatedAgent _agent;
    private readonly string _ip;
    private readonly double _loadPhase;
    private EventStream<AgentEvent>? _stream;
    private bool _isAway;

    public DemoAgent(AgentOptions options, SimulationQueue queue, SeededRandom random, DemoMaster master, AgentEffects effects)
    {
        (_queue, _random, _master, _ip) = (queue, random, master, options.IpAddress);
        _loadPhase = random.NextDouble() * Math.Tau;
        _agent = new SimulatedAgent(options, queue, random, this, null, effects);
        _agent.Start();
    }

    /// <summary>Whether its link is open.</summary>
    public bool IsLinked => _stream is not null;

    /// <inheritdoc/>
    public void Send(AgentCall call)
    {
        if (_stream is { } stream && !_isAway)
        {
            _master.Post(new MasterCommand.CallAgent(stream.Id, call));
        }
    }

    /// <summary>Opens the link and tells what the agent holds.</summary>
    public void Dial()
    {
        if (_isAway || _stream is not null)
        {
            return;
        }

        _stream = _master.OpenAgent();
        if (!_master.Post(new MasterCommand.SubscribeAgent(_stream.Id, _agent.PrepareSubscribe().Subscribe, _ip)))
        {
            Break();
            _queue.After(TimeSpan.FromSeconds(1), Dial);
        }
    }

    /// <summary>Takes what the master has sent.</summary>
    public void Poll()
    {
        if (_stream is not { } stream || _isAway)
        {
            return;
        }

        while (stream.Reader.TryRead(out var message))
        {
            if (message.Ping is not null)
            {
                Send(s_pong);
            }
            else
            {
                _agent.Tell(new AgentCommand.Receive(message));
            }
        }

        if (stream.Reader.Completion.IsCompleted)
        {
            Break();
            _queue.After(TimeSpan.FromSeconds(1 + (2 * _random.NextDouble())), Dial);
        }
    }

    /// <summary>The link breaks and comes back after a while.</summary>
    public void LoseLink(TimeSpan duration)
    {
        if (_stream is { } stream)
        {
            Break();
            _master.Post(new MasterCommand.DisconnectAgent(stream.Id));
            _queue.After(duration, Dial);
        }
    }

    /// <summary>The machine is cut off: it neither hears nor says anything, its tasks go on.</summary>
    public void GoAway(TimeSpan duration)
    {
        if (_isAway)
        {
            return;
        }

        _isAway = true;
        _queue.After(duration, () =>
        {
            _isAway = false;
            Break();
            Dial();
        });
    }

    /// <summary>The container daemon of the machine crashes, and everything that ran with it.</summary>
    public void LoseContainers() => _agent.Machine.KillAll(137);

    /// <summary>Tells what the machine and its tasks use; follows a slow wave with some noise.</summary>
    public void ReportUsage()
    {
        if (_stream is null || _isAway)
        {
            return;
        }

        var wave = Math.Sin(_loadPhase + (_queue.Now.ToUnixTimeMilliseconds() / 1000.0 / 600 * Math.Tau));
        var usage = new AgentCall.Types.Usage { CpusUsed = 0.1, MemUsedMib = 600, DiskUsedMib = 2000 };
        foreach (var container in _agent.Machine.Containers)
        {
            if (!container.IsRunning)
            {
                continue;
            }

            var task = new AgentCall.Types.TaskUsage { FrameworkId = container.Launch.Framework.Id, TaskId = container.Launch.Task.TaskId };
            foreach (var resource in container.Launch.Task.Resources)
            {
                switch (resource.Name)
                {
                    case "cpus":
                        task.CpusUsed = Math.Round(resource.Scalar.Value * Math.Clamp(0.45 + (0.25 * wave) + (0.3 * (_random.NextDouble() - 0.5)), 0.02, 1), 3);
                        usage.CpusUsed += task.CpusUsed;
                        break;
                    case "mem":
                        task.MemUsedMib = Math.Round(resource.Scalar.Value * (0.6 + (0.1 * wave) + (0.2 * _random.NextDouble())), 1);
                        usage.MemUsedMib += task.MemUsedMib;
                        break;
                }
            }

            usage.Tasks.Add(task);
        }

        Send(new AgentCall { Usage = usage });
    }

    private void Break()
    {
        _stream?.Dispose();
        _stream = null;
        _agent.Tell(new AgentCommand.LinkLost());
    }
}
