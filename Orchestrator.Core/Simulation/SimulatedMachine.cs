using Orchestrator.Core.Agent;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;

namespace Orchestrator.Core.Simulation;

/// <summary>
/// The containers of one machine. They live on while the agent's process is down; what happens then is found by Recover.
/// </summary>
internal sealed class SimulatedMachine(SimulationQueue queue, SeededRandom random)
{
    private readonly Dictionary<string, SimulatedContainer> _containers = [];

    /// <summary>Where outcomes go; null while no agent process runs.</summary>
    public Action<AgentCommand>? Observer { get; set; }

    /// <summary>Called when the processes of a container begin to run.</summary>
    public Action<SimulatedContainer>? Started { get; set; }

    /// <summary>All containers that were not removed.</summary>
    public IReadOnlyCollection<SimulatedContainer> Containers => _containers.Values;

    /// <summary>Does what the agent's engine wants done.</summary>
    public void Do(AgentAction action)
    {
        switch (action)
        {
            case AgentAction.Launch launch:
                Launch(launch.Container);
                break;
            case AgentAction.Recover recover:
                Recover(recover.Container.Location.ContainerId);
                break;
            case AgentAction.CancelLaunch cancel when _containers.TryGetValue(cancel.ContainerId, out var container) && !container.IsRunning && !container.HasExited:
                _containers.Remove(cancel.ContainerId);
                Observer?.Invoke(new AgentCommand.LaunchFailed(cancel.ContainerId, "The launch was cancelled", TaskStatus.Types.Reason.ContainerLaunchFailed));
                break;
            case AgentAction.Stop stop when _containers.TryGetValue(stop.ContainerId, out var container):
                Stop(container, stop.GracePeriod);
                break;
            case AgentAction.Remove remove:
                _containers.Remove(remove.Container.Location.ContainerId);
                break;
            case AgentAction.StartHealthCheck start when _containers.TryGetValue(start.ContainerId, out var container):
                Check(container, start.Check, ++container.HealthEpoch, TimeSpan.FromSeconds(start.Check.DelaySeconds));
                break;
            case AgentAction.StopHealthCheck stop when _containers.TryGetValue(stop.ContainerId, out var container):
                container.HealthEpoch++;
                break;
        }
    }

    /// <summary>The agent's process was killed: a launch under way is as if it had never been, or goes on by itself.</summary>
    public void LoseProcess()
    {
        Observer = null;
        foreach (var container in _containers.Values.Where(container => !container.IsRunning && !container.HasExited).ToArray())
        {
            container.HealthEpoch++;
            if (random.NextInt32(2) == 0)
            {
                _containers.Remove(container.Id);
            }
        }
    }

    /// <summary>Every container ends at once, as when the machine or its container daemon fails.</summary>
    public void KillAll(int exitCode)
    {
        foreach (var container in _containers.Values.ToArray())
        {
            Exit(container, exitCode);
        }
    }

    private void Launch(TaskLaunch launch)
    {
        SimulatedProgram program;
        try
        {
            program = SimulatedProgram.Of(launch.Task);
        }
        catch (FormatException error)
        {
            Observer?.Invoke(new AgentCommand.LaunchFailed(launch.Location.ContainerId, error.Message, TaskStatus.Types.Reason.ContainerLaunchFailed));
            return;
        }

        var container = new SimulatedContainer(launch, program);
        _containers.Add(container.Id, container);
        queue.After(Between(program.StartsAfter), () => Start(container));
    }

    private void Start(SimulatedContainer container)
    {
        if (!Holds(container))
        {
            return;
        }

        container.IsRunning = true;
        Started?.Invoke(container);
        Observer?.Invoke(new AgentCommand.Launched(container.Id, [], 1000 + random.NextInt32(60_000), null));
        if (container.Program.RunsFor is { } span)
        {
            var time = Between(span);
            var fails = random.NextDouble() < container.Program.Fails;
            queue.After(fails ? time * random.NextDouble() : time, () => Exit(container, fails ? 1 : container.Program.ExitCode));
        }
        else if (container.Program.Fails > 0 && random.NextDouble() < container.Program.Fails)
        {
            queue.After(TimeSpan.FromSeconds(1 + random.NextInt32(20)), () => Exit(container, 1));
        }
    }

    private void Recover(string id)
    {
        if (!_containers.TryGetValue(id, out var container))
        {
            Observer?.Invoke(new AgentCommand.Lost(id));
        }
        else if (container.HasExited)
        {
            Observer?.Invoke(new AgentCommand.Exited(id, container.ExitCode, false, ""));
        }
        else if (container.IsRunning)
        {
            Observer?.Invoke(new AgentCommand.Launched(id, [], null, null));
        }

        // Else it is just starting, and will say so.
    }

    private void Stop(SimulatedContainer container, TimeSpan gracePeriod)
    {
        if (container.HasExited || (container.IsStopping && gracePeriod > TimeSpan.Zero))
        {
            return;
        }

        container.IsStopping = true;
        queue.After(gracePeriod * random.NextDouble(), () => Exit(container, gracePeriod > TimeSpan.Zero ? 143 : 137));
    }

    private void Exit(SimulatedContainer container, int code)
    {
        if (!Holds(container) || container.HasExited)
        {
            return;
        }

        container.IsRunning = false;
        container.HasExited = true;
        container.ExitCode = code;
        container.HealthEpoch++;
        Observer?.Invoke(new AgentCommand.Exited(container.Id, code, false, ""));
    }

    private void Check(SimulatedContainer container, HealthCheck check, int epoch, TimeSpan delay) => queue.After(delay, () =>
    {
        if (!container.IsRunning || container.HealthEpoch != epoch || Observer is null)
        {
            return;
        }

        var healthy = container.Program.Health switch
        {
            SimulatedHealth.Failing => false,
            SimulatedHealth.Flapping => random.NextInt32(4) > 0,
            _ => true,
        };
        Observer.Invoke(new AgentCommand.HealthChecked(container.Id, healthy, healthy ? "" : "The simulated container answered 503"));
        Check(container, check, epoch, TimeSpan.FromSeconds(Math.Max(1, check.IntervalSeconds)));
    });

    private bool Holds(SimulatedContainer container) => _containers.TryGetValue(container.Id, out var held) && held == container;

    private TimeSpan Between((TimeSpan Least, TimeSpan Most) span) => span.Least + ((span.Most - span.Least) * random.NextDouble());
}
