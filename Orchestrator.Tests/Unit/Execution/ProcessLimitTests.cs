using Orchestrator.AgentService.Execution;
using Orchestrator.AgentService.Execution.Commands;
using Orchestrator.Core.Contract.Mesos;
using RLimit = Orchestrator.Core.Contract.Mesos.RLimitInfo.Types.RLimit;
using RLimitType = Orchestrator.Core.Contract.Mesos.RLimitInfo.Types.RLimit.Types.Type;

namespace Orchestrator.Tests.Unit.Execution;

public sealed class ProcessLimitTests
{
    [Fact]
    public void Limits_become_words_of_prlimit()
    {
        var limits = Of(
            new RLimit { Type = RLimitType.RlmtNofile, Soft = 100, Hard = 200 },
            new RLimit { Type = RLimitType.RlmtAs, Soft = 1, Hard = ulong.MaxValue },
            new RLimit { Type = RLimitType.RlmtMsgqueue });

        Assert.Equal(
            ["/bin/prlimit", "--nofile=100:200", "--as=1:unlimited", "--msgqueue=unlimited:unlimited"],
            Tools("/bin/prlimit").Bound(limits));
    }

    [Fact]
    public void Task_without_limits_needs_no_prlimit() => Assert.Empty(Tools(null).Bound(ProcessLimit.Of(new TaskInfo())));

    [Fact]
    public void Machine_without_prlimit_refuses_limits() =>
        Assert.Contains("util-linux", Assert.Throws<ContainerLaunchException>(() => Tools(null).Bound(Of(new RLimit { Type = RLimitType.RlmtCore }))).Message, StringComparison.Ordinal);

    public static TheoryData<string, RLimit> Wrong => new()
    {
        { "'container.rlimit_info.rlimits[1]' has no 'type'", new RLimit() },
        { "'container.rlimit_info.rlimits[1]' has no 'type'", new RLimit { Type = RLimitType.Unknown } },
        { "'container.rlimit_info.rlimits[1]' (RLMT_NPROC) has one of 'soft' and 'hard'", new RLimit { Type = RLimitType.RlmtNproc, Soft = 1 } },
        { "'container.rlimit_info.rlimits[1]' (RLMT_NPROC): 'soft' is above 'hard'", new RLimit { Type = RLimitType.RlmtNproc, Soft = 2, Hard = 1 } },
        { "'container.rlimit_info.rlimits[1]' sets RLMT_CORE a second time", new RLimit { Type = RLimitType.RlmtCore } },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void Limit_that_makes_no_sense_is_refused_by_its_place(string start, RLimit limit) =>
        Assert.StartsWith(start, Assert.Throws<ContainerLaunchException>(() => Of(new RLimit { Type = RLimitType.RlmtCore }, limit)).Message, StringComparison.Ordinal);

    private static IReadOnlyList<ProcessLimit> Of(params RLimit[] limits) =>
        ProcessLimit.Of(new TaskInfo { Container = new ContainerInfo { RlimitInfo = new RLimitInfo { Rlimits = { limits } } } });

    private static CommandTools Tools(string? limits) => new("setsid", "split", null, limits, null);
}
