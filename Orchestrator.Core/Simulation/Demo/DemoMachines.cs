using System.Globalization;
using Orchestrator.Core.Agent;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;

namespace Orchestrator.Core.Simulation.Demo;

/// <summary>What the machines of a demo cluster are: sizes, racks of up to 40, three zones.</summary>
internal static class DemoMachines
{
    private const int MaxRackSize = 40;

    private static readonly (int Weight, string Kind, int Cpus, int MemMiB, int DiskMiB, int Gpus)[] s_kinds =
    [
        (50, "general", 16, 64 << 10, 400 << 10, 0),
        (18, "compute", 32, 64 << 10, 200 << 10, 0),
        (15, "memory", 16, 256 << 10, 400 << 10, 0),
        (14, "small", 8, 32 << 10, 100 << 10, 0),
        (3, "gpu", 32, 128 << 10, 800 << 10, 4),
    ];

    private static readonly string[] s_zones = ["zone-a", "zone-b", "zone-c"];

    /// <summary>The options of one of so many agents; their numbers count from 0.</summary>
    public static AgentOptions Make(int number, int agents, SeededRandom random)
    {
        var (_, kind, cpus, memMiB, diskMiB, gpus) = Kind(random.NextInt32(100));
        var rack = number / Math.Clamp(agents / 12, 1, MaxRackSize);
        var resources = string.Create(CultureInfo.InvariantCulture, $"cpus:{cpus};mem:{memMiB};disk:{diskMiB};ports:[31000-32000]") + (gpus > 0 ? $";gpus:{gpus}" : "");
        var zone = s_zones[rack % s_zones.Length];
        var info = new AgentInfo { Hostname = string.Create(CultureInfo.InvariantCulture, $"{kind}-{number:D5}.{zone}.demo"), Port = 5051 };
        info.Resources.Add(ResourceList.Parse(resources).ToProto());
        info.Attributes.Add(AttributeList.Parse(string.Create(CultureInfo.InvariantCulture, $"zone:{zone};rack:rack-{rack:D3};kind:{kind};ssd:{(random.NextInt32(3) > 0 ? "yes" : "no")};generation:{1 + random.NextInt32(4)}")));
        return new AgentOptions
        {
            Info = info,
            WorkDirectory = "/var/lib/agent",
            IpAddress = string.Create(CultureInfo.InvariantCulture, $"10.{(number >> 16) & 255}.{(number >> 8) & 255}.{number & 255}"),
            MaxCompletedTasksPerFramework = 0,
        };
    }

    private static (int Weight, string Kind, int Cpus, int MemMiB, int DiskMiB, int Gpus) Kind(int point)
    {
        foreach (var kind in s_kinds)
        {
            point -= kind.Weight;
            if (point < 0)
            {
                return kind;
            }
        }

        return s_kinds[0];
    }
}
