using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.Core.Resources;

public sealed partial class ResourceList
{
    /// <summary>As the wire carries it.</summary>
    /// <param name="format">How reservations are written.</param>
    /// <param name="allocationRole">The role for allocation_info; null leaves it out.</param>
    public IReadOnlyList<Resource> ToProto(ResourceFormat format = ResourceFormat.Refined, string? allocationRole = null)
    {
        var written = new Resource[_items.Length];
        for (var i = 0; i < written.Length; i++)
        {
            written[i] = ToProto(_items[i], format, allocationRole);
        }

        return written;
    }

    private static Resource ToProto(ResourceItem item, ResourceFormat format, string? allocationRole)
    {
        var resource = new Resource { Name = item.Name, Type = item.Kind };
        switch (item.Kind)
        {
            case Value.Types.Type.Scalar:
                resource.Scalar = new Value.Types.Scalar { Value = item.Scalar.ToDouble() };
                break;
            case Value.Types.Type.Ranges:
                resource.Ranges = new Value.Types.Ranges();
                foreach (var range in item.Ranges)
                {
                    resource.Ranges.Range.Add(new Value.Types.Range { Begin = (ulong)range.Begin, End = (ulong)range.End });
                }

                break;
            default:
                resource.Set = new Value.Types.Set { Item = { item.Set } };
                break;
        }

        WriteReservations(resource, item, format);
        if (item.Disk is not null)
        {
            resource.Disk = item.Disk;
        }

        if (item.ProviderId is not null)
        {
            resource.ProviderId = new ResourceProviderID { Value = item.ProviderId };
        }

        if (item.IsShared)
        {
            resource.Shared = new Resource.Types.SharedInfo();
        }

        if (item.IsRevocable)
        {
            resource.Revocable = new Resource.Types.RevocableInfo();
        }

        if (allocationRole is not null)
        {
            resource.AllocationInfo = new Resource.Types.AllocationInfo { Role = allocationRole };
        }

        return resource;
    }

    private static void WriteReservations(Resource resource, ResourceItem item, ResourceFormat format)
    {
        if (format != ResourceFormat.PreRefinement)
        {
            resource.Reservations.AddRange(item.Reservations);
        }

        // The old form says one reservation; a refined one it cannot say.
        if (format == ResourceFormat.Refined || item.Reservations.Count > 1)
        {
            return;
        }

#pragma warning disable CS0612 // Deprecated on the wire, and what clients without RESERVATION_REFINEMENT read.
        resource.Role = item.Role;
#pragma warning restore CS0612
        if (item.IsReserved && item.Reservations[0].Type == Resource.Types.ReservationInfo.Types.Type.Dynamic)
        {
            var reservation = item.Reservations[0].Clone();
            reservation.ClearType();
            reservation.ClearRole();
            resource.Reservation = reservation;
        }
    }
}
