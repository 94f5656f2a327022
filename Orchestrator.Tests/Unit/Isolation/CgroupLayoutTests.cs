using Orchestrator.AgentService.Isolation;

namespace Orchestrator.Tests.Unit.Isolation;

public sealed class CgroupLayoutTests
{
    private static readonly string[] s_version1 =
    [
        "22 1 254:0 / / rw,relatime - ext4 /dev/vda rw",
        "30 24 0:26 / /sys/fs/cgroup ro,nosuid,nodev,noexec shared:9 - tmpfs tmpfs ro,size=4096k,mode=755",
        "34 30 0:30 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:15 - cgroup cgroup rw,cpu,cpuacct",
        "35 30 0:31 / /sys/fs/cgroup/memory rw,nosuid shared:16 - cgroup cgroup rw,memory",
        "36 30 0:32 / /sys/fs/cgroup/systemd rw,nosuid - cgroup cgroup rw,xattr,name=systemd",
        "37 30 0:33 / /sys/fs/cgroup/freezer rw - cgroup cgroup rw,freezer",
    ];

    [Fact]
    public void Version_1_has_a_tree_for_each_controller_and_shared_ones_once()
    {
        var layout = CgroupLayout.Parse(s_version1, "/sys/fs/cgroup");

        Assert.Null(layout.Unified);
        Assert.Equal(
            ["cpu=/sys/fs/cgroup/cpu,cpuacct", "cpuacct=/sys/fs/cgroup/cpu,cpuacct", "freezer=/sys/fs/cgroup/freezer", "memory=/sys/fs/cgroup/memory"],
            layout.Controllers.Select(pair => $"{pair.Key}={pair.Value}").Order());
    }

    [Fact]
    public void Version_2_is_one_tree_without_controllers_of_version_1()
    {
        var layout = CgroupLayout.Parse(["25 30 0:23 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:4 - cgroup2 cgroup2 rw,nsdelegate"], "/sys/fs/cgroup");

        Assert.Equal("/sys/fs/cgroup", layout.Unified);
        Assert.Empty(layout.Controllers);
    }

    [Fact]
    public void Hybrid_has_both()
    {
        var layout = CgroupLayout.Parse([.. s_version1, "38 30 0:34 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw"], "/sys/fs/cgroup");

        Assert.Equal("/sys/fs/cgroup/unified", layout.Unified);
        Assert.Equal("/sys/fs/cgroup/memory", layout.Controllers["memory"]);
    }

    [Fact]
    public void Trees_elsewhere_broken_lines_and_escaped_blanks_are_read_as_they_are_meant()
    {
        var layout = CgroupLayout.Parse(
            [
                "", "nonsense", "1 2 3 - cgroup cgroup rw,memory",
                "40 30 0:40 / /elsewhere/memory rw - cgroup cgroup rw,memory",
                @"41 30 0:41 / /my\040groups/pids rw - cgroup cgroup rw,pids",
            ],
            "/my groups");

        Assert.Equal(["pids"], layout.Controllers.Keys);
        Assert.Equal("/my groups/pids", layout.Controllers["pids"]);
        Assert.Null(layout.Unified);
    }
}
