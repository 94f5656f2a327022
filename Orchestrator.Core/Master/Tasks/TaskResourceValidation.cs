using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Master.Agents;
using Orchestrator.Core.Resources;

namespace Orchestrator.Core.Master.Tasks;

/// <summary>Whether the resources and limits of a task make sense by themselves, whatever is offered.</summary>
internal static class TaskResourceValidation
{
    private const string LimitsCapability = "TASK_RESOURCE_LIMITS";

    /// <summary>The first problem; null when there is none.</summary>
    public static string? CheckResources(IReadOnlyCollection<Resource> resources, string offerRole)
    {
        if (resources.Count == 0)
        {
            return "Task uses no resources";
        }

        var problem = resources.Select(CheckResource).FirstOrDefault(found => found is not null) ?? CheckMixture(resources) ?? CheckRole(resources, offerRole);
        if (problem is not null)
        {
            return problem;
        }

        try
        {
            return ResourceList.FromProto(resources).IsEmpty ? "Task uses no resources" : null;
        }
        catch (ResourceException error)
        {
            return $"Invalid task resources: {error.Message}";
        }
    }

    /// <summary>Limits are for cpus and mem, beside a request of that name that they are not below; Infinity is no limit.</summary>
    public static string? CheckLimits(TaskInfo info, AgentState agent)
    {
        if (info.Limits.Count == 0)
        {
            return null;
        }

        if (!agent.Capabilities.Contains(LimitsCapability))
        {
            return $"Task has resource limits, which agent {agent.Id.Value} does not support ({LimitsCapability})";
        }

        foreach (var (name, limit) in info.Limits)
        {
            if (name is not ("cpus" or "mem"))
            {
                return $"Task has a limit of '{name}'; only cpus and mem may be limited";
            }

            var request = info.Resources.Where(resource => resource.Name == name).Sum(resource => resource.Scalar?.Value ?? 0);
            if (request == 0)
            {
                return $"Task has a limit of '{name}' without requesting any '{name}'";
            }

            if (!(limit.Value >= request))
            {
                return $"The limit of '{name}', {limit.Value}, is less than the request of {request}";
            }
        }

        return null;
    }

    private static string? CheckResource(Resource resource)
    {
        if (resource is { Name: "gpus", Scalar.Value: var gpus } && gpus != Math.Floor(gpus))
        {
            return $"The 'gpus' resource must be an unsigned integer, not {gpus}";
        }

        if (resource.Type == Value.Types.Type.Scalar && !(resource.Scalar?.Value > 0))
        {
            return $"Resource '{resource.Name}:{resource.Scalar?.Value}' is invalid: Invalid scalar resource: value <= 0";
        }

#pragma warning disable CS0612 // The role of clients without RESERVATION_REFINEMENT.
        var reserved = resource.Reservations.Count > 0 || (resource.HasRole && resource.Role != "*");
#pragma warning restore CS0612
        return reserved && resource.Revocable is not null ? $"Resource '{resource.Name}' is invalid: it must not be both reserved and revocable" : null;
    }

    private static string? CheckMixture(IReadOnlyCollection<Resource> resources)
    {
        var mixed = resources.GroupBy(resource => resource.Name).FirstOrDefault(group => group.Select(resource => resource.Revocable is not null).Distinct().Count() > 1);
        if (mixed is not null)
        {
            return $"Cannot use both revocable and non-revocable '{mixed.Key}' at the same time";
        }

        var twice = resources.Where(resource => resource.Disk?.Persistence is not null).GroupBy(resource => resource.Disk.Persistence.Id).FirstOrDefault(group => group.Count() > 1);
        return twice is null ? null : $"Persistence ID '{twice.Key}' is not unique";
    }

    /// <summary>Resources that do not say whom they are allocated to are allocated to the role of the offer.</summary>
    private static string? CheckRole(IEnumerable<Resource> resources, string offerRole)
    {
        var roles = resources.Select(resource => resource.AllocationInfo is { HasRole: true } allocation ? allocation.Role : offerRole).Distinct().Order(StringComparer.Ordinal).ToList();
        return roles.Count > 1
            ? $"Invalid task resources: The resources have multiple allocation roles ('{roles[0]}' and '{roles[1]}') but only one allocation role is allowed"
            : roles[0] == offerRole ? null : $"Invalid task resources: They are allocated to the role '{roles[0]}' while the offers are for '{offerRole}'";
    }
}
