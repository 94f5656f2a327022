using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;

namespace Orchestrator.Core.Allocator;

/// <summary>
/// Quota of top-level roles, and weights. A cycle first serves guarantees that are not met; then nobody is given what the rest
/// of them needs: the headroom. Limits cap what a role consumes. Only unreserved scalars that are not revocable are capped.
/// </summary>
public sealed partial class ResourceAllocator
{
    private readonly Dictionary<string, QuotaRow> _quotas = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double> _weights = new(options.Weights, StringComparer.Ordinal);
    private readonly List<int> _heldBack = [];
    private int _quotasSet;

    // Free in the cluster, less what unmet guarantees need; by name, valid during a cycle. Null without unmet guarantees.
    private long[]? _surplus;
    private long[] _surplusStore = [];

    /// <summary>Sets what a top-level role is guaranteed and limited to; both empty takes its quota away.</summary>
    /// <param name="role">A role without <c>/</c>.</param>
    /// <param name="guarantees">By name; absent is nothing.</param>
    /// <param name="limits">By name; absent is no limit.</param>
    public void SetQuota(string role, IReadOnlyDictionary<string, Quantity> guarantees, IReadOnlyDictionary<string, Quantity> limits)
    {
        var row = QuotaOf(role);
        _quotasSet -= row.HasGuarantees || row.HasLimits ? 1 : 0;
        row.Set(ByName(guarantees, 0), ByName(limits, QuotaRow.Unlimited));
        _quotasSet += row.HasGuarantees || row.HasLimits ? 1 : 0;
        MarkAllDirty();
    }

    /// <summary>Sets the weight of a role; more weight, more of the cluster.</summary>
    public void SetWeight(string role, double weight)
    {
        _weights[role] = weight;
        if (_roles.TryGetValue(role, out var row))
        {
            row.Weight = weight;
            _sharesAreStale = true;
        }
    }

    /// <summary>What a top-level role consumes of a scalar: held, offered or reserved.</summary>
    public Quantity Consumed(string role, string name) =>
        _quotas.TryGetValue(role, out var row) && _names.TryGetValue(name, out var index) ? new Quantity(row.Consumed(index)) : Quantity.Zero;

    private QuotaRow QuotaOf(string role)
    {
        var end = role.IndexOf('/', StringComparison.Ordinal);
        var top = end < 0 ? role : role[..end];
        if (!_quotas.TryGetValue(top, out var row))
        {
            _quotas[top] = row = new QuotaRow();
        }

        return row;
    }

    /// <summary>What is reserved to a role counts as consumed by it.</summary>
    private void CountReserved(ResourceList resources, int sign)
    {
        foreach (var item in resources.Items)
        {
            if (item.IsScalar && item.IsReserved && !item.IsRevocable)
            {
                QuotaOf(item.Role).Consume(Intern(item.Name), sign * item.Scalar.Thousandths);
            }
        }
    }

    private long[] ByName(IReadOnlyDictionary<string, Quantity> quantities, long absent)
    {
        if (quantities.Count == 0)
        {
            return [];
        }

        foreach (var name in quantities.Keys)
        {
            Intern(name);
        }

        var amounts = new long[_names.Count];
        Array.Fill(amounts, absent);
        foreach (var (name, quantity) in quantities)
        {
            amounts[_names[name]] = quantity.Thousandths;
        }

        return amounts;
    }

    /// <summary>Agents of which something was held back are looked at again once anything at all changed.</summary>
    private void LookAgainAtHeldBack()
    {
        foreach (var agent in _heldBack)
        {
            if (_agents[agent] is { IsHeldBack: true } row)
            {
                row.IsHeldBack = false;
                MarkDirty(agent);
            }
        }

        _heldBack.Clear();
    }

    /// <summary>Whether guarantees are unmet; then the surplus beyond them is known until the end of the cycle.</summary>
    private bool MeasureHeadroom()
    {
        _surplus = null;
        if (_quotasSet == 0)
        {
            return false;
        }

        Array.Resize(ref _surplusStore, _names.Count);
        Array.Clear(_surplusStore);
        var unmet = false;
        foreach (var quota in _quotas.Values)
        {
            for (var name = 0; quota.HasGuarantees && name < _surplusStore.Length; name++)
            {
                _surplusStore[name] -= quota.Unmet(name);
                unmet |= quota.Unmet(name) > 0;
            }
        }

        if (!unmet)
        {
            return false;
        }

        for (var name = 0; name < _surplusStore.Length; name++)
        {
            // What nobody is guaranteed is free to all.
            _surplusStore[name] = _surplusStore[name] == 0 ? QuotaRow.Unlimited : _surplusStore[name];
        }

        foreach (var row in _agents)
        {
            CountFree(row);
        }

        _surplus = _surplusStore;
        return true;
    }

    private void CountFree(AgentRow? row)
    {
        if (row is not { Active: true })
        {
            return;
        }

        foreach (var item in row.Available.Items)
        {
            if (IsCapped(item) && _names.TryGetValue(item.Name, out var name) && _surplusStore[name] < QuotaRow.Unlimited)
            {
                _surplusStore[name] += item.Scalar.Thousandths;
            }
        }
    }

    /// <summary>Whether some of what is free would go towards an unmet guarantee.</summary>
    private bool CanServe(QuotaRow quota, ResourceList available)
    {
        if (!quota.HasGuarantees)
        {
            return false;
        }

        foreach (var item in available.Items)
        {
            if (IsCapped(item) && quota.Unmet(Intern(item.Name)) > 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Cuts resources to what the limits of a role and the guarantees of others leave; the same list when they leave all.</summary>
    private ResourceList WithinQuota(AgentRow row, QuotaRow quota, ResourceList resources)
    {
        if (_quotasSet == 0 || (_surplus is null && !quota.HasLimits))
        {
            return resources;
        }

        List<ResourceItem>? kept = null;
        var items = resources.Items;
        for (var i = 0; i < items.Length; i++)
        {
            var most = IsCapped(items[i]) ? Allowance(quota, Intern(items[i].Name)) : QuotaRow.Unlimited;
            if (most >= items[i].Scalar.Thousandths)
            {
                kept?.Add(items[i]);
                continue;
            }

            kept ??= [.. items[..i]];
            if (most > 0 && !items[i].IsIndivisible)
            {
                kept.Add(items[i].WithScalar(new Quantity(most)));
            }
        }

        if (kept is null)
        {
            return resources;
        }

        HoldBack(row);
        return ResourceList.Of(kept);
    }

    private void HoldBack(AgentRow row)
    {
        if (!row.IsHeldBack)
        {
            row.IsHeldBack = true;
            _heldBack.Add(row.Slot);
        }
    }

    private long Allowance(QuotaRow quota, int name)
    {
        var surplus = _surplus is null || name >= _surplus.Length ? QuotaRow.Unlimited : Math.Max(0, _surplus[name]);
        return Math.Min(quota.Left(name), surplus >= QuotaRow.Unlimited ? QuotaRow.Unlimited : quota.Unmet(name) + surplus);
    }

    /// <summary>What is about to be given is free no more, and what of it meets a guarantee was kept free for that.</summary>
    private void Promise(QuotaRow quota, ResourceList given)
    {
        if (_surplus is null)
        {
            return;
        }

        foreach (var item in given.Items)
        {
            if (IsCapped(item) && _names.TryGetValue(item.Name, out var name) && name < _surplus.Length && _surplus[name] < QuotaRow.Unlimited)
            {
                var amount = item.Scalar.Thousandths;
                _surplus[name] -= amount - Math.Min(amount, quota.Unmet(name));
            }
        }
    }

    private static bool IsCapped(ResourceItem item) => item.IsScalar && !item.IsReserved && !item.IsRevocable;
}
