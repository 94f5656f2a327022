using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;

namespace Orchestrator.AgentService.Hosting;

/// <summary>What the machine has, for resources that <c>--resources</c> does not name. Source: Mesos' rules of detection.</summary>
internal static class MachineResources
{
    private const double GibInMib = 1024;

    /// <summary>The given resources, and for each of cpus, mem, disk and ports that is not among them what the machine has.</summary>
    internal static ResourceList Complete(ResourceList given, string defaultRole, string workDirectory)
    {
        var names = new HashSet<string>();
        foreach (var item in given.Items)
        {
            names.Add(item.Name);
        }

        var detected = new List<string>();
        Add("cpus", () => Format(Environment.ProcessorCount));
        Add("mem", () => Format(UsableMemory(TotalMemoryMib() ?? (2 * GibInMib))));
        Add("disk", () => Format(UsableDisk(DiskMib(workDirectory) ?? (20 * GibInMib))));
        Add("ports", () => "[31000-32000]");
        return detected.Count == 0 ? given : given + ResourceList.Parse(string.Join(';', detected), defaultRole);

        void Add(string name, Func<string> value)
        {
            if (!names.Contains(name))
            {
                detected.Add($"{name}:{value()}");
            }
        }
    }

    /// <summary>1 GiB is left to the system, of a small machine half.</summary>
    internal static double UsableMemory(double totalMib) => totalMib >= 2 * GibInMib ? totalMib - GibInMib : totalMib / 2;

    /// <summary>5 GiB are left to the system, of a small disk half.</summary>
    internal static double UsableDisk(double totalMib) => totalMib >= 10 * GibInMib ? totalMib - (5 * GibInMib) : totalMib / 2;

    private static string Format(double value) => Quantity.FromDouble(Math.Floor(value)).ToString();

    /// <summary>MemTotal of the machine, or what its cgroup leaves to this process if that is less.</summary>
    private static double? TotalMemoryMib() => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes is > 0 and var bytes ? bytes / 1024.0 / 1024.0 : null;

    private static double? DiskMib(string directory)
    {
        try
        {
            return new DriveInfo(directory).TotalSize / 1024.0 / 1024.0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
