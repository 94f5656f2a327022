using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Console.Feeds;

namespace Orchestrator.Tests.Unit.Console.Feeds;

public sealed class LiveFeedTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedMaster _master = new(Snapshots.Empty);
    private readonly LiveFeed _feed;

    public LiveFeedTests() => _feed = new LiveFeed(_master, _time, NullLogger<LiveFeed>.Instance);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _feed.StopAsync(CancellationToken.None);
        _feed.Dispose();
    }

    [Fact]
    public async Task Changes_within_the_pause_reach_a_subscriber_as_one()
    {
        var heard = new ConcurrentQueue<long>();
        using var subscription = _feed.Subscribe(state => Heard(heard, state));
        await _feed.StartAsync(CancellationToken.None);
        await Until.TrueAsync("the first state", () => heard.Count == 1);

        Publish(2);
        Publish(3);
        await Until.TrueAsync("the newest state", () => Passed(() => heard.Contains(3)));

        Assert.Equal([1, 3], heard);
    }

    [Fact]
    public async Task Slow_subscriber_holds_nobody_up_and_hears_the_newest_when_it_is_done()
    {
        var release = new TaskCompletionSource();
        var (slow, quick) = (new ConcurrentQueue<long>(), new ConcurrentQueue<long>());
        using var first = _feed.Subscribe(async state =>
        {
            await Heard(slow, state);
            await release.Task;
        });
        using var second = _feed.Subscribe(state => Heard(quick, state));
        await _feed.StartAsync(CancellationToken.None);
        foreach (var version in new[] { 2, 3, 4 })
        {
            await Until.TrueAsync("the quick one keeps up", () => Passed(() => quick.LastOrDefault() == version - 1));
            Publish(version);
        }

        await Until.TrueAsync("the quick one has the newest", () => Passed(() => quick.LastOrDefault() == 4));
        release.SetResult();

        await Until.TrueAsync("the slow one has the newest", () => slow.LastOrDefault() == 4);
        Assert.Equal([1, 2, 3, 4], quick);
        Assert.Equal([1, 4], slow);
    }

    [Fact]
    public async Task Subscriber_that_fails_is_told_of_the_next_change_all_the_same()
    {
        var heard = new ConcurrentQueue<long>();
        using var subscription = _feed.Subscribe(state =>
        {
            heard.Enqueue(state.Cluster.Version);
            throw new InvalidOperationException("broken page");
        });
        await _feed.StartAsync(CancellationToken.None);
        await Until.TrueAsync("the first state", () => heard.Count == 1);

        Publish(2);

        await Until.TrueAsync("the next state", () => Passed(() => heard.Count == 2));
    }

    [Fact]
    public void Subscription_that_was_disposed_is_forgotten()
    {
        var subscription = _feed.Subscribe(_ => Task.CompletedTask);
        Assert.Equal(1, _feed.Subscribers);

        subscription.Dispose();

        Assert.Equal(0, _feed.Subscribers);
    }

    [Fact]
    public void Current_before_the_feed_published_is_already_the_newest()
    {
        Publish(7);

        Assert.Equal(7, _feed.Current.Cluster.Version);
    }

    private static Task Heard(ConcurrentQueue<long> heard, LiveState state)
    {
        heard.Enqueue(state.Cluster.Version);
        return Task.CompletedTask;
    }

    private void Publish(long version) => _master.Current = Snapshots.Empty with { Version = version };

    /// <summary>Lets the pause pass, and looks.</summary>
    private bool Passed(Func<bool> condition)
    {
        _time.Advance(LiveFeed.Pause);
        return condition();
    }
}
