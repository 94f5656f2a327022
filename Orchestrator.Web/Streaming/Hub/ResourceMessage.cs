using Orchestrator.Core.Resources;

namespace Orchestrator.Web.Streaming.Hub;

/// <summary>Amounts of resources.</summary>
/// <param name="Cpus">Cores.</param>
/// <param name="MemMiB">Memory, MiB.</param>
/// <param name="DiskMiB">Disk, MiB.</param>
/// <param name="Gpus">GPUs.</param>
public sealed record ResourceMessage(double Cpus, double MemMiB, double DiskMiB, double Gpus)
{
    internal static ResourceMessage Of(ResourceList resources) =>
        new(resources.Scalar("cpus").ToDouble(), resources.Scalar("mem").ToDouble(), resources.Scalar("disk").ToDouble(), resources.Scalar("gpus").ToDouble());
}
