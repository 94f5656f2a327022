using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;

namespace Orchestrator.Core.Allocator;

/// <summary>
/// Decides which framework is offered which agent's free resources: weighted dominant resource fairness over roles, then
/// over the frameworks of a role; all that is free on an agent goes to one framework. Only agents on which something changed
/// are looked at, so an idle cluster costs nothing however large it is. Slots are the caller's.
/// </summary>
public sealed partial class ResourceAllocator(AllocatorOptions options, SeededRandom random)
{
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private readonly List<AgentRow?> _agents = [];
    private readonly List<int> _dirty = [];
    private readonly List<Allocation> _allocations = [];

    // The alternatives as arrays: they are gone through for every client that is asked.
    private readonly KeyValuePair<string, Quantity>[][] _minimum = [.. options.MinAllocatable.Select(alternative => alternative.ToArray())];
    private long[] _total = [];
    private bool[] _excluded = [];
    private bool _sharesAreStale;

    /// <summary>Whether a cycle would look at any agent.</summary>
    public bool HasWork => _dirty.Count > 0;

    /// <summary>Takes an agent in, with everything on it free.</summary>
    public void AddAgent(int agent, ResourceList total, string? region)
    {
        while (_agents.Count <= agent)
        {
            _agents.Add(null);
        }

        var row = new AgentRow(agent) { Active = true, Available = total, Region = region };
        row.SetTotal(total);
        _agents[agent] = row;
        CountTotal(total, 1);
        MarkDirty(agent);
    }

    /// <summary>Forgets an agent. What clients hold on it must have been recovered before.</summary>
    public void RemoveAgent(int agent)
    {
        CountTotal(_agents[agent]!.Total, -1);
        _agents[agent] = null;
    }

    /// <summary>Offers an agent's resources, or stops to.</summary>
    public void SetAgentActive(int agent, bool active)
    {
        var row = _agents[agent]!;
        row.Active = active;
        if (active)
        {
            MarkDirty(agent);
        }
    }

    /// <summary>What is free on an agent now.</summary>
    public ResourceList Available(int agent) => _agents[agent]!.Available;

    /// <summary>
    /// Makes others of an agent's resources, of the same amounts, as offer operations do. What is held counts to its holder as
    /// before.
    /// </summary>
    /// <param name="agent">Slot of the agent.</param>
    /// <param name="consumed">What goes.</param>
    /// <param name="converted">What there is instead.</param>
    /// <param name="isFree">Whether it is free now; otherwise a client holds it.</param>
    public void Convert(int agent, ResourceList consumed, ResourceList converted, bool isFree)
    {
        var row = _agents[agent]!;
        row.SetTotal(row.Total - consumed + converted);
        if (isFree)
        {
            // What is held counts for its role whether it is reserved or not.
            CountReserved(consumed, -1);
            CountReserved(converted, 1);
        }

        // Shared resources are never taken out of what is free.
        var (gone, made) = isFree ? (consumed, converted) : (consumed.Where(item => item.IsShared), converted.Where(item => item.IsShared));
        row.Available = row.Available - gone + made;
        MarkDirty(agent);
    }

    /// <summary>Counts resources as held by a client though no cycle gave them: tasks that came back with an agent.</summary>
    public void Charge(int framework, string role, int agent, ResourceList resources)
    {
        var row = _agents[agent]!;
        resources = resources.Exclusive();
        row.Available -= resources;
        var client = ClientOf(framework, role);
        Count(client, resources, 1);
    }

    /// <summary>Takes resources of an agent that was added anew out of what is free; they are counted to their clients already.</summary>
    public void Occupy(int agent, ResourceList resources) => _agents[agent]!.Available -= resources.Exclusive();

    /// <summary>Frees resources that a client held: a task ended, an offer was declined, rescinded or used in part.</summary>
    /// <param name="framework">Slot of the framework.</param>
    /// <param name="role">Its role.</param>
    /// <param name="agent">Slot of the agent; it may have been removed meanwhile.</param>
    /// <param name="resources">What is free again.</param>
    /// <param name="refusedUntil">When given, the framework is not offered a subset of it on this agent before then.</param>
    public void Recover(int framework, string role, int agent, ResourceList resources, DateTimeOffset? refusedUntil)
    {
        if (resources.IsEmpty)
        {
            return;
        }

        var client = ClientOf(framework, role);
        var exclusive = resources.Exclusive();
        Count(client, exclusive, -1);
        if (agent >= _agents.Count || _agents[agent] is not { } row)
        {
            return;
        }

        row.Available += exclusive;
        if (refusedUntil is { } until)
        {
            AddFilter(agent, row, client, resources, until);
        }

        MarkDirty(agent);
    }

    /// <summary>
    /// One cycle over the agents on which something changed. The result is valid until the next call.
    /// </summary>
    public IReadOnlyList<Allocation> Cycle(DateTimeOffset now)
    {
        _allocations.Clear();
        ExpireFilters(now);
        if (_dirty.Count == 0)
        {
            return _allocations;
        }

        LookAgainAtHeldBack();
        RefreshShares();
        Shuffle(_dirty);
        if (MeasureHeadroom())
        {
            AllocateDirty(now, guaranteesOnly: true);
            Shuffle(_dirty);
        }

        AllocateDirty(now, guaranteesOnly: false);
        _dirty.Clear();
        return _allocations;
    }

    private void AllocateDirty(DateTimeOffset now, bool guaranteesOnly)
    {
        foreach (var agent in _dirty)
        {
            if (_agents[agent] is { } row)
            {
                row.IsDirty = guaranteesOnly;
                if (row.Active)
                {
                    AllocateAgent(agent, row, now, guaranteesOnly);
                }
            }
        }
    }

    private void AllocateAgent(int agent, AgentRow row, DateTimeOffset now, bool guaranteesOnly)
    {
        // A role may take its reservations or its quota and leave the rest to the next, so go on while something is given.
        // What is shared stays free, and is given once in a cycle.
        var free = row.Available;
        while (!free.IsEmpty && GiveToFirst(agent, row, free, now, guaranteesOnly) is { } given)
        {
            free = row.IsPlain ? row.Available : free - given;
        }
    }

    /// <summary>Gives of the free resources to the first in fair order who may have them; null when there is none.</summary>
    private ResourceList? GiveToFirst(int agent, AgentRow row, ResourceList free, DateTimeOffset now, bool guaranteesOnly)
    {
        for (var r = 0; r < _roleOrder.Count; r++)
        {
            var role = _roleOrder[r];
            if (role.Order.Count == 0 || (guaranteesOnly && !CanServe(role.Quota, free)))
            {
                continue;
            }

            var offered = WithinQuota(row, role.Quota, row.IsPlain ? free : free.AllocatableTo(role.Name));
            if (offered.IsEmpty)
            {
                continue;
            }

            for (var c = 0; c < role.Order.Count; c++)
            {
                var client = role.Order[c];
                var fit = Fit(row, client, offered, now);
                if (fit.IsEmpty)
                {
                    continue;
                }

                // Mostly all that is free goes to one client: then nothing needs to be computed.
                var held = row.IsPlain ? fit : fit.Exclusive();
                row.Available = ReferenceEquals(held, row.Available) ? ResourceList.Empty : row.Available - held;
                Promise(role.Quota, held);
                Count(client, held, 1, c, r);
                _allocations.Add(new Allocation(client.Framework, role.Name, agent, fit));
                return fit;
            }
        }

        return null;
    }

    /// <summary>What of the free resources this client may be offered; empty for nothing.</summary>
    private ResourceList Fit(AgentRow row, ClientRow client, ResourceList offered, DateTimeOffset now)
    {
        var traits = _frameworks[client.Framework]!.Traits;
        if ((row.HasGpus && options.FilterGpuResources && !traits.GpuResources)
            || (row.Region is not null && row.Region != options.Region && !traits.RegionAware))
        {
            return ResourceList.Empty;
        }

        var fit = row.IsPlain ? offered : offered.Where(item =>
            (traits.Revocable || !item.IsRevocable) && (traits.Shared || !item.IsShared) && (traits.Refinement || item.Reservations.Count < 2));
        if (!IsAllocatable(fit, client.Role.Name, traits))
        {
            return ResourceList.Empty;
        }

        return row.Filters is not null && row.Filters.TryGetValue(client.Slot, out var filter) && filter.ExpiresAt > now && filter.Refused.Contains(fit)
            ? ResourceList.Empty
            : fit;
    }

    private bool IsAllocatable(ResourceList resources, string role, FrameworkTraits traits)
    {
        if (resources.IsEmpty)
        {
            return false;
        }

        if (traits.MinAllocatable?.GetValueOrDefault(role) is not { } own)
        {
            return IsAnyFulfilled(resources, _minimum);
        }

        return IsAnyFulfilled(resources, [.. own.Select(alternative => alternative.ToArray())]);
    }

    private static bool IsAnyFulfilled(ResourceList resources, KeyValuePair<string, Quantity>[][] alternatives)
    {
        foreach (var alternative in alternatives)
        {
            var enough = true;
            foreach (var (name, least) in alternative)
            {
                enough &= resources.Scalar(name) >= least;
            }

            if (enough)
            {
                return true;
            }
        }

        return alternatives.Length == 0;
    }

    private void MarkDirty(int agent)
    {
        if (_agents[agent] is { IsDirty: false } row)
        {
            row.IsDirty = true;
            _dirty.Add(agent);
        }
    }

    private void MarkAllDirty()
    {
        for (var agent = 0; agent < _agents.Count; agent++)
        {
            if (_agents[agent] is { Active: true, Available.IsEmpty: false })
            {
                MarkDirty(agent);
            }
        }
    }

    private void Shuffle(List<int> list)
    {
        for (var i = list.Count - 1; i > 0; i--)
        {
            var j = random.NextInt32(i + 1);
            (list[i], list[j]) = (list[j], list[i]);
        }
    }
}
