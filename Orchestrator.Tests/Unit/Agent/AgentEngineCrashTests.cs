using Orchestrator.Core.Agent;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Tests.Support;
using static Orchestrator.Tests.Support.AgentEngineHarness;
using Capability = Orchestrator.Core.Contract.Mesos.FrameworkInfo.Types.Capability.Types.Type;

namespace Orchestrator.Tests.Unit.Agent;

/// <summary>
/// One task's whole life, cut off after every single checkpoint: whatever was on disk then, the next run starts nothing
/// twice, leaves nothing running unnoticed and tells one end.
/// </summary>
public sealed class AgentEngineCrashTests
{
    /// <summary>What the machine holds: it changes only by actions, and those leave only after their turn is durable.</summary>
    private sealed class Machine
    {
        internal HashSet<string> Running { get; } = [];

        internal Dictionary<string, int> Exited { get; } = [];

        internal int Launches { get; set; }

        internal Machine Copy()
        {
            var copy = new Machine { Launches = Launches };
            copy.Running.UnionWith(Running);
            foreach (var (id, code) in Exited)
            {
                copy.Exited.Add(id, code);
            }

            return copy;
        }

        internal void Do(AgentEngineHarness agent)
        {
            foreach (var action in agent.Effects.Actions.ToArray())
            {
                switch (action)
                {
                    case AgentAction.Launch launch:
                        Launches++;
                        Assert.True(Running.Add(launch.Container.Location.ContainerId));
                        break;
                    case AgentAction.Stop stop when Running.Remove(stop.ContainerId):
                        Exited[stop.ContainerId] = 143;
                        break;
                }
            }
        }
    }

    private static List<(int Durable, Machine Machine)> Live(AgentEngineHarness agent, bool kill)
    {
        var machine = new Machine();
        var cuts = new List<(int, Machine)>();
        Turn(() => agent.Registered());
        Turn(() => agent.Run(Task(), Framework(Capability.TaskKillingState, Capability.PartitionAware)));
        var container = machine.Running.Single();
        Turn(() => agent.Tell(new AgentCommand.Launched(container, [], 1, null)));
        Turn(() => agent.Acknowledge(agent.Sent.Single().Uuid));
        Turn(() => agent.Acknowledge(agent.Sent.Single().Uuid));
        if (kill)
        {
            Turn(() => agent.Kill());
            Turn(() => agent.Acknowledge(agent.Sent.Single().Uuid));
        }
        else
        {
            machine.Running.Remove(container);
            machine.Exited[container] = 3;
        }

        Turn(() => agent.Exit(container, machine.Exited[container]));
        Turn(() => agent.Acknowledge(agent.Sent.Single().Uuid));
        return cuts;

        void Turn(Action turn)
        {
            var before = agent.Checkpoints.Count;
            turn();
            // A crash while the turn's checkpoints are written finds the machine as it was before the turn.
            for (var durable = before; durable < agent.Checkpoints.Count; durable++)
            {
                cuts.Add((durable, machine.Copy()));
            }

            machine.Do(agent);
            cuts.Add((agent.Checkpoints.Count, machine.Copy()));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Crash_after_any_checkpoint_starts_nothing_twice_and_tells_one_end(bool kill)
    {
        var whole = new AgentEngineHarness();
        var cuts = Live(whole, kill);
        Assert.True(cuts.Count > 15);
        foreach (var (durable, machine) in cuts)
        {
            var earlier = new AgentEngineHarness { Now = whole.Now };
            earlier.Checkpoints.AddRange(whole.Checkpoints.Take(durable));
            var accepted = earlier.Checkpoints.OfType<AgentCheckpoint.TaskAccepted>().SingleOrDefault()?.Task;
            var forgotten = earlier.Checkpoints.OfType<AgentCheckpoint.TaskForgotten>().Any();
            var known = machine.Launches;

            var next = earlier.Restart();
            var recovers = next.Effects.Actions.OfType<AgentAction.Recover>().ToArray();
            machine.Do(next);
            foreach (var recover in recovers)
            {
                Answer(next, machine, recover.Container.Location.ContainerId);
            }

            next.Registered();
            var told = next.Drain();
            if (accepted is not null && machine.Running.Remove(accepted.ContainerId))
            {
                next.Exit(accepted.ContainerId, machine.Exited[accepted.ContainerId] = 0);
                told.AddRange(next.Drain());
            }

            Assert.Equal(known, machine.Launches);
            Assert.Empty(next.Tell(new AgentCommand.PrepareSubscribe()).Subscribe!.Subscribe.Tasks);
            var acknowledgedEnd = forgotten || (accepted is not null && EndAcknowledged(earlier));
            Assert.Equal(accepted is null || acknowledgedEnd ? 0 : 1, told.Count(status => IsEnd(status.State)));
            Assert.Equal(told.Select(status => Rank(status.State)), told.Select(status => Rank(status.State)).Order());
        }
    }

    private static void Answer(AgentEngineHarness agent, Machine machine, string container)
    {
        if (machine.Exited.TryGetValue(container, out var code))
        {
            agent.Tell(new AgentCommand.Launched(container, [], 1, null));
            agent.Exit(container, code);
        }
        else if (machine.Running.Contains(container))
        {
            agent.Tell(new AgentCommand.Launched(container, [], 1, null));
            machine.Do(agent);
            if (machine.Exited.TryGetValue(container, out var stopped))
            {
                agent.Exit(container, stopped);
            }
        }
        else
        {
            agent.Tell(new AgentCommand.Lost(container));
        }
    }

    private static bool EndAcknowledged(AgentEngineHarness agent)
    {
        var end = agent.Checkpoints.OfType<AgentCheckpoint.UpdateMade>().LastOrDefault(made => IsEnd(made.Status.State));
        return end is not null && agent.Checkpoints.OfType<AgentCheckpoint.UpdateAcknowledged>().Any(ack => ack.Uuid.Equals(end.Status.Uuid));
    }

    private static bool IsEnd(TaskState state) => Rank(state) == 3;

    private static int Rank(TaskState state) => state switch
    {
        TaskState.TaskStarting => 0,
        TaskState.TaskRunning => 1,
        TaskState.TaskKilling => 2,
        _ => 3,
    };
}
