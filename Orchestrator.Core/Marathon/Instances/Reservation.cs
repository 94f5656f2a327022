using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Core.Marathon.Instances;

/// <summary>What is kept for an instance on an agent, from one of its tasks to the next.</summary>
/// <param name="AgentId">The agent.</param>
/// <param name="Incarnation">The first task that used it; made in the same call as that one's launch.</param>
/// <param name="Volumes">Its volumes: container path and a UUID.</param>
/// <param name="Ports">Its host ports in the order of the app's ports; null where none is published.</param>
internal sealed record Reservation(string AgentId, int Incarnation, IReadOnlyList<(string ContainerPath, string Uuid)> Volumes, IReadOnlyList<int?> Ports)
{
    /// <summary>As readers see the volumes.</summary>
    public IReadOnlyList<LocalVolumeView> ToViews(string appId) => [.. Volumes.Select(volume => new LocalVolumeView(appId, volume.ContainerPath, volume.Uuid, IdOf(appId, volume.ContainerPath, volume.Uuid)))];

    /// <summary>The persistence ids of its volumes.</summary>
    public IEnumerable<string> VolumeIds(string appId) => Volumes.Select(volume => IdOf(appId, volume.ContainerPath, volume.Uuid));

    /// <summary>For example <c>shop_db#data#9f0c…</c>.</summary>
    public static string IdOf(string appId, string containerPath, string uuid) => $"{PathId.ToIdPart(appId)}#{containerPath}#{uuid}";
}
