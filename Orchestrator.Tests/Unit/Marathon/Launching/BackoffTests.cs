using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon.Launching;

namespace Orchestrator.Tests.Unit.Marathon.Launching;

/// <summary>The launch delay. Failures follow each other at the end of each delay, as relaunches do.</summary>
public sealed class BackoffTests
{
    private static readonly DateTimeOffset s_start = DateTimeOffset.UnixEpoch.AddDays(20000);
    private static readonly AppDefinition s_app = new() { Id = "/web" };

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 1.75)]
    [InlineData(10, 3.5)]
    [InlineData(20, 14.2)]
    [InlineData(30, 57.6)]
    [InlineData(42, 300)]
    [InlineData(60, 300)]
    public void Delay_after_failures_is_that_of_the_reference(int failures, double seconds)
    {
        var backoff = new Backoff();
        var now = s_start;
        for (var i = 0; i < failures; i++)
        {
            now = backoff.Until ?? now;
            backoff.Failed(s_app, now);
        }

        Assert.Equal(seconds, (backoff.Until!.Value - now).TotalSeconds, seconds * 0.03);
    }

    [Fact]
    public void Delay_is_over_at_its_end()
    {
        var backoff = new Backoff();
        backoff.Failed(s_app, s_start);

        Assert.True(backoff.IsDelaying(s_start.AddSeconds(0.999)));
        Assert.False(backoff.IsDelaying(s_start.AddSeconds(1)));
    }

    [Fact]
    public void Progress_moves_the_reference_and_keeps_the_factor()
    {
        var backoff = new Backoff();
        backoff.Failed(s_app, s_start);
        backoff.Progressed(s_start.AddSeconds(5));
        Assert.Equal(s_start.AddSeconds(6), backoff.Until);

        backoff.Failed(s_app, s_start.AddSeconds(10));
        Assert.Equal(1.15, (backoff.Until!.Value - s_start.AddSeconds(10)).TotalSeconds, 3);
    }

    [Fact]
    public void Failure_long_after_the_last_starts_anew()
    {
        var backoff = new Backoff();
        backoff.Failed(s_app, s_start);
        backoff.Failed(s_app, s_start.AddSeconds(1));

        backoff.Failed(s_app, s_start.AddSeconds(400));

        Assert.Equal(s_start.AddSeconds(401), backoff.Until);
    }

    [Fact]
    public void Reset_ends_the_delay()
    {
        var backoff = new Backoff();
        backoff.Failed(s_app, s_start);
        backoff.Reset();

        Assert.Null(backoff.Until);
    }

    [Fact]
    public void First_delay_is_no_longer_than_the_longest()
    {
        var backoff = new Backoff();
        backoff.Failed(s_app with { BackoffSeconds = 500, MaxLaunchDelaySeconds = 60 }, s_start);

        Assert.Equal(s_start.AddSeconds(60), backoff.Until);
    }
}
