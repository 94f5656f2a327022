using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Resources;
using OperationType = Orchestrator.Core.Contract.Mesos.Offer.Types.Operation.Types.Type;

namespace Orchestrator.Tests.Support;

/// <summary>Offer operations for tests.</summary>
internal static class Operations
{
    internal static Offer.Types.Operation Reserve(string resources, string role, string? id = null) =>
        With(id, new() { Type = OperationType.Reserve, Reserve = new() { Resources = { Reserved(resources, role) } } });

    internal static Offer.Types.Operation Unreserve(string resources, string role, string? id = null) =>
        With(id, new() { Type = OperationType.Unreserve, Unreserve = new() { Resources = { Reserved(resources, role) } } });

    internal static Offer.Types.Operation Create(params Resource[] volumes) => new() { Type = OperationType.Create, Create = new() { Volumes = { volumes } } };

    internal static Offer.Types.Operation Destroy(params Resource[] volumes) => new() { Type = OperationType.Destroy, Destroy = new() { Volumes = { volumes } } };

    internal static Offer.Types.Operation Grow(Resource volume, double by)
    {
        var addition = Reserved($"disk:{by}", ResourceItem.FromProto(volume).Role).Single();
        return new() { Type = OperationType.GrowVolume, GrowVolume = new() { Volume = volume, Addition = addition } };
    }

    internal static Offer.Types.Operation Shrink(Resource volume, double by) =>
        new() { Type = OperationType.ShrinkVolume, ShrinkVolume = new() { Volume = volume, Subtract = new Value.Types.Scalar { Value = by } } };

    internal static Resource Volume(string id, double size, string role, string path = "data", bool shared = false)
    {
        var volume = Reserved($"disk:{size}", role).Single();
        volume.Disk = new Resource.Types.DiskInfo
        {
            Persistence = new Resource.Types.DiskInfo.Types.Persistence { Id = id },
            Volume = new Volume { ContainerPath = path, Mode = Core.Contract.Mesos.Volume.Types.Mode.Rw },
        };
        volume.Shared = shared ? new Resource.Types.SharedInfo() : null;
        return volume;
    }

    /// <summary>Reserved dynamically: <c>a/b/c</c> in one step, <c>a>a/b</c> as a refinement.</summary>
    internal static IReadOnlyList<Resource> Reserved(string resources, string role) => ResourceList.Of(ResourceList.Parse(resources).Items.ToArray().Select(item =>
        item.WithReservations([.. role.Split('>').Select(step => new Resource.Types.ReservationInfo { Type = Resource.Types.ReservationInfo.Types.Type.Dynamic, Role = step })]))).ToProto();

    private static Offer.Types.Operation With(string? id, Offer.Types.Operation operation)
    {
        operation.Id = id is null ? null : new OperationID { Value = id };
        return operation;
    }
}
