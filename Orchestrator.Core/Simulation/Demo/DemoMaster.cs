using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Master;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Runtime.Streams;
using Orchestrator.Core.Views;

namespace Orchestrator.Core.Simulation.Demo;

/// <summary>The host's master as simulated agents and frameworks reach it: by reference, without HTTP.</summary>
/// <param name="gateway">Its loop.</param>
/// <param name="schedulers">Streams of frameworks.</param>
/// <param name="agents">Streams of agents.</param>
/// <param name="random">Where ids of streams come from.</param>
internal sealed class DemoMaster(IEngineGateway<MasterCommand, MasterReply, ClusterSnapshot> gateway, EventStreams<Event> schedulers, EventStreams<AgentEvent> agents, SeededRandom random)
{
    /// <summary>Commands that the master was too busy to take; what they said is said again or found out.</summary>
    public long Refused { get; private set; }

    public EventStream<Event> OpenScheduler() => schedulers.Open(new StreamId(random.NextGuid()));

    public EventStream<AgentEvent> OpenAgent() => agents.Open(new StreamId(random.NextGuid()));

    /// <summary>Hands a command over; false when the master is too busy.</summary>
    public bool Post(MasterCommand command)
    {
        try
        {
            _ = gateway.SendAsync(command, CancellationToken.None).AsTask();
            return true;
        }
        catch (EngineOverloadedException)
        {
            Refused++;
            return false;
        }
    }
}
