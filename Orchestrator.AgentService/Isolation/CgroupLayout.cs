namespace Orchestrator.AgentService.Isolation;

/// <summary>
/// Where the kernel shows control groups on this machine: version 1 (a tree for each controller), version 2 (one tree) or
/// both, where version 2 has no controllers but still holds processes together.
/// </summary>
/// <param name="Unified">The tree of version 2; null without.</param>
/// <param name="Controllers">Controller of version 1 → its tree; controllers that share a mount have the same one.</param>
internal sealed record CgroupLayout(string? Unified, IReadOnlyDictionary<string, string> Controllers)
{
    private static readonly string[] s_controllers = ["blkio", "cpu", "cpuacct", "cpuset", "devices", "freezer", "hugetlb", "memory", "net_cls", "net_prio", "perf_event", "pids"];

    /// <summary>
    /// Reads lines of <c>/proc/self/mountinfo</c>, such as
    /// <c>34 24 0:29 / /sys/fs/cgroup/memory rw,nosuid - cgroup cgroup rw,memory</c>. Trees outside of
    /// <paramref name="hierarchy"/> (<c>--cgroups_hierarchy</c>) are passed over.
    /// </summary>
    internal static CgroupLayout Parse(IEnumerable<string> mountInfo, string hierarchy)
    {
        string? unified = null;
        var controllers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in mountInfo)
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var separator = Array.IndexOf(fields, "-");
            if (separator < 6 || fields.Length < separator + 4)
            {
                continue;
            }

            var point = Unescape(fields[4]);
            if (point != hierarchy && !point.StartsWith(hierarchy.TrimEnd('/') + "/", StringComparison.Ordinal))
            {
                continue;
            }

            if (fields[separator + 1] == "cgroup2")
            {
                unified ??= point;
            }
            else if (fields[separator + 1] == "cgroup")
            {
                foreach (var option in fields[separator + 3].Split(',').Where(option => s_controllers.Contains(option)))
                {
                    controllers.TryAdd(option, point);
                }
            }
        }

        return new CgroupLayout(unified, controllers);
    }

    /// <summary>Blanks and the like are octal there: <c>\040</c>.</summary>
    private static string Unescape(string path)
    {
        for (var at = path.IndexOf('\\', StringComparison.Ordinal); at >= 0 && at + 3 < path.Length; at = path.IndexOf('\\', at + 1))
        {
            path = path[..at] + (char)Convert.ToInt32(path.Substring(at + 1, 3), 8) + path[(at + 4)..];
        }

        return path;
    }
}
