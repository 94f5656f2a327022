using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Console.Feeds;

namespace Orchestrator.Tests.Unit.Console.Feeds;

public sealed class ClusterHistoryTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly ClusterHistory _history;

    public ClusterHistoryTests() => _history = new ClusterHistory(new LiveFeed(new ScriptedMaster(Snapshots.Busy), _time, NullLogger<LiveFeed>.Instance), _time);

    [Fact]
    public void Sample_of_a_busy_cluster_holds_its_figures_and_is_told()
    {
        ClusterSample? told = null;
        _history.Sampled += sample => told = sample;

        _history.Sample();

        var sample = Assert.Single(_history.Samples);
        Assert.Same(sample, told);
        Assert.Equal(_time.GetUtcNow().ToUnixTimeSeconds(), sample.At);
        Assert.Equal((4d, 0.1, 1L), (sample.CpusTotal, sample.CpusAllocated, sample.Running));
        Assert.Equal((4160d, 32d), (sample.MemTotalMiB, sample.MemAllocatedMiB));
    }

    [Fact]
    public void History_that_is_full_forgets_its_oldest_sample()
    {
        var start = _time.GetUtcNow().ToUnixTimeSeconds();
        for (var i = 0; i < ClusterHistory.MaxSamples + 3; i++)
        {
            _history.Sample();
            _time.Advance(ClusterHistory.Interval);
        }

        Assert.Equal(ClusterHistory.MaxSamples, _history.Samples.Length);
        Assert.Equal(start + (3 * ClusterHistory.Interval.TotalSeconds), _history.Samples[0].At);
    }
}
