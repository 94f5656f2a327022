using Orchestrator.Tests.Benchmarks;

namespace Orchestrator.Tests.Unit.Benchmarks;

public sealed class LatencyTests
{
    [Fact]
    public void Percentile_of_one_to_hundred_is_the_rank()
    {
        var samples = Enumerable.Range(1, 100).Reverse().Select(value => (double)value).ToList();
        Assert.Equal(50, Latency.Percentile(samples, 0.5));
        Assert.Equal(99, Latency.Percentile(samples, 0.99));
        Assert.Equal(100, Latency.Percentile(samples, 1));
    }

    [Fact]
    public void Percentile_without_samples_is_not_a_number() => Assert.True(double.IsNaN(Latency.Percentile([], 0.5)));
}
