using Orchestrator.AgentService.Execution.Docker;
using Orchestrator.AgentService.Isolation;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Execution.Docker;

public sealed class ContainerGroupsTests : IDisposable
{
    private const string Id = "54d127bb006e";
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Version_1_is_read_where_the_kernel_says()
    {
        Write("cpu/docker/54d127bb006e/cpuacct.stat", "user 250\nsystem 50\n");
        Write("memory/docker/54d127bb006e/memory.usage_in_bytes", "3000\n");
        Write("memory/docker/54d127bb006e/memory.stat", "cache 1\ntotal_cache 1000\ntotal_rss 2000\n");
        var layout = new CgroupLayout(null, new Dictionary<string, string> { ["cpu"] = _directory.Path + "/cpu", ["cpuacct"] = _directory.Path + "/cpu", ["memory"] = _directory.Path + "/memory" });

        var groups = ContainerGroups.Parse($"4:memory:/docker/{Id}\n2:cpu,cpuacct:/docker/{Id}\n0::/docker/{Id}\n", Id, layout)!;
        var usage = groups.Measure(DateTimeOffset.UnixEpoch.AddSeconds(5))!;

        Assert.Equal((5, 2.5, 0.5), (usage.Timestamp, usage.CpusUserTimeSecs, usage.CpusSystemTimeSecs));
        Assert.Equal((3000UL, 2000UL, 1000UL), (usage.MemTotalBytes, usage.MemRssBytes, usage.MemFileBytes));
    }

    [Fact]
    public void Version_2_is_read_where_the_kernel_says()
    {
        var group = $"system.slice/docker-{Id}.scope";
        Write(group + "/cpu.stat", "usage_usec 3000000\nuser_usec 2500000\nsystem_usec 500000\n");
        Write(group + "/memory.current", "3000\n");
        Write(group + "/memory.stat", "anon 2000\nfile 1000\n");

        var groups = ContainerGroups.Parse($"0::/{group}\n", Id, new CgroupLayout(_directory.Path, new Dictionary<string, string>()))!;
        var usage = groups.Measure(DateTimeOffset.UnixEpoch)!;

        Assert.Equal((2.5, 0.5), (usage.CpusUserTimeSecs, usage.CpusSystemTimeSecs));
        Assert.Equal((3000UL, 2000UL, 1000UL), (usage.MemTotalBytes, usage.MemRssBytes, usage.MemFileBytes));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0::/docker/another\n")]
    [InlineData("nonsense\n")]
    public void Process_of_something_else_is_not_read(string text) =>
        Assert.Null(ContainerGroups.Parse(text, Id, new CgroupLayout(_directory.Path, new Dictionary<string, string>())));

    [Fact]
    public void Container_that_has_ended_uses_nothing_that_is_known() =>
        Assert.Null(new ContainerGroups(_directory.Path + "/gone", _directory.Path + "/gone", IsUnified: true).Measure(DateTimeOffset.UnixEpoch));

    private void Write(string path, string text)
    {
        var full = Path.Combine(_directory.Path, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }
}
