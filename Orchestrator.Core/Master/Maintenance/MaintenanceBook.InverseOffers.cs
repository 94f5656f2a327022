using Orchestrator.Core.Contract.AllocatorApi;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Master.Agents;
using Orchestrator.Core.Master.Frameworks;
using Orchestrator.Core.Primitives;

namespace Orchestrator.Core.Master.Maintenance;

/// <summary>
/// Inverse offers: each framework that holds or is offered something of an agent that will be unavailable is asked to give it
/// back, once until it answers, and again when the filter of its answer is over.
/// </summary>
internal sealed partial class MaintenanceBook
{
    private readonly Dictionary<(AgentId Agent, FrameworkId Framework), InverseOfferState> _asked = [];
    private readonly Dictionary<OfferId, InverseOfferState> _outstanding = [];
    private DateTimeOffset _nextRound;

    /// <summary>When frameworks are asked next; null without a schedule.</summary>
    public DateTimeOffset? NextRound => _windows.Count > 0 && state.AgentsById.Count > 0 ? _nextRound : null;

    /// <summary>Asks who is to be asked, at most once in an allocation interval.</summary>
    public void Ask(Turn turn)
    {
        if (!(NextRound <= turn.Now))
        {
            return;
        }

        _nextRound = turn.Now + state.Options.AllocationInterval;
        Forget(turn);
        foreach (var agent in state.AgentsById.Values)
        {
            if (agent.Unavailability is null || !agent.IsConnected)
            {
                continue;
            }

            foreach (var framework in HoldersOf(agent))
            {
                Ask(turn, framework, agent);
            }
        }
    }

    /// <summary>ACCEPT_INVERSE_OFFERS and DECLINE_INVERSE_OFFERS: ids that are not outstanding are ignored.</summary>
    public void Answer(Turn turn, FrameworkState framework, IEnumerable<OfferID> ids, Filters? filters, InverseOfferStatus.Types.Status answer)
    {
        foreach (var id in ids)
        {
            if (!_outstanding.TryGetValue(new OfferId(id.Value), out var asked) || asked.Framework != framework)
            {
                continue;
            }

            _outstanding.Remove(new OfferId(id.Value));
            asked.Outstanding = null;
            asked.QuietUntil = offers.RefusedUntil(turn, filters);
            asked.Answer = new InverseOfferStatus
            {
                Status = answer,
                FrameworkId = new FrameworkID { Value = framework.Id.Value },
                Timestamp = new TimeInfo { Nanoseconds = ClusterState.Nanoseconds(turn.Now) },
            };
            Publish();
        }
    }

    /// <summary>REVIVE: it may be asked again at once.</summary>
    public void Revive(FrameworkState framework)
    {
        foreach (var asked in _asked.Values)
        {
            if (asked.Framework == framework)
            {
                asked.QuietUntil = null;
            }
        }
    }

    /// <summary>Connected frameworks that hold or are offered something of it.</summary>
    private HashSet<FrameworkState> HoldersOf(AgentState agent)
    {
        var holders = new HashSet<FrameworkState>();
        foreach (var id in agent.Tasks.Select(task => task.Key.FrameworkId).Concat(agent.Executors.Keys.Select(key => key.Framework)).Concat(agent.Offers.Select(offer => offer.Framework.Id)))
        {
            if (state.FrameworksById.TryGetValue(id, out var framework) && framework.IsConnected)
            {
                holders.Add(framework);
            }
        }

        return holders;
    }

    private void Ask(Turn turn, FrameworkState framework, AgentState agent)
    {
        if (!_asked.TryGetValue((agent.Id, framework.Id), out var asked))
        {
            _asked[(agent.Id, framework.Id)] = asked = new InverseOfferState(framework, agent);
        }

        if (asked.Outstanding is { } old && asked.Stream == framework.Stream)
        {
            return;
        }

        if (asked.QuietUntil > turn.Now)
        {
            return;
        }

        if (asked.Outstanding is { } lost)
        {
            _outstanding.Remove(lost);
        }

        var id = state.NextOfferId();
        asked.Outstanding = id;
        asked.Stream = framework.Stream;
        _outstanding[id] = asked;
        turn.Effects.Send(framework.Stream!.Value, new Event
        {
            Type = Event.Types.Type.InverseOffers,
            InverseOffers = new Event.Types.InverseOffers
            {
                InverseOffers_ =
                {
                    new InverseOffer
                    {
                        Id = new OfferID { Value = id.Value },
                        FrameworkId = new FrameworkID { Value = framework.Id.Value },
                        AgentId = new AgentID { Value = agent.Id.Value },
                        Unavailability = agent.Unavailability,
                        Url = new URL { Scheme = "http", Path = "/slave(1)", Address = new Address { Hostname = agent.Info.Hostname, Ip = agent.Ip, Port = agent.Info.HasPort ? agent.Info.Port : 5051 } },
                    },
                },
            },
        });
    }

    /// <summary>Takes back what an agent's frameworks were asked, and forgets their answers: the schedule is another.</summary>
    private void Withdraw(Turn turn, AgentState agent)
    {
        foreach (var (key, asked) in _asked.Where(pair => pair.Key.Agent == agent.Id).ToArray())
        {
            Drop(turn, key, asked);
        }
    }

    /// <summary>Drops what was asked of agents and frameworks that are gone, or hold nothing there any more.</summary>
    private void Forget(Turn turn)
    {
        var changed = false;
        foreach (var (key, asked) in _asked.ToArray())
        {
            var isThere = state.AgentsById.GetValueOrDefault(key.Agent) == asked.Agent && asked.Agent.Unavailability is not null && state.FrameworksById.GetValueOrDefault(key.Framework) == asked.Framework;
            if (!isThere || (asked.Framework.IsConnected && !HoldersOf(asked.Agent).Contains(asked.Framework)))
            {
                Drop(turn, key, asked);
                changed = true;
            }
        }

        if (changed)
        {
            Publish();
        }
    }

    private void Drop(Turn turn, (AgentId Agent, FrameworkId Framework) key, InverseOfferState asked)
    {
        _asked.Remove(key);
        if (asked.Outstanding is not { } id)
        {
            return;
        }

        _outstanding.Remove(id);
        if (asked.Framework.Stream is { } stream && stream == asked.Stream)
        {
            turn.Effects.Send(stream, new Event
            {
                Type = Event.Types.Type.RescindInverseOffer,
                RescindInverseOffer = new Event.Types.RescindInverseOffer { InverseOfferId = new OfferID { Value = id.Value } },
            });
        }
    }

    private IEnumerable<InverseOfferStatus> AnswersOf(MachineKey machine) =>
        _asked.Values.Where(asked => asked.Answer is not null && KeysOf(asked.Agent.Info.Hostname, asked.Agent.Ip).Contains(machine)).Select(asked => asked.Answer!);
}
