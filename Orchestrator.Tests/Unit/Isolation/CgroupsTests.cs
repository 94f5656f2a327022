using Orchestrator.AgentService.Isolation;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Isolation;

/// <summary>Which files get which words, in directories that only look like the kernel's.</summary>
public sealed class CgroupsTests : IDisposable
{
    private static readonly ContainerLimits s_limits = new(512, 50_000, 64 << 20, 128 << 20, null) { Cpus = 0.5 };
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Version_1_is_limited_in_the_tree_of_each_controller()
    {
        var groups = Cgroups.Open(new CgroupLayout(null, new Dictionary<string, string> { ["cpu"] = Tree("cpu"), ["cpuacct"] = Tree("cpu"), ["memory"] = Tree("memory"), ["freezer"] = Tree("freezer") }), "mesos");

        var entered = groups.Create("c", s_limits);

        Assert.Equal(["cpu", "freezer", "memory"], entered.Select(path => Path.GetRelativePath(_directory.Path, path).Split('/')[0]).Order());
        Assert.Equal(("512", "100000", "50000"), (Read("cpu/mesos/c/cpu.shares"), Read("cpu/mesos/c/cpu.cfs_period_us"), Read("cpu/mesos/c/cpu.cfs_quota_us")));
        Assert.Equal(("67108864", "134217728"), (Read("memory/mesos/c/memory.soft_limit_in_bytes"), Read("memory/mesos/c/memory.limit_in_bytes")));
    }

    [Fact]
    public void Version_2_is_limited_in_its_one_tree_once_controllers_are_handed_down()
    {
        File.WriteAllText(Path.Combine(Tree("all"), "cgroup.controllers"), "cpuset cpu io memory pids\n");
        File.WriteAllText(Path.Combine(Tree("all"), "cgroup.subtree_control"), "cpu memory pids\n");
        File.WriteAllText(Path.Combine(Tree("all/mesos"), "cgroup.subtree_control"), "");
        var groups = Cgroups.Open(new CgroupLayout(Tree("all"), new Dictionary<string, string>()), "mesos");
        Assert.Equal(("cpu memory pids", "+cpu +memory"), (Read("all/cgroup.subtree_control"), Read("all/mesos/cgroup.subtree_control")));

        Assert.Equal([Path.Combine(_directory.Path, "all/mesos/c")], groups.Create("c", s_limits));

        Assert.True(groups.CanLimitCpu && groups.CanLimitMemory);
        Assert.Equal(("20", "50000 100000"), (Read("all/mesos/c/cpu.weight"), Read("all/mesos/c/cpu.max")));
        Assert.Equal(("67108864", "134217728"), (Read("all/mesos/c/memory.low"), Read("all/mesos/c/memory.max")));
    }

    [Fact]
    public void Version_2_that_hands_no_controllers_down_tracks_without_limits()
    {
        File.WriteAllText(Path.Combine(Tree("all"), "cgroup.controllers"), "cpu memory\n");

        var groups = Cgroups.Open(new CgroupLayout(Tree("all"), new Dictionary<string, string>()), "mesos");

        Assert.True(groups.CanTrack);
        Assert.False(groups.CanLimitCpu || groups.CanLimitMemory);
        groups.Create("c", s_limits);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Tree("all/mesos/c")));
    }

    [Fact]
    public void Hybrid_tracks_in_version_2_and_limits_in_version_1()
    {
        File.WriteAllText(Path.Combine(Tree("unified"), "cgroup.controllers"), "\n");
        var groups = Cgroups.Open(new CgroupLayout(Tree("unified"), new Dictionary<string, string> { ["cpu"] = Tree("cpu"), ["cpuacct"] = Tree("cpuacct"), ["memory"] = Tree("memory"), ["freezer"] = Tree("freezer") }), "mesos");

        var entered = groups.Create("c", s_limits);

        Assert.Equal(["unified", "memory", "cpu"], entered.Select(path => Path.GetRelativePath(_directory.Path, path).Split('/')[0]));
        Assert.True(groups.CanLimitCpu && groups.CanLimitMemory);
        Assert.Equal("512", Read("cpu/mesos/c/cpu.shares"));
    }

    [Fact]
    public void Usage_and_memory_kills_are_read_from_either_version()
    {
        var groups = Cgroups.Open(new CgroupLayout(Tree("unified"), new Dictionary<string, string> { ["memory"] = Tree("memory"), ["cpu"] = Tree("cpu") }), "mesos");
        Write("unified/mesos/c/cpu.stat", "usage_usec 3500000\nuser_usec 2500000\nsystem_usec 1000000\n");
        Write("memory/mesos/c/memory.stat", "cache 10\nrss 20\ntotal_cache 4096\ntotal_rss 8192\ntotal_mapped_file 1024\n");
        Write("memory/mesos/c/memory.usage_in_bytes", "16384\n");
        Write("memory/mesos/c/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n");
        Write("cpu/mesos/c/cpu.stat", "nr_periods 10\nnr_throttled 4\nthrottled_time 2500000000\n");
        var statistics = new ResourceStatistics { Timestamp = 1 };

        Assert.True(groups.Measure("c", statistics));

        Assert.Equal((2.5, 1.0), (statistics.CpusUserTimeSecs, statistics.CpusSystemTimeSecs));
        Assert.Equal((8192UL, 4096UL, 16384UL, 1024UL), (statistics.MemRssBytes, statistics.MemCacheBytes, statistics.MemTotalBytes, statistics.MemMappedFileBytes));
        Assert.Equal((10U, 4U, 2.5), (statistics.CpusNrPeriods, statistics.CpusNrThrottled, statistics.CpusThrottledTimeSecs));
        Assert.Equal(2, groups.OutOfMemoryKills("c"));
        Assert.False(groups.Measure("gone", new ResourceStatistics { Timestamp = 1 }));
    }

    [Fact]
    public void Trees_that_cannot_be_written_are_left_out()
    {
        File.WriteAllText(Path.Combine(_directory.Path, "file"), "");
        var groups = Cgroups.Open(new CgroupLayout(Path.Combine(_directory.Path, "file"), new Dictionary<string, string> { ["memory"] = Path.Combine(_directory.Path, "file", "memory") }), "mesos");

        Assert.False(groups.CanTrack);
        Assert.Empty(groups.Directories("c"));
        Assert.Empty(groups.Processes("c"));
    }

    private string Tree(string name) => _directory.Sub(name);

    private string Read(string path) => File.ReadAllText(Path.Combine(_directory.Path, path)).TrimEnd('\n');

    private void Write(string path, string text)
    {
        _directory.Sub(Path.GetDirectoryName(path)!);
        File.WriteAllText(Path.Combine(_directory.Path, path), text);
    }
}
