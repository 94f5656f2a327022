using System.Diagnostics;
using System.Globalization;
using Orchestrator.Core.Allocator;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;

namespace Orchestrator.Tests.Benchmarks;

/// <summary>
/// One allocation cycle of the real allocator, in this process and alone: every agent free and looked at, then 200 agents of
/// which something was freed. 200 roles with 1,000 frameworks.
/// </summary>
public sealed class AllocationBenchmark(int agents, int rounds)
{
    private const int Roles = 200;
    private const int Frameworks = 1000;
    private const int Dirty = 200;
    private static readonly FrameworkTraits s_traits = new(false, false, false, false, false);
    private readonly ResourceAllocator _allocator = new(new AllocatorOptions(), new SeededRandom(1));
    private readonly ResourceList _total = ResourceList.Parse("cpus:16;mem:65536;disk:100000;ports:[31000-32000]");
    private readonly Dictionary<int, Allocation> _held = [];
    private readonly DateTimeOffset _now = DateTimeOffset.UnixEpoch.AddDays(20000);

    /// <summary>Runs it.</summary>
    public IReadOnlyList<Figure> Run()
    {
        for (var i = 0; i < Frameworks; i++)
        {
            _allocator.SetFramework(i, [$"role-{i % Roles}"], new HashSet<string>(), s_traits, active: true);
        }

        for (var i = 0; i < agents; i++)
        {
            _allocator.AddAgent(i, _total, null);
        }

        var whole = Measure(int.MaxValue);
        var part = Measure(Dirty);
        return
        [
            Figure($"allocation cycle, {agents:N0} agents all free, {Roles} roles, {Frameworks:N0} frameworks", whole),
            Figure($"allocation cycle, {agents:N0} agents, {Dirty} of them changed", part),
        ];
    }

    private static Figure Figure(string what, (double Milliseconds, double Best, double Kilobytes) cycle) =>
        new(what, string.Create(CultureInfo.InvariantCulture, $"{cycle.Milliseconds:0.00} ms (best {cycle.Best:0.00}), {cycle.Kilobytes:N0} KB garbage"));

    /// <summary>Median and best time, and garbage, of the cycles; between them the first agents are freed again.</summary>
    private (double Milliseconds, double Best, double Kilobytes) Measure(int freed)
    {
        var times = new List<double>();
        var garbage = new List<double>();
        Hold(_allocator.Cycle(_now));
        for (var round = 0; round < rounds; round++)
        {
            Free(freed);
            var bytes = GC.GetAllocatedBytesForCurrentThread();
            var started = Stopwatch.GetTimestamp();
            var given = _allocator.Cycle(_now);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            garbage.Add((GC.GetAllocatedBytesForCurrentThread() - bytes) / 1024.0);
            Hold(given);
        }

        return (Latency.Percentile(times, 0.5), times.Min(), Latency.Percentile(garbage, 0.5));
    }

    private void Hold(IReadOnlyList<Allocation> given)
    {
        foreach (var allocation in given)
        {
            _held[allocation.Agent] = allocation;
        }
    }

    private void Free(int count)
    {
        foreach (var allocation in _held.Values.Take(count).ToArray())
        {
            _allocator.Recover(allocation.Framework, allocation.Role, allocation.Agent, allocation.Resources, null);
            _held.Remove(allocation.Agent);
        }
    }

}
