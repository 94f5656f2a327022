using Orchestrator.Core.Resources;
using Orchestrator.Core.Views;

namespace Orchestrator.Web.Console.Pages.Parts;

/// <summary>One resource in numbers; memory and disk in MiB, ports counted.</summary>
/// <param name="Name"><c>cpus</c>, <c>mem</c>, <c>disk</c>, <c>gpus</c> or <c>ports</c>.</param>
/// <param name="Total">All there is.</param>
/// <param name="Allocated">What tasks hold.</param>
/// <param name="Offered">What is in offers.</param>
/// <param name="Used">What is measured; null when nothing measures it.</param>
public sealed record ResourceFigure(string Name, double Total, double Allocated, double Offered, double? Used)
{
    /// <summary>The name for people.</summary>
    public string Title => Name switch
    {
        "cpus" => "CPU",
        "mem" => "Memory",
        "disk" => "Disk",
        "gpus" => "GPU",
        "ports" => "Ports",
        _ => Name,
    };

    /// <summary>The resources that there are any of; cpus, memory and disk always.</summary>
    public static ResourceFigure[] Of(ResourceList total, ResourceList allocated, ResourceList offered, UsageView? used)
    {
        ArgumentNullException.ThrowIfNull(total);
        return
        [
            .. new ResourceFigure[]
            {
                Scalar("cpus", used?.Cpus),
                Scalar("mem", used?.MemMiB),
                Scalar("disk", used is { DiskMiB: > 0 } ? used.DiskMiB : null),
                Scalar("gpus", null),
                new("ports", Ports(total), Ports(allocated), Ports(offered), null),
            }.Where(figure => figure.Total > 0 || figure.Name is "cpus" or "mem" or "disk"),
        ];

        ResourceFigure Scalar(string name, double? measured) =>
            new(name, total.Scalar(name).ToDouble(), allocated.Scalar(name).ToDouble(), offered.Scalar(name).ToDouble(), measured);
    }

    /// <summary>The same for the whole cluster, where ports of one number on many agents are many ports.</summary>
    public static ResourceFigure[] Of(ClusterSnapshot cluster)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        long total = 0, allocated = 0, offered = 0;
        foreach (var agent in cluster.Agents)
        {
            if (agent is { Connected: true })
            {
                total += Ports(agent.Total);
                allocated += Ports(agent.Used);
                offered += Ports(agent.Offered);
            }
        }

        return
        [
            .. Of(cluster.Totals.Total, cluster.Totals.Used, cluster.Totals.Offered, cluster.Totals.Measured).Where(figure => figure.Name != "ports"),
            .. total > 0 ? new ResourceFigure[] { new("ports", total, allocated, offered, null) } : [],
        ];
    }

    /// <summary>Number of ports in a list.</summary>
    public static long Ports(ResourceList resources)
    {
        ArgumentNullException.ThrowIfNull(resources);
        return resources.Ranges("ports").Sum(range => range.Length);
    }
}
