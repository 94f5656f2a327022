using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Master;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Views;

namespace Orchestrator.Core.Simulation.Cluster;

/// <summary>
/// Somebody who drains and deactivates agents while things go wrong, and takes all of them back into use afterwards. It has
/// random numbers of its own, so that a seed means the same cluster with and without it.
/// </summary>
internal sealed class SimulatedMaintenance(ClusterSimulation world)
{
    private readonly SeededRandom _random = new(world.Seed ^ 0xD4A1);

    public void Start() => Next();

    /// <summary>Takes every agent that is out of use back, as soon as it is not draining any more.</summary>
    public void ReactivateAll()
    {
        foreach (var agent in Present())
        {
            if (agent.Deactivated && agent.Drain is not { State: DrainState.Draining })
            {
                Reactivate(agent);
            }
        }
    }

    private IEnumerable<AgentView> Present() => world.Host.Snapshot?.Agents.Where(agent => agent is not null).Select(agent => agent!) ?? [];

    private void Next() => world.Queue.After(TimeSpan.FromSeconds(2 + _random.NextInt32(20)), () =>
    {
        if (world.IsFaulty)
        {
            Act();
            Next();
        }
    });

    private void Act()
    {
        var agents = Present().ToArray();
        if (agents.Length == 0)
        {
            return;
        }

        var agent = agents[_random.NextInt32(agents.Length)];
        switch (_random.NextInt32(4))
        {
            case 0:
                Note(agent, "is deactivated by an operator");
                world.Host.Post(new MasterCommand.DeactivateAgent(agent.Id));
                break;
            case 1:
                Note(agent, "is drained by an operator");
                world.Host.Post(new MasterCommand.DrainAgent(agent.Id, _random.NextInt32(2) == 0 ? null : TimeSpan.FromSeconds(_random.NextInt32(10)), MarkGone: false));
                break;
            default:
                Reactivate(agent);
                break;
        }
    }

    private void Reactivate(AgentView agent)
    {
        Note(agent, "is taken back into use");
        world.Host.Post(new MasterCommand.ReactivateAgent(agent.Id));
    }

    private void Note(AgentView agent, string what) => world.Trace.Add(agent.Info.Hostname, what);
}
