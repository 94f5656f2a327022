using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Master;
using Orchestrator.Core.Runtime.Streams;

namespace Orchestrator.Core.Runtime;

/// <summary>Delivers what a turn of the master wanted sent to the streams of schedulers and agents.</summary>
public sealed class MasterDispatcher(EventStreams<Event> schedulers, EventStreams<AgentEvent> agents, IClusterObserver? observer = null) : IEffectDispatcher<MasterEffects>
{
    /// <summary>Most events that may wait for one scheduler.</summary>
    public const int MaxSchedulerEvents = 262_144;

    /// <summary>Most events that may wait for one agent.</summary>
    public const int MaxAgentEvents = 65_536;

    /// <inheritdoc/>
    public void Dispatch(MasterEffects effects)
    {
        foreach (var delivery in effects.Deliveries)
        {
            if (delivery.Scheduler is { } schedulerEvent)
            {
                schedulers.Deliver(delivery.Stream, schedulerEvent);
            }
            else if (delivery.Agent is { } agentEvent)
            {
                agents.Deliver(delivery.Stream, agentEvent);
            }
            else
            {
                schedulers.Close(delivery.Stream);
                agents.Close(delivery.Stream);
            }
        }

        if (effects.Changes.Count > 0)
        {
            observer?.Deliver(effects.Changes);
        }
    }
}
