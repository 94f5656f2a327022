using Orchestrator.Core.Resources;

namespace Orchestrator.Core.Allocator;

/// <summary>What frameworks refused, and until when.</summary>
public sealed partial class ResourceAllocator
{
    private readonly PriorityQueue<(int Agent, int Client), long> _expiries = new();

    /// <summary>When the next filter expires; null without filters.</summary>
    public DateTimeOffset? NextExpiry => _expiries.TryPeek(out _, out var ticks) ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    private void AddFilter(int agent, AgentRow row, ClientRow client, ResourceList refused, DateTimeOffset until)
    {
        row.Filters ??= [];

        // Two refusals of different parts stand side by side as their union, until the later one ends.
        if (row.Filters.TryGetValue(client.Slot, out var earlier))
        {
            refused = earlier.Refused.Contains(refused) ? earlier.Refused : refused.Contains(earlier.Refused) ? refused : earlier.Refused + refused;
            until = earlier.ExpiresAt > until ? earlier.ExpiresAt : until;
        }

        row.Filters[client.Slot] = new OfferFilter(refused, until);
        _expiries.Enqueue((agent, client.Slot), until.UtcTicks);
    }

    private void ExpireFilters(DateTimeOffset now)
    {
        while (_expiries.TryPeek(out var entry, out var ticks) && ticks <= now.UtcTicks)
        {
            _expiries.Dequeue();
            if (entry.Agent < _agents.Count && _agents[entry.Agent] is { Filters: not null } row
                && row.Filters.TryGetValue(entry.Client, out var filter) && filter.ExpiresAt <= now)
            {
                row.Filters.Remove(entry.Client);
                MarkDirty(entry.Agent);
            }
        }
    }

    private void ClearFilters(ClientRow client)
    {
        for (var agent = 0; agent < _agents.Count; agent++)
        {
            if (_agents[agent] is { Filters: not null } row && row.Filters.Remove(client.Slot))
            {
                MarkDirty(agent);
            }
        }
    }
}
