using Orchestrator.AgentService.Isolation;
using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.Tests.Unit.Isolation;

public sealed class ContainerLimitsTests
{
    private const long Mebibyte = 1024 * 1024;

    [Fact]
    public void Requests_are_shares_and_a_hard_memory_limit_and_no_quota()
    {
        var limits = ContainerLimits.Of(Task(0.5, 128), enforceCpus: false, machineBytes: 1024 * Mebibyte);

        Assert.Equal(new ContainerLimits(512, null, 128 * Mebibyte, 128 * Mebibyte, null) { Cpus = 0.5 }, limits);
        Assert.Null(limits.CpuLimit);
    }

    [Fact]
    public void Enforced_request_is_a_quota_in_each_tenth_of_a_second()
    {
        var limits = ContainerLimits.Of(Task(1.5, 128), enforceCpus: true, machineBytes: 0);

        Assert.Equal(150_000, limits.CpuQuotaMicroseconds);
        Assert.Equal(1.5, limits.CpuLimit);
    }

    [Fact]
    public void Smallest_values_are_those_the_kernel_takes()
    {
        var limits = ContainerLimits.Of(Task(0.001, 1), enforceCpus: true, machineBytes: 0);

        Assert.Equal((2, 1000, 32 * Mebibyte, 32 * Mebibyte), (limits.CpuShares, limits.CpuQuotaMicroseconds!.Value, limits.MemorySoftBytes, limits.MemoryHardBytes!.Value));
    }

    [Fact]
    public void Limits_above_requests_let_a_task_burst_and_make_it_the_first_to_go()
    {
        var task = Task(1, 256);
        task.Limits["cpus"] = new Value.Types.Scalar { Value = 2 };
        task.Limits["mem"] = new Value.Types.Scalar { Value = 512 };

        var limits = ContainerLimits.Of(task, enforceCpus: false, machineBytes: 1024 * Mebibyte);

        Assert.Equal((200_000L, 256 * Mebibyte, 512 * Mebibyte, 750), (limits.CpuQuotaMicroseconds!.Value, limits.MemorySoftBytes, limits.MemoryHardBytes!.Value, limits.OutOfMemoryAdjustment!.Value));
    }

    [Fact]
    public void Infinite_limits_are_none_even_where_requests_are_enforced()
    {
        var task = Task(1, 256);
        task.Limits["cpus"] = new Value.Types.Scalar { Value = double.PositiveInfinity };
        task.Limits["mem"] = new Value.Types.Scalar { Value = double.PositiveInfinity };

        var limits = ContainerLimits.Of(task, enforceCpus: true, machineBytes: 1024 * Mebibyte);

        Assert.Null(limits.CpuQuotaMicroseconds);
        Assert.Null(limits.MemoryHardBytes);
        Assert.Equal(750, limits.OutOfMemoryAdjustment);
    }

    private static TaskInfo Task(double cpus, double memory)
    {
        var task = new TaskInfo();
        task.Resources.Add(new Resource { Name = "cpus", Type = Value.Types.Type.Scalar, Scalar = new Value.Types.Scalar { Value = cpus } });
        task.Resources.Add(new Resource { Name = "mem", Type = Value.Types.Type.Scalar, Scalar = new Value.Types.Scalar { Value = memory } });
        return task;
    }
}
