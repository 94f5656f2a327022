using Orchestrator.Core.Resources;

namespace Orchestrator.Core.Allocator;

/// <summary>Frameworks, roles and their shares.</summary>
public sealed partial class ResourceAllocator
{
    private readonly List<FrameworkRow?> _frameworks = [];
    private readonly List<ClientRow?> _clients = [];
    private readonly Stack<int> _freeClients = new();
    private readonly Dictionary<string, RoleRow> _roles = new(StringComparer.Ordinal);
    private readonly List<RoleRow> _roleOrder = [];

    /// <summary>Takes a framework in, or changes its roles and traits. Suppressed roles get no offers until revived.</summary>
    public void SetFramework(int framework, IReadOnlyList<string> roles, IReadOnlySet<string> suppressed, FrameworkTraits traits, bool active)
    {
        while (_frameworks.Count <= framework)
        {
            _frameworks.Add(null);
        }

        var row = _frameworks[framework] ??= new FrameworkRow();
        row.Traits = traits;
        row.Active = active;
        foreach (var client in row.Clients)
        {
            client.IsLeaving = !roles.Contains(client.Role.Name);
        }

        var opened = false;
        foreach (var role in roles)
        {
            var client = ClientOf(framework, role);
            client.IsLeaving = false;
            row.Suppressed.Remove(role);
            if (suppressed.Contains(role))
            {
                row.Suppressed.Add(role);
            }
        }

        foreach (var client in row.Clients.ToArray())
        {
            opened |= Listen(row, client);
        }

        if (opened)
        {
            MarkAllDirty();
        }
    }

    /// <summary>A framework is offered something only while active; when it goes its filters go.</summary>
    public void SetFrameworkActive(int framework, bool active)
    {
        var row = _frameworks[framework]!;
        row.Active = active;
        var opened = false;
        foreach (var client in row.Clients.ToArray())
        {
            if (!active)
            {
                ClearFilters(client);
            }

            opened |= Listen(row, client);
        }

        if (opened)
        {
            MarkAllDirty();
        }
    }

    /// <summary>Forgets a framework. What it holds must have been recovered before.</summary>
    public void RemoveFramework(int framework)
    {
        var row = _frameworks[framework]!;
        row.Active = false;
        foreach (var client in row.Clients.ToArray())
        {
            client.IsLeaving = true;
            ClearFilters(client);
            Listen(row, client);
        }

        _frameworks[framework] = null;
    }

    /// <summary>No offers for these roles until revived.</summary>
    public void Suppress(int framework, IEnumerable<string> roles)
    {
        var row = _frameworks[framework]!;
        foreach (var role in roles)
        {
            row.Suppressed.Add(role);
            Listen(row, ClientOf(framework, role));
        }
    }

    /// <summary>Offers for these roles again, and their filters forgotten.</summary>
    public void Revive(int framework, IEnumerable<string> roles)
    {
        var row = _frameworks[framework]!;
        foreach (var role in roles)
        {
            row.Suppressed.Remove(role);
            var client = ClientOf(framework, role);
            ClearFilters(client);
            Listen(row, client);
        }

        MarkAllDirty();
    }

    private ClientRow ClientOf(int framework, string role)
    {
        var row = _frameworks[framework]!;
        foreach (var known in row.Clients)
        {
            if (known.Role.Name == role)
            {
                return known;
            }
        }

        if (!_roles.TryGetValue(role, out var roleRow))
        {
            roleRow = new RoleRow(role, _weights.GetValueOrDefault(role, 1), QuotaOf(role));
            _roles[role] = roleRow;
            _roleOrder.Add(roleRow);
            FairOrder.Settle(_roleOrder, _roleOrder.Count - 1);
        }

        var slot = _freeClients.TryPop(out var free) ? free : _clients.Count;
        var client = new ClientRow(slot, framework, roleRow) { IsLeaving = true };
        if (slot == _clients.Count)
        {
            _clients.Add(client);
        }
        else
        {
            _clients[slot] = client;
        }

        row.Clients.Add(client);
        roleRow.Clients.Add(client);
        return client;
    }

    /// <summary>Puts a client into or out of the order of its role; true when it came in.</summary>
    private bool Listen(FrameworkRow row, ClientRow client)
    {
        var listening = row.Active && !client.IsLeaving && !row.Suppressed.Contains(client.Role.Name);
        if (listening == client.IsListening)
        {
            DropIfDone(row, client);
            return false;
        }

        client.IsListening = listening;
        if (listening)
        {
            FairOrder.Insert(client.Role.Order, client);
        }
        else
        {
            client.Role.Order.Remove(client);
            DropIfDone(row, client);
        }

        return listening;
    }

    private void DropIfDone(FrameworkRow row, ClientRow client)
    {
        if (!client.IsLeaving || client.Allocated.AsSpan().ContainsAnyExcept(0L))
        {
            return;
        }

        row.Clients.Remove(client);
        client.Role.Clients.Remove(client);
        _clients[client.Slot] = null;
        _freeClients.Push(client.Slot);
        if (client.Role.Clients.Count == 0)
        {
            _roles.Remove(client.Role.Name);
            _roleOrder.Remove(client.Role);
        }
    }

    private void Count(ClientRow client, ResourceList resources, int sign)
    {
        var c = client.IsListening ? client.Role.Order.IndexOf(client) : -1;
        Count(client, resources, sign, c, _roleOrder.IndexOf(client.Role));
        if (client.IsLeaving && _frameworks[client.Framework] is { } row)
        {
            DropIfDone(row, client);
        }
    }

    /// <summary>Changes what a client and its role hold, and moves both to their places in the order.</summary>
    private void Count(ClientRow client, ResourceList resources, int sign, int clientIndex, int roleIndex)
    {
        var role = client.Role;
        foreach (var item in resources.Items)
        {
            if (!item.IsScalar)
            {
                continue;
            }

            var name = Intern(item.Name);
            client.Allocated = Grown(client.Allocated, name);
            role.Allocated = Grown(role.Allocated, name);
            client.Allocated[name] += sign * item.Scalar.Thousandths;
            role.Allocated[name] += sign * item.Scalar.Thousandths;
            if (!item.IsReserved && !item.IsRevocable)
            {
                role.Quota.Consume(name, sign * item.Scalar.Thousandths);
            }
        }

        client.Count += sign > 0 ? 1 : 0;
        role.Count += sign > 0 ? 1 : 0;
        client.Share = FairOrder.Dominant(client.Allocated, _total, _excluded);
        role.Share = FairOrder.Dominant(role.Allocated, _total, _excluded) / role.Weight;
        if (clientIndex >= 0)
        {
            FairOrder.Settle(role.Order, clientIndex);
        }

        FairOrder.Settle(_roleOrder, roleIndex);
    }

    private void CountTotal(ResourceList total, int sign)
    {
        foreach (var item in total.Items)
        {
            if (item.IsScalar)
            {
                // The index first: a new name makes the array anew.
                var name = Intern(item.Name);
                _total[name] += sign * item.Scalar.Thousandths;
            }
        }

        CountReserved(total, sign);
        _sharesAreStale = true;
    }

    /// <summary>Shares are of the cluster's total; when that changed all are computed again.</summary>
    private void RefreshShares()
    {
        if (!_sharesAreStale)
        {
            return;
        }

        _sharesAreStale = false;
        foreach (var role in _roleOrder)
        {
            role.Share = FairOrder.Dominant(role.Allocated, _total, _excluded) / role.Weight;
            foreach (var client in role.Clients)
            {
                client.Share = FairOrder.Dominant(client.Allocated, _total, _excluded);
            }

            role.Order.Sort(FairOrder.Compare);
        }

        _roleOrder.Sort(FairOrder.Compare);
    }

    private int Intern(string name)
    {
        if (!_names.TryGetValue(name, out var index))
        {
            index = _names.Count;
            _names[name] = index;
            Array.Resize(ref _total, index + 1);
            Array.Resize(ref _excluded, index + 1);
            _excluded[index] = options.ExcludedFromFairness.Contains(name);
        }

        return index;
    }

    private static long[] Grown(long[] amounts, int index)
    {
        if (index >= amounts.Length)
        {
            Array.Resize(ref amounts, index + 1);
        }

        return amounts;
    }

    private sealed class FrameworkRow
    {
        public FrameworkTraits Traits { get; set; }

        public bool Active { get; set; }

        public HashSet<string> Suppressed { get; } = new(StringComparer.Ordinal);

        public List<ClientRow> Clients { get; } = [];
    }
}
