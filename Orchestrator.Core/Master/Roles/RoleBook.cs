using Google.Protobuf;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.QuotaApi;
using Orchestrator.Core.Master.Frameworks;
using Orchestrator.Core.Master.Offers;
using Orchestrator.Core.Primitives;

namespace Orchestrator.Core.Master.Roles;

/// <summary>
/// Quotas and weights of roles, as operators set them. Durable: keys <c>quota/ROLE</c> and <c>weight/ROLE</c>; a weight there
/// wins over the flag.
/// </summary>
internal sealed class RoleBook(ClusterState state, OfferBook offers)
{
    /// <summary>Most roles with quota, and most with a weight.</summary>
    public const int MaxRoles = 10_000;

    /// <summary>Puts back a quota from the journal.</summary>
    public void RestoreQuota(QuotaConfig config) => Put(config);

    /// <summary>Puts back a weight from the journal.</summary>
    public void RestoreWeight(WeightInfo weight) => Put(weight);

    /// <summary>UPDATE_QUOTA.</summary>
    public MasterReply Update(Turn turn, IReadOnlyList<QuotaConfig> configs, bool force)
    {
        const string prefix = "Failed to validate update quota request: ";
        var twice = configs.GroupBy(config => config.Role).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
        {
            return new MasterReply(400, $"{prefix}the role '{twice.Key}' is there more than once");
        }

        if (configs.Select(QuotaValidation.Check).FirstOrDefault(problem => problem is not null) is { } wrong)
        {
            return new MasterReply(400, prefix + wrong);
        }

        if (!force && (OverConsumed(configs) ?? OverCommitted(configs)) is { } refused)
        {
            return new MasterReply(400, $"{prefix}{refused}; set 'force' to do it all the same");
        }

        if (HasTooMany(state.Quotas.Keys, configs.Where(config => !IsDefault(config)).Select(config => config.Role)))
        {
            return new MasterReply(400, $"{prefix}more than {MaxRoles} roles would have quota");
        }

        foreach (var config in configs)
        {
            Store(turn, config);
        }

        return MasterReply.Ok;
    }

    /// <summary>SET_QUOTA.</summary>
    public MasterReply Set(Turn turn, QuotaRequest request)
    {
        const string prefix = "Failed to validate set quota request: ";
        if (QuotaValidation.Check(request) is { } problem)
        {
            return new MasterReply(400, prefix + problem);
        }

        if (state.Quotas.ContainsKey(request.Role))
        {
            return new MasterReply(400, $"{prefix}Cannot set quota for role '{request.Role}' which already has quota");
        }

        var config = QuotaValidation.ConfigOf(request);
        if (!request.Force && OverCommitted([config]) is { } refused)
        {
            return new MasterReply(409, $"Heuristic capacity check for set quota request failed: {refused}; set 'force' to do it all the same");
        }

        if (HasTooMany(state.Quotas.Keys, [request.Role]))
        {
            return new MasterReply(400, $"{prefix}more than {MaxRoles} roles would have quota");
        }

        Store(turn, config);
        return MasterReply.Ok;
    }

    /// <summary>REMOVE_QUOTA.</summary>
    public MasterReply Remove(Turn turn, string role)
    {
        if (!state.Quotas.ContainsKey(role))
        {
            return new MasterReply(400, $"Failed to validate remove quota request: Role '{role}' has no quota set");
        }

        Store(turn, new QuotaConfig { Role = role });
        return MasterReply.Ok;
    }

    /// <summary>UPDATE_WEIGHTS: outstanding offers are taken back when a role that is used is among them.</summary>
    public MasterReply Update(Turn turn, IReadOnlyList<WeightInfo> weights)
    {
        foreach (var weight in weights)
        {
            var problem = !weight.HasRole ? "'role' must be set"
                : FrameworkValidation.CheckRole(weight.Role) ?? (double.IsFinite(weight.Weight) && weight.Weight > 0 ? null : $"Weight of role '{weight.Role}' must be above 0");
            if (problem is not null)
            {
                return new MasterReply(400, $"Failed to validate update weights request: {problem}");
            }
        }

        if (HasTooMany(state.Weights.Keys, weights.Select(weight => weight.Role)))
        {
            return new MasterReply(400, $"Failed to validate update weights request: more than {MaxRoles} roles would have a weight");
        }

        foreach (var weight in weights)
        {
            Put(weight);
            turn.Effects.Store("weight/" + weight.Role, weight.ToByteArray());
            state.Tell(turn, "weight-set", weight.Role, $"Role {weight.Role} has the weight {weight.Weight}");
        }

        if (state.FrameworksById.Values.Any(framework => framework.Roles.Any(role => weights.Any(weight => IsSameOrBelow(role, weight.Role)))))
        {
            foreach (var agent in state.AgentsById.Values)
            {
                offers.RescindAll(turn, agent);
            }
        }

        return MasterReply.Ok;
    }

    private static bool HasTooMany(IEnumerable<string> known, IEnumerable<string> added) => known.Union(added).Count() > MaxRoles;

    private static bool IsDefault(QuotaConfig config) => config.Guarantees.Count + config.Limits.Count == 0;

    private static bool IsSameOrBelow(string role, string top) => role == top || role.StartsWith(top + "/", StringComparison.Ordinal);

    private static Dictionary<string, Quantity> Amounts(IEnumerable<KeyValuePair<string, Value.Types.Scalar>> amounts) =>
        amounts.ToDictionary(amount => amount.Key, amount => Quantity.FromDouble(amount.Value.Value), StringComparer.Ordinal);

    private void Store(Turn turn, QuotaConfig config)
    {
        Put(config);
        turn.Effects.Store("quota/" + config.Role, IsDefault(config) ? null : config.ToByteArray());
        state.Tell(turn, "quota-set", config.Role, IsDefault(config) ? $"The quota of role {config.Role} was removed" : $"The quota of role {config.Role} was set");
        RescindBeyond(turn, config);
    }

    private void Put(QuotaConfig config)
    {
        state.Quotas = IsDefault(config) ? state.Quotas.Remove(config.Role) : state.Quotas.SetItem(config.Role, config);
        state.ListsChanged = true;
        state.Allocator.SetQuota(config.Role, Amounts(config.Guarantees), Amounts(config.Limits));
    }

    private void Put(WeightInfo weight)
    {
        state.Weights = state.Weights.SetItem(weight.Role, weight.Weight);
        state.ListsChanged = true;
        state.Allocator.SetWeight(weight.Role, weight.Weight);
    }

    /// <summary>Takes back what the role is offered beyond its new limits, and of others what a new guarantee needs and is not free.</summary>
    private void RescindBeyond(Turn turn, QuotaConfig config)
    {
        var all = state.FrameworksById.Values.SelectMany(framework => framework.Offers).ToArray();
        foreach (var offer in all)
        {
            var isOver = config.Limits.Any(limit => Consumed(config.Role, limit.Key) > Quantity.FromDouble(limit.Value.Value) && offer.Resources.Unreserved().Scalar(limit.Key) > Quantity.Zero);
            if (isOver && IsSameOrBelow(offer.Role, config.Role))
            {
                offers.Rescind(turn, offer);
            }
        }

        foreach (var offer in all)
        {
            var isNeeded = config.Guarantees.Any(guarantee => Consumed(config.Role, guarantee.Key) + Free(guarantee.Key) < Quantity.FromDouble(guarantee.Value.Value) && offer.Resources.Unreserved().Scalar(guarantee.Key) > Quantity.Zero);
            if (isNeeded && !IsSameOrBelow(offer.Role, config.Role) && offers.Find(offer.Id) is not null)
            {
                offers.Rescind(turn, offer);
            }
        }
    }

    private Quantity Consumed(string role, string name) => state.Allocator.Consumed(role, name);

    private Quantity Free(string name)
    {
        var free = Quantity.Zero;
        foreach (var agent in state.AgentsById.Values)
        {
            free += state.Allocator.Available(agent.Slot).Unreserved().Scalar(name);
        }

        return free;
    }

    private string? OverConsumed(IReadOnlyList<QuotaConfig> configs)
    {
        foreach (var config in configs)
        {
            foreach (var (name, limit) in config.Limits)
            {
                // What is offered can be taken back; what is held cannot.
                var held = Consumed(config.Role, name) - Offered(config.Role, name);
                if (held > Quantity.FromDouble(limit.Value))
                {
                    return $"role '{config.Role}' holds {name} {held}, above the limit {limit.Value}";
                }
            }
        }

        return null;
    }

    private Quantity Offered(string role, string name)
    {
        var offered = Quantity.Zero;
        foreach (var offer in state.FrameworksById.Values.SelectMany(framework => framework.Offers).Where(offer => IsSameOrBelow(offer.Role, role)))
        {
            offered += offer.Resources.Where(item => !item.IsReserved && !item.IsRevocable).Scalar(name);
        }

        return offered;
    }

    private string? OverCommitted(IReadOnlyList<QuotaConfig> configs)
    {
        var guaranteed = new Dictionary<string, Quantity>(StringComparer.Ordinal);
        foreach (var config in state.Quotas.Values.Where(old => configs.All(config => config.Role != old.Role)).Concat(configs))
        {
            foreach (var (name, amount) in Amounts(config.Guarantees))
            {
                guaranteed[name] = guaranteed.GetValueOrDefault(name) + amount;
            }
        }

        var total = state.Total.Where(item => !item.IsRevocable);
        foreach (var (name, amount) in guaranteed)
        {
            if (amount > total.Scalar(name))
            {
                return $"all guarantees of {name} together would be {amount}, and the cluster has {total.Scalar(name)}";
            }
        }

        return null;
    }
}
