using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Orchestrator.Web.Console.Feeds;

namespace Orchestrator.Web.Streaming.Hub;

/// <summary>The live feed as a stream of states: the newest at once, then each newer one; a slow reader misses those between.</summary>
public static class LiveChanges
{
    /// <summary>Follows until the token says so.</summary>
    public static async IAsyncEnumerable<LiveState> FollowAsync(LiveFeed feed, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(feed);
        var newest = Channel.CreateBounded<LiveState>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        using var subscription = feed.Subscribe(state =>
        {
            newest.Writer.TryWrite(state);
            return Task.CompletedTask;
        });
        var last = feed.Current;
        yield return last;
        await foreach (var state in newest.Reader.ReadAllAsync(cancellationToken))
        {
            if (state.Version > last.Version)
            {
                last = state;
                yield return state;
            }
        }
    }
}
