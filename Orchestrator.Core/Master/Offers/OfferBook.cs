using Orchestrator.Core.Allocator;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Master.Agents;
using Orchestrator.Core.Master.Frameworks;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;

namespace Orchestrator.Core.Master.Offers;

/// <summary>The outstanding offers: made from allocations, taken by ACCEPT and DECLINE, taken back by the master.</summary>
internal sealed class OfferBook(ClusterState state)
{
    /// <summary>
    /// An event of offers is sent when it is beyond this in protobuf, in bytes: clients read records of 4 MiB, and JSON is
    /// some three times as long.
    /// </summary>
    private const int MaxEventBytes = 1024 * 1024;

    private static readonly TimeSpan s_longestRefusal = TimeSpan.FromDays(365);
    private readonly Dictionary<OfferId, OfferState> _offers = [];
    private readonly Queue<OfferState> _byAge = new();
    private readonly Dictionary<int, (Event Message, int Bytes)> _batch = [];

    /// <summary>How many are outstanding.</summary>
    public int Count => _offers.Count;

    /// <summary>When the oldest offer times out; null without a timeout or offers.</summary>
    public DateTimeOffset? NextTimeout
    {
        get
        {
            if (state.Options.OfferTimeout is not { } timeout)
            {
                return null;
            }

            DropGone();
            return _byAge.TryPeek(out var oldest) ? oldest.MadeAt + timeout : null;
        }
    }

    public OfferState? Find(OfferId id) => _offers.GetValueOrDefault(id);

    /// <summary>Runs an allocation cycle and offers its result: one OFFERS event for each framework, unless it grows too long.</summary>
    public void Allocate(Turn turn)
    {
        var allocations = state.Allocator.Cycle(turn.Now);
        for (var i = 0; i < allocations.Count; i++)
        {
            Make(turn, allocations[i]);
        }

        foreach (var (slot, gathered) in _batch)
        {
            turn.Effects.Send(state.Frameworks[slot]!.Stream!.Value, gathered.Message);
        }

        _batch.Clear();
    }

    /// <summary>Takes an offer out of the book without freeing its resources: they go on as tasks or are recovered by the caller.</summary>
    public void Take(OfferState offer)
    {
        _offers.Remove(offer.Id);
        offer.Framework.Offers.Remove(offer);
        offer.Framework.OfferSlots.Remove(offer.Slot);
        offer.Agent.Offers.Remove(offer);
        offer.Framework.Offered -= offer.Resources;
        offer.Agent.Offered -= offer.Resources;
        state.Touch(offer.Framework);
        state.Touch(offer.Agent);
    }

    /// <summary>Frees what an offer that was taken did not use.</summary>
    public void Recover(Turn turn, OfferState offer, ResourceList rest, Filters? filters) =>
        state.Allocator.Recover(offer.Framework.Slot, offer.Role, offer.Agent.Slot, rest, RefusedUntil(turn, filters));

    /// <summary>Takes an offer back and tells the framework.</summary>
    public void Rescind(Turn turn, OfferState offer)
    {
        Take(offer);
        state.Allocator.Recover(offer.Framework.Slot, offer.Role, offer.Agent.Slot, offer.Resources, null);
        if (offer.Framework.Stream is { } stream)
        {
            turn.Effects.Send(stream, new Event { Type = Event.Types.Type.Rescind, Rescind = new Event.Types.Rescind { OfferId = new OfferID { Value = offer.Id.Value } } });
        }
    }

    public void RescindAll(Turn turn, AgentState agent)
    {
        foreach (var offer in agent.Offers.ToArray())
        {
            Rescind(turn, offer);
        }
    }

    /// <summary>Drops all offers of a framework without telling it: it is not there, or has subscribed anew.</summary>
    public void DropAll(FrameworkState framework)
    {
        foreach (var offer in framework.Offers.ToArray())
        {
            Take(offer);
            state.Allocator.Recover(framework.Slot, offer.Role, offer.Agent.Slot, offer.Resources, null);
        }
    }

    public void RescindTimedOut(Turn turn)
    {
        while (NextTimeout <= turn.Now)
        {
            Rescind(turn, _byAge.Dequeue());
        }
    }

    /// <summary>DECLINE: known offers are freed with the filter, unknown ones ignored.</summary>
    public void Decline(Turn turn, FrameworkState framework, Call.Types.Decline decline)
    {
        state.Count("messages_decline_offers");
        foreach (var id in decline.OfferIds)
        {
            if (_offers.TryGetValue(new OfferId(id.Value), out var offer) && offer.Framework == framework)
            {
                Take(offer);
                Recover(turn, offer, offer.Resources, decline.Filters);
            }
        }
    }

    private void Make(Turn turn, Allocation allocation)
    {
        var framework = state.Frameworks[allocation.Framework]!;
        var agent = state.Agents[allocation.Agent]!;
        var offer = new OfferState(state.NextOfferId(), framework, agent, allocation.Role, allocation.Resources, turn.Now);
        _offers[offer.Id] = offer;
        if (state.Options.OfferTimeout is not null)
        {
            _byAge.Enqueue(offer);
        }

        framework.Offers.Add(offer);
        offer.Slot = framework.OfferSlots.Add(offer);
        agent.Offers.Add(offer);
        framework.Offered += offer.Resources;
        agent.Offered += offer.Resources;
        state.Touch(framework);
        state.Touch(agent);
        Gather(turn, offer);
    }

    private void Gather(Turn turn, OfferState offer)
    {
        var framework = offer.Framework;
        if (!_batch.TryGetValue(framework.Slot, out var gathered))
        {
            gathered = (new Event { Type = Event.Types.Type.Offers, Offers = new Event.Types.Offers() }, 0);
        }

        gathered.Message.Offers.Offers_.Add(ToProto(offer));
        gathered.Bytes += offer.Agent.OfferBytes;
        if (gathered.Bytes < MaxEventBytes)
        {
            _batch[framework.Slot] = gathered;
            return;
        }

        turn.Effects.Send(framework.Stream!.Value, gathered.Message);
        _batch.Remove(framework.Slot);
    }

    private static Offer ToProto(OfferState offer)
    {
        var info = offer.Agent.Info;
        var message = new Offer
        {
            Id = new OfferID { Value = offer.Id.Value },
            FrameworkId = new FrameworkID { Value = offer.Framework.Id.Value },
            AgentId = new AgentID { Value = offer.Agent.Id.Value },
            Hostname = info.Hostname,
            Url = new URL
            {
                Scheme = "http",
                Path = "/slave(1)",
                Address = new Address { Hostname = info.Hostname, Ip = offer.Agent.Ip, Port = info.HasPort ? info.Port : 5051 },
            },
        };
        message.Resources.AddRange(offer.Resources.ToProto(offer.Framework.Format, offer.Framework.IsMultiRole ? offer.Role : null));
        message.Attributes.AddRange(info.Attributes);
        message.Domain = info.Domain;
        message.Unavailability = offer.Agent.Unavailability;
        if (offer.Framework.IsMultiRole)
        {
            message.AllocationInfo = new Resource.Types.AllocationInfo { Role = offer.Role };
        }

        foreach (var (key, executor) in offer.Agent.Executors)
        {
            if (key.Framework == offer.Framework.Id)
            {
                message.ExecutorIds.Add(executor.Info.ExecutorId);
            }
        }

        return message;
    }

    /// <summary>When the filter of an answer is over: 5 s later unless it says otherwise; null for none.</summary>
    public DateTimeOffset? RefusedUntil(Turn turn, Filters? filters)
    {
        var seconds = filters is { HasRefuseSeconds: true } ? filters.RefuseSeconds : 5.0;
        if (seconds == 0)
        {
            return null;
        }

        if (!double.IsFinite(seconds) || seconds < 0)
        {
            seconds = 5.0;
        }

        var span = seconds >= s_longestRefusal.TotalSeconds ? s_longestRefusal : TimeSpan.FromSeconds(seconds);
        return turn.Now + (span < state.Options.AllocationInterval ? state.Options.AllocationInterval : span);
    }

    private void DropGone()
    {
        while (_byAge.TryPeek(out var oldest) && !_offers.ContainsKey(oldest.Id))
        {
            _byAge.Dequeue();
        }
    }
}
