using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Marathon.Instances;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;
using Orchestrator.Core.Views.Services;
using OperationType = Orchestrator.Core.Contract.Mesos.Offer.Types.Operation.Types.Type;

namespace Orchestrator.Core.Marathon.Launching;

/// <content>Instances that keep data on an agent: their reservations are made with the first launch and used by those after it.</content>
internal sealed partial class OfferPool
{
    private readonly bool _hasMarks;

    /// <summary>What is not kept for an instance.</summary>
    private ResourceList Unmarked => _hasMarks ? _rest.Where(item => ReservationMark.InstanceOf(item) is null) : _rest;

    /// <summary>Whether the offer has all volumes of an instance.</summary>
    public bool Holds(InstanceState instance)
    {
        if (!_hasMarks || instance.Reservation is not { } kept || kept.AgentId != Offer.AgentId.Value)
        {
            return false;
        }

        var ids = VolumesOf(instance);
        return kept.VolumeIds(instance.App.Id).All(ids.Contains);
    }

    /// <summary>Takes for a further task what was reserved for the instance, and what of its needs is not reserved any more from the rest.</summary>
    public Placement? TakeReserved(InstanceState instance, PlacementRules rules, List<OfferRejection> rejections)
    {
        var own = _rest.Where(item => ReservationMark.InstanceOf(item) == instance.Id);
        var volumes = own.Where(item => item.VolumeId is not null);
        var usable = own.Where(item => item.VolumeId is null) + Unmarked.Unreserved();
        return Take(instance.Spec, usable, rules, rejections, instance.Reservation!.Ports) is { } placement
            ? Finish(placement with { Resources = placement.Resources + volumes }, volumes)
            : null;
    }

    /// <summary>Reserves for the first task all that the instance needs and makes its volumes.</summary>
    /// <param name="instance">An instance without a reservation.</param>
    /// <param name="volumes">Its volumes: container path and a UUID.</param>
    /// <param name="frameworkId">The framework's id.</param>
    /// <param name="rules">Where it may run.</param>
    /// <param name="rejections">Filled with what is missing.</param>
    public Placement? TakeNew(InstanceState instance, IReadOnlyList<(string ContainerPath, string Uuid)> volumes, string? frameworkId, PlacementRules rules, List<OfferRejection> rejections)
    {
        var usable = Unmarked.Unreserved().Where(item => !item.IsRevocable && item.Disk is null);
        var app = instance.Spec;
        var sizes = app.Container!.Volumes.Where(volume => volume.Persistent is not null).Select(volume => (volume.ContainerPath, Size: (double)volume.Persistent!.SizeMiB)).ToList();
        if (Take(app with { Disk = app.Disk + sizes.Sum(size => size.Size) }, usable, rules, rejections, null) is not { } placement)
        {
            return null;
        }

        var role = Offer.AllocationInfo is { HasRole: true } allocation ? allocation.Role : "*";
        var reserved = ResourceList.Of(placement.Resources.Items.ToArray().Select(item => ReservationMark.Reserve(item, role, frameworkId, instance.Id)));
        var disk = reserved.Items.ToArray().Single(item => item.Name == "disk");
        var made = sizes.Select(size => MakeVolume(disk, instance.App.Id, size.ContainerPath, volumes.Single(volume => volume.ContainerPath == size.ContainerPath).Uuid, size.Size)).ToList();
        var used = ResourceConversionOf(made).Apply(reserved)!;
        return placement with
        {
            Resources = used,
            Operations =
            [
                new() { Type = OperationType.Reserve, Reserve = new() { Resources = { reserved.ToProto(ResourceFormat.PreRefinement) } } },
                new() { Type = OperationType.Create, Create = new() { Volumes = { made } } },
            ],
        };
    }

    /// <summary>Destroys and unreserves what is kept for instances that are gone, or that were reserved for elsewhere meanwhile.</summary>
    /// <param name="isStray">Given the framework and the instance of a reservation: whether nobody needs it.</param>
    /// <param name="instances">Filled with the instances whose reservations go.</param>
    public IReadOnlyList<Offer.Types.Operation> Clean(Func<string?, string, bool> isStray, HashSet<string> instances)
    {
        if (!_hasMarks)
        {
            return [];
        }

        var strays = _rest.Where(item => ReservationMark.InstanceOf(item) is { } instance && isStray(ReservationMark.FrameworkOf(item), instance));
        if (strays.IsEmpty)
        {
            return [];
        }

        _rest -= strays;
        foreach (var item in strays.Items)
        {
            instances.Add(ReservationMark.InstanceOf(item)!);
        }

        var operations = new List<Offer.Types.Operation>();
        var volumes = strays.Where(item => item.VolumeId is not null);
        if (!volumes.IsEmpty)
        {
            operations.Add(new() { Type = OperationType.Destroy, Destroy = new() { Volumes = { volumes.ToProto(ResourceFormat.PreRefinement) } } });
        }

        var plain = ResourceList.Of(strays.Items.ToArray().Select(item => item.VolumeId is null ? item : item.WithoutVolume()));
        operations.Add(new() { Type = OperationType.Unreserve, Unreserve = new() { Resources = { plain.ToProto(ResourceFormat.PreRefinement) } } });
        return operations;
    }

    private Placement Finish(Placement placement, ResourceList volumes)
    {
        _rest -= volumes;
        return placement;
    }

    private HashSet<string> VolumesOf(InstanceState instance)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in _rest.Items)
        {
            if (item.VolumeId is { } id && ReservationMark.InstanceOf(item) == instance.Id)
            {
                ids.Add(id);
            }
        }

        return ids;
    }

    private static ResourceConversion ResourceConversionOf(List<Resource> made) => ResourceConversion.Of(new() { Type = OperationType.Create, Create = new() { Volumes = { made } } });

    private static Resource MakeVolume(ResourceItem disk, string appId, string containerPath, string uuid, double size)
    {
        var volume = ResourceList.Of([disk.WithScalar(Quantity.FromDouble(size))]).ToProto(ResourceFormat.PreRefinement)[0];
        volume.Disk = new Resource.Types.DiskInfo
        {
            Persistence = new Resource.Types.DiskInfo.Types.Persistence { Id = Reservation.IdOf(appId, containerPath, uuid) },
            Volume = new Volume { ContainerPath = containerPath, Mode = Volume.Types.Mode.Rw },
        };
        return volume;
    }
}
