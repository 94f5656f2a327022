using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Resources;

namespace Orchestrator.Core.Marathon.Launching;

/// <summary>The labels of a reservation that say for which instance it is. Names as Marathon's, so that its tools find them.</summary>
internal static class ReservationMark
{
    private const string FrameworkLabel = "marathon_framework_id";
    private const string InstanceLabel = "marathon_task_id";

    /// <summary>The instance that a resource is reserved for; null when it is for anybody.</summary>
    public static string? InstanceOf(ResourceItem item) => item.IsDynamicallyReserved ? Label(item, InstanceLabel) : null;

    /// <summary>The framework that reserved it.</summary>
    public static string? FrameworkOf(ResourceItem item) => Label(item, FrameworkLabel);

    /// <summary>The same resource, reserved for an instance.</summary>
    public static ResourceItem Reserve(ResourceItem item, string role, string? frameworkId, string instanceId) => item.WithReservations(
    [
        new Resource.Types.ReservationInfo
        {
            Type = Resource.Types.ReservationInfo.Types.Type.Dynamic,
            Role = role,
            Labels = new Labels { Labels_ = { new Label { Key = FrameworkLabel, Value = frameworkId ?? "" }, new Label { Key = InstanceLabel, Value = instanceId } } },
        },
    ]);

    private static string? Label(ResourceItem item, string key)
    {
        foreach (var label in item.Reservations[^1].Labels?.Labels_ ?? [])
        {
            if (label.Key == key)
            {
                return label.Value;
            }
        }

        return null;
    }
}
