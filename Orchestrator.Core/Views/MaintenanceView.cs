using Orchestrator.Core.Contract.MaintenanceApi;

namespace Orchestrator.Core.Views;

/// <summary>Machines that are or will be in maintenance. Messages are shared, never to be changed.</summary>
/// <param name="Schedule">The windows, as an operator set them.</param>
/// <param name="Status">Machines that drain, with what frameworks answered to inverse offers, and machines that are down.</param>
public sealed record MaintenanceView(Schedule Schedule, ClusterStatus Status)
{
    /// <summary>Nothing scheduled.</summary>
    public static MaintenanceView None { get; } = new(new Schedule(), new ClusterStatus());
}
