using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.QuotaApi;
using Orchestrator.Core.Master.Frameworks;

namespace Orchestrator.Core.Master.Roles;

/// <summary>What makes a quota impossible whatever the cluster is like.</summary>
internal static class QuotaValidation
{
    /// <summary>Most mem and disk: one exabyte in MB.</summary>
    public const double MaxMegabytes = 1024.0 * 1024 * 1024 * 1024;

    /// <summary>Most of anything else.</summary>
    public const double MaxAmount = 1e12;

    /// <summary>What is wrong with a config; null when nothing is.</summary>
    public static string? Check(QuotaConfig config)
    {
        if (CheckRole(config.Role) is { } problem)
        {
            return problem;
        }

        foreach (var (name, amount) in config.Guarantees)
        {
            if (CheckAmount("guarantees", name, amount) is { } wrong)
            {
                return wrong;
            }

            if (config.Limits.TryGetValue(name, out var limit) && amount.Value > limit.Value)
            {
                return $"'QuotaConfig.guarantees' of '{name}' is above its limit for role '{config.Role}'; raise the limit or lower the guarantee";
            }
        }

        return config.Limits.Select(limit => CheckAmount("limits", limit.Key, limit.Value)).FirstOrDefault(wrong => wrong is not null);
    }

    /// <summary>What is wrong with a request of the older kind; null when nothing is.</summary>
    public static string? Check(QuotaRequest request)
    {
        if (!request.HasRole)
        {
            return "'QuotaRequest.role' must be set";
        }

        if (request.Guarantee.Count == 0)
        {
            return "'QuotaRequest.guarantee' must hold at least one scalar resource";
        }

        foreach (var resource in request.Guarantee)
        {
            if (resource.Type != Value.Types.Type.Scalar || resource.Scalar is null)
            {
                return $"'QuotaRequest.guarantee' may hold scalar resources only; '{resource.Name}' is none";
            }

#pragma warning disable CS0612 // The older form of a reservation.
            if (resource.Disk is not null || resource.Revocable is not null || resource.Shared is not null || resource.Reservations.Count > 0 || resource.Reservation is not null || (resource.HasRole && resource.Role != "*"))
#pragma warning restore CS0612
            {
                return $"'QuotaRequest.guarantee' of '{resource.Name}' must be a name and an amount, without reservation, disk, sharing or revocability";
            }
        }

        var twice = request.Guarantee.GroupBy(resource => resource.Name).FirstOrDefault(group => group.Count() > 1);
        return twice is null ? Check(ConfigOf(request)) : $"'QuotaRequest.guarantee' names '{twice.Key}' more than once";
    }

    /// <summary>The config that a request of the older kind means.</summary>
    public static QuotaConfig ConfigOf(QuotaRequest request)
    {
        var config = new QuotaConfig { Role = request.Role };
        foreach (var resource in request.Guarantee)
        {
            config.Guarantees[resource.Name] = resource.Scalar;
            config.Limits[resource.Name] = resource.Scalar;
        }

        return config;
    }

    private static string? CheckRole(string role) => role switch
    {
        "" => "'role' must not be empty",
        "*" => "Quota cannot be set for the default role '*'",
        _ when FrameworkValidation.CheckRole(role) is { } problem => problem,
        _ when role.Contains('/', StringComparison.Ordinal) => $"Quota can be set for top-level roles only, not for the nested role '{role}'",
        _ => null,
    };

    private static string? CheckAmount(string field, string name, Value.Types.Scalar amount)
    {
        if (name.Length == 0)
        {
            return $"'QuotaConfig.{field}' has an empty resource name";
        }

        var most = name is "mem" or "disk" ? MaxMegabytes : MaxAmount;
        return double.IsFinite(amount.Value) && amount.Value >= 0 && amount.Value <= most
            ? null
            : $"'QuotaConfig.{field}' of '{name}' must be a number from 0 to {most:0}";
    }
}
