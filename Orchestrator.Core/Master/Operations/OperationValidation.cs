using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Master.Agents;
using Orchestrator.Core.Master.Frameworks;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;
using OperationType = Orchestrator.Core.Contract.Mesos.Offer.Types.Operation.Types.Type;
using SourceType = Orchestrator.Core.Contract.Mesos.Resource.Types.DiskInfo.Types.Source.Types.Type;

namespace Orchestrator.Core.Master.Operations;

/// <summary>
/// Whether an operation on resources makes sense, whatever is offered. Checks in Mesos' order; the first failure is the
/// answer. Whether the resources are there is asked afterwards.
/// </summary>
internal static class OperationValidation
{
    private const string ResizeVolume = "RESIZE_VOLUME";
    private const string Feedback = "AGENT_OPERATION_FEEDBACK";

    /// <summary>The first problem; null when there is none.</summary>
    /// <param name="operation">One that converts resources.</param>
    /// <param name="caller">Who wants it.</param>
    /// <param name="agent">Whose resources.</param>
    public static string? Check(Offer.Types.Operation operation, OperationCaller caller, AgentState agent)
    {
        if (operation.Id is { } id && FrameworkValidation.CheckId("'Offer.Operation.id'", id.Value) is { } bad)
        {
            return bad;
        }

        if (operation.Id is not null && !agent.Capabilities.Contains(Feedback))
        {
            return $"Operation feedback was asked for by an operation id, which agent {agent.Id.Value} does not support ({Feedback})";
        }

        return (operation.Type switch
        {
            OperationType.Reserve => operation.Reserve is null ? Absent("reserve") : CheckEach(operation.Reserve.Resources, item => CheckReserved(item, caller)) ?? CheckSource(operation.Reserve, caller),
            OperationType.Unreserve => operation.Unreserve is null ? Absent("unreserve") : CheckEach(operation.Unreserve.Resources, CheckUnreserved),
            OperationType.Create => operation.Create is null ? Absent("create") : CheckEach(operation.Create.Volumes, item => CheckCreated(item, caller)) ?? CheckUnique(operation.Create.Volumes, agent),
            OperationType.Destroy => operation.Destroy is null ? Absent("destroy") : CheckEach(operation.Destroy.Volumes, item => CheckVolume(item) ?? CheckExists(item, agent) ?? CheckUnused(item, agent)),
            OperationType.GrowVolume => operation.GrowVolume is null ? Absent("grow_volume") : CheckGrow(operation.GrowVolume, agent),
            OperationType.ShrinkVolume => operation.ShrinkVolume is null ? Absent("shrink_volume") : CheckShrink(operation.ShrinkVolume, agent),
            OperationType.CreateDisk or OperationType.DestroyDisk => "Disks can be created and destroyed only on the storage of resource providers, which this cluster does not have",
            _ => $"'Offer.Operation.type' is {operation.Type}, which is not known here",
        }) is { } problem ? $"Invalid {Naming.Of(operation.Type)} operation: {problem}" : null;
    }

    private static string? CheckEach(IReadOnlyCollection<Resource> resources, Func<ResourceItem, string?> check)
    {
        if (resources.Count == 0)
        {
            return "It names no resources";
        }

        foreach (var resource in resources)
        {
            if (Read(resource, out var item) is { } malformed)
            {
                return malformed;
            }

            var problem = (item!.ProviderId is not null ? $"Resource {ResourceList.FullText(item)} is of a resource provider, which this cluster does not have" : null)
                ?? (item.IsReserved && item.IsRevocable ? $"Resource {ResourceList.FullText(item)} must not be both reserved and revocable" : null)
                ?? check(item);
            if (problem is not null)
            {
                return problem;
            }
        }

        return null;
    }

    private static string? Read(Resource resource, out ResourceItem? item)
    {
        item = null;
        try
        {
            item = ResourceItem.FromProto(resource);
            return item.IsEmpty ? $"Resource '{resource.Name}' has no amount" : null;
        }
        catch (ResourceException error)
        {
            return $"Invalid resources: {error.Message}";
        }
    }

    private static string? CheckReserved(ResourceItem item, OperationCaller caller)
    {
        var text = ResourceList.FullText(item);
        if (!item.IsDynamicallyReserved)
        {
            return $"Resource {text} is not dynamically reserved: its last reservation must have type DYNAMIC and a role";
        }

        if (item.VolumeId is not null)
        {
            return $"Resource {text} is a persistent volume, which is created on resources that are reserved already";
        }

        for (var i = 0; i < item.Reservations.Count; i++)
        {
            var role = item.Reservations[i].Role;
            if (FrameworkValidation.CheckRole(role) is { } bad || role == "*")
            {
                return $"Resource {text} cannot be reserved for the role '{role}'";
            }

            if (i > 0 && !role.StartsWith(item.Reservations[i - 1].Role + "/", StringComparison.Ordinal))
            {
                return $"Resource {text} is refined for '{role}', which is not below the role '{item.Reservations[i - 1].Role}' that it is reserved for";
            }
        }

        return caller.Roles is { } roles && !roles.Contains(item.Role)
            ? $"A reserve operation was attempted for a resource with role '{item.Role}', but the framework can only reserve resources with its roles: {string.Join(", ", roles)}"
            : caller.Role is { } offerRole && offerRole != item.Role
                ? $"A reserve operation was attempted for a resource allocated to role '{offerRole}', but its reservation is for role '{item.Role}'"
                : CheckPrincipal(caller, item.Reservations[^1].HasPrincipal ? item.Reservations[^1].Principal : null, "reserve", "reserved resource", "reservation principal");
    }

    private static string? CheckSource(Offer.Types.Operation.Types.Reserve reserve, OperationCaller caller)
    {
        if (reserve.Source.Count == 0)
        {
            return null;
        }

        if (caller.Roles is not null)
        {
            return "'source' must not be set by frameworks: only operators change reservations";
        }

        if (CheckEach(reserve.Source, _ => null) is { } problem)
        {
            return "source: " + problem;
        }

        var source = ResourceList.FromProto(reserve.Source);
        var target = ResourceList.FromProto(reserve.Resources);
        return Bare(source) == Bare(target) ? null : "'source' and 'resources' must be the same amounts of the same resources";
    }

    private static string Bare(ResourceList list) =>
        string.Join(";", ResourceList.Of(list.Items.ToArray().Select(item => item.WithReservations([]))).Items.ToArray().Select(ResourceList.FullText).Order(StringComparer.Ordinal));

    private static string? CheckUnreserved(ResourceItem item) =>
        !item.IsDynamicallyReserved ? $"Resource {ResourceList.FullText(item)} is not dynamically reserved: static reservations are the agent's own and stay"
        : item.VolumeId is not null ? $"Resource {ResourceList.FullText(item)} is a persistent volume: destroy it first"
        : null;

    private static string? CheckVolume(ResourceItem item) =>
        item.VolumeId is null ? $"Resource {ResourceList.FullText(item)} is not a persistent volume: 'disk.persistence' is not set"
        : !item.IsReserved ? $"Persistent volume {ResourceList.FullText(item)} must be made of reserved disk"
        : null;

    private static string? CheckCreated(ResourceItem item, OperationCaller caller)
    {
        var text = ResourceList.FullText(item);
        if (item.Name != "disk" || !item.IsScalar)
        {
            return $"Persistent volume {text} must be made of 'disk'";
        }

        if (CheckVolume(item) is { } problem)
        {
            return problem;
        }

        if (item.IsRevocable)
        {
            return $"Persistent volume {text} must not be revocable";
        }

        var mount = item.Disk!.Volume;
        return mount is null ? $"Persistent volume {text} has no 'disk.volume'"
            : mount.HasHostPath ? $"'disk.volume.host_path' of persistent volume {text} must not be set: the agent chooses where it lies"
            : mount.Mode != Volume.Types.Mode.Rw ? $"'disk.volume.mode' of persistent volume {text} must be RW"
            : VolumePath.Check(mount.ContainerPath) is { } badPath ? $"'disk.volume.container_path' of persistent volume {text}: {badPath}"
            : FrameworkValidation.CheckId("'disk.persistence.id'", item.VolumeId!)
                ?? VolumePath.CheckDirectory(item.Role, item.VolumeId!)
                ?? (item.IsShared && !caller.MayShare ? $"Shared volume {text} needs a framework with SHARED_RESOURCES" : null)
                ?? CheckPrincipal(caller, item.Disk.Persistence.HasPrincipal ? item.Disk.Persistence.Principal : null, "create", "volume", "'disk.persistence.principal'");
    }

    private static string? CheckPrincipal(OperationCaller caller, string? principal, string verb, string what, string field) =>
        caller.Principal is not { } expected || expected == principal ? null
        : principal is null ? $"A {verb} operation was attempted by principal '{expected}', but a {what} in it does not contain a {field}"
        : $"A {verb} operation was attempted by principal '{expected}', which does not match a {what} in it with {field} '{principal}'";

    private static string? CheckUnique(IEnumerable<Resource> volumes, AgentState agent)
    {
        var known = agent.Total.Items.ToArray().Where(item => item.VolumeId is not null).Select(item => (item.Role, item.VolumeId!)).ToHashSet();
        foreach (var item in volumes.Select(ResourceItem.FromProto))
        {
            if (!known.Add((item.Role, item.VolumeId!)))
            {
                return $"Persistence ID '{item.VolumeId}' is used on the agent already for the role '{item.Role}'";
            }
        }

        return null;
    }

    private static string? CheckExists(ResourceItem item, AgentState agent) =>
        agent.Total.Contains(ResourceList.Of([item])) ? null : $"Persistent volume {ResourceList.FullText(item)} does not exist on agent {agent.Id.Value}";

    private static string? CheckUnused(ResourceItem item, AgentState agent)
    {
        foreach (var used in agent.Used.Items)
        {
            if (used.IsLike(item))
            {
                return $"Persistent volume {ResourceList.FullText(item)} is in use by a task";
            }
        }

        return null;
    }

    private static string? CheckGrow(Offer.Types.Operation.Types.GrowVolume grow, AgentState agent)
    {
        var problem = CheckEach([grow.Volume], item => CheckResizable(item, agent))
            ?? CheckEach([grow.Addition], item => item.VolumeId is not null ? "'addition' must not be a persistent volume" : null);
        if (problem is not null)
        {
            return problem;
        }

        var below = ResourceItem.FromProto(grow.Volume).WithoutVolume();
        var addition = ResourceItem.FromProto(grow.Addition);
        return addition.IsLike(below) ? null : $"'addition' {ResourceList.FullText(addition)} is not of the disk and reservation of the volume, {ResourceList.FullText(below)}";
    }

    private static string? CheckShrink(Offer.Types.Operation.Types.ShrinkVolume shrink, AgentState agent)
    {
        if (CheckEach([shrink.Volume], item => CheckResizable(item, agent)) is { } problem)
        {
            return problem;
        }

        var volume = ResourceItem.FromProto(shrink.Volume);
        var amount = shrink.Subtract.Value;
        return volume.Disk?.Source is { Type: SourceType.Mount } ? "A volume on a MOUNT disk cannot be shrunk"
            : !double.IsFinite(amount) || Quantity.FromDouble(amount) <= Quantity.Zero ? "'subtract' must be more than zero"
            : Quantity.FromDouble(amount) >= volume.Scalar ? "'subtract' must be less than the size of the volume: destroy it instead"
            : null;
    }

    private static string? CheckResizable(ResourceItem item, AgentState agent) =>
        !agent.Capabilities.Contains(ResizeVolume) ? $"Volumes cannot be resized on agent {agent.Id.Value} ({ResizeVolume})"
        : CheckVolume(item) is { } problem ? problem
        : item.IsShared ? "Shared volumes cannot be resized"
        : CheckExists(item, agent) ?? CheckUnused(item, agent);

    private static string Absent(string field) => $"'{field}' is not set";
}
