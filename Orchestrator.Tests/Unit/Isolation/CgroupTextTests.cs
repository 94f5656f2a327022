using Orchestrator.AgentService.Isolation;

namespace Orchestrator.Tests.Unit.Isolation;

public sealed class CgroupTextTests
{
    [Theory]
    [InlineData("67108864\n", 67108864L)]
    [InlineData("0", 0L)]
    [InlineData("max\n", null)]
    [InlineData("9223372036854771712\n", null)]
    [InlineData("-1\n", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Number_is_read_and_no_limit_is_none(string? text, long? expected) => Assert.Equal(expected, CgroupText.Number(text));

    [Theory]
    // memory.oom_control of version 1
    [InlineData("oom_kill_disable 0\nunder_oom 0\noom_kill 3\n", "oom_kill", 3L)]
    // memory.events of version 2: the key that is meant, not one that begins like it
    [InlineData("low 0\nhigh 0\nmax 12\noom 1\noom_kill 1\noom_group_kill 0\n", "oom", 1L)]
    [InlineData("usage_usec 5011\nuser_usec 4000\nsystem_usec 1011", "system_usec", 1011L)]
    [InlineData("user 12\nsystem 3\n", "nice", null)]
    [InlineData(null, "user", null)]
    public void Value_is_found_by_its_key(string? text, string key, long? expected) => Assert.Equal(expected, CgroupText.Value(text, key));

    [Fact]
    public void Processes_are_read_one_a_line() => Assert.Equal([4711, 12], CgroupText.Processes("4711\n12\n0\nx\n"));

    [Theory]
    [InlineData(2, 1)]
    [InlineData(1024, 39)]
    [InlineData(262144, 10000)]
    [InlineData(0, 1)]
    [InlineData(1_000_000, 10000)]
    public void Weight_of_version_2_stands_for_shares_of_version_1(long shares, long weight) => Assert.Equal(weight, CgroupText.WeightOf(shares));
}
