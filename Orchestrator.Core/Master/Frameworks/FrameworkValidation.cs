using System.Buffers;
using Orchestrator.Core.Contract.Mesos;
using Capability = Orchestrator.Core.Contract.Mesos.FrameworkInfo.Types.Capability.Types.Type;

namespace Orchestrator.Core.Master.Frameworks;

/// <summary>What a framework may subscribe with. The answers name the field and what is wrong with it.</summary>
internal static class FrameworkValidation
{
    private static readonly SearchValues<char> s_forbidden = SearchValues.Create("\t\n\v\f\r \u007f");

    /// <summary>The first problem; null when there is none.</summary>
    public static string? Check(FrameworkInfo info, IEnumerable<string> suppressed, MasterOptions options)
    {
        var multiRole = info.Capabilities.Any(capability => capability.Type == Capability.MultiRole);
#pragma warning disable CS0612 // The role of frameworks without MULTI_ROLE.
        if (multiRole && info.HasRole)
        {
            return "'FrameworkInfo.role' must not be set when the framework is MULTI_ROLE capable";
        }
#pragma warning restore CS0612
        if (!multiRole && info.Roles.Count > 0)
        {
            return "'FrameworkInfo.roles' must not be set when the framework is not MULTI_ROLE capable";
        }

        var roles = FrameworkState.RolesOf(info);
        var twice = roles.GroupBy(role => role).Where(group => group.Count() > 1).Select(group => group.Key).Order(StringComparer.Ordinal).ToList();
        if (twice.Count > 0)
        {
            return $"'FrameworkInfo.roles' contains duplicate items: {{ {string.Join(", ", twice)} }}";
        }

        return roles.Select(CheckRole).FirstOrDefault(problem => problem is not null)
            ?? CheckSuppressed(roles, suppressed)
            ?? (info.User == "root" && !options.RootSubmissions ? "FrameworkInfo.user 'root' is not allowed here (--root_submissions=false)" : null)
            ?? (info.Id is { Value.Length: > 0 } ? CheckId("FrameworkInfo.id", info.Id.Value) : null)
            ?? (IsDuration(info.FailoverTimeout) ? null : "FrameworkInfo.failover_timeout is not a number of seconds that fits 64-bit nanoseconds")
            ?? CheckFilters(info);
    }

    /// <summary>Mesos' rules for ids: short, printable, no path of any kind.</summary>
    public static string? CheckId(string field, string id)
    {
        if (id.Length is 0 or > 255)
        {
            return $"{field} must have 1 to 255 characters";
        }

        if (id is "." or "..")
        {
            return $"{field} must not be '{id}'";
        }

        foreach (var letter in id)
        {
            if (char.IsControl(letter) || letter is '/' or '\\')
            {
                return $"{field} '{id}' contains an invalid character; slashes and control characters are not allowed";
            }
        }

        return null;
    }

    /// <summary>Mesos' rules for role names.</summary>
    public static string? CheckRole(string role)
    {
        if (role == "*")
        {
            return null;
        }

        if (role.Length == 0)
        {
            return "A role must not be empty; '*' is the default role";
        }

        if (role.StartsWith('/') || role.EndsWith('/') || role.Contains("//", StringComparison.Ordinal))
        {
            return $"Role '{role}' must not begin or end with a slash, nor have two in a row";
        }

        foreach (var part in role.Split('/'))
        {
            if (part is "." or ".." or "*" || part.StartsWith('-'))
            {
                return $"Role '{role}' has the part '{part}', which must not be '.', '..', '*' nor begin with a dash";
            }
        }

        return role.AsSpan().ContainsAny(s_forbidden) ? $"Role '{role}' contains white space or a control character" : null;
    }

    private static string? CheckSuppressed(IReadOnlyList<string> roles, IEnumerable<string> suppressed) =>
        suppressed.FirstOrDefault(role => !roles.Contains(role)) is { } stray ? $"suppressed_roles has '{stray}', which is not among the roles of the framework" : null;

    private static string? CheckFilters(FrameworkInfo info)
    {
        foreach (var (role, filters) in info.OfferFilters)
        {
            foreach (var alternative in filters.MinAllocatableResources?.Quantities ?? [])
            {
                if (alternative.Quantities.Count == 0)
                {
                    return $"FrameworkInfo.offer_filters['{role}'] has an empty set of quantities";
                }

                foreach (var (name, quantity) in alternative.Quantities)
                {
                    if (!double.IsFinite(quantity.Value) || quantity.Value < 0 || double.IsSubnormal(quantity.Value))
                    {
                        return $"FrameworkInfo.offer_filters['{role}'] has an invalid quantity of '{name}'";
                    }
                }
            }
        }

        return null;
    }

    private static bool IsDuration(double seconds) => double.IsFinite(seconds) && Math.Abs(seconds) < long.MaxValue / 1e9;
}
