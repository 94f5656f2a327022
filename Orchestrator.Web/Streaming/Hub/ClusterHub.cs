using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.AspNetCore.SignalR;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Views;
using Orchestrator.Web.Console.Feeds;

namespace Orchestrator.Web.Streaming.Hub;

/// <summary>
/// <c>/hubs/cluster</c>: the cluster's changes for any SignalR client, as server-to-client streams. Each stream begins with
/// what is and goes on with what changes, at most four times a second; a slow client gets fewer, newer messages and costs no
/// memory. Described in docs/api/hub.md.
/// </summary>
public sealed class ClusterHub(LiveFeed feed, ITaskLogs? logs = null) : Microsoft.AspNetCore.SignalR.Hub
{
    /// <summary>Streams that one connection may have open.</summary>
    public const int MaxStreams = 16;

    /// <summary>Tasks that one stream may follow.</summary>
    public const int MaxTasks = 20_000;

    /// <summary>Longest log tail to begin with, in bytes.</summary>
    public const long MaxTailBytes = 1024 * 1024;

    private const string StreamsKey = "streams";

    /// <summary>Sums over the cluster: once at the start and after each change of them.</summary>
    public IAsyncEnumerable<ClusterMessage> WatchCluster(CancellationToken cancellationToken)
    {
        Open();
        return Counted(Messages(cancellationToken), cancellationToken);

        async IAsyncEnumerable<ClusterMessage> Messages([EnumeratorCancellation] CancellationToken token)
        {
            ClusterMessage? last = null;
            await foreach (var state in LiveChanges.FollowAsync(feed, token))
            {
                var message = ClusterMessage.Of(state);
                if (last is null || !message.SameAs(last))
                {
                    last = message;
                    yield return message;
                }
            }
        }
    }

    /// <summary>
    /// Tasks that are not completed: all that match at the start (<c>isSnapshot</c>), then those that are new or changed,
    /// and those that are gone with the state in which they ended.
    /// </summary>
    /// <exception cref="HubException">More than <see cref="MaxTasks"/> match, or a filter names an unknown state.</exception>
    public IAsyncEnumerable<TaskChanges> WatchTasks(TaskFilter? filter, CancellationToken cancellationToken)
    {
        var follower = new TaskFollower(filter ?? new TaskFilter());
        Open();
        return Counted(Messages(cancellationToken), cancellationToken);

        async IAsyncEnumerable<TaskChanges> Messages([EnumeratorCancellation] CancellationToken token)
        {
            await foreach (var state in LiveChanges.FollowAsync(feed, token))
            {
                if (follower.Next(state.Cluster) is { } changes)
                {
                    yield return changes;
                }
            }
        }
    }

    /// <summary>Apps whose id begins with a prefix: all at the start (<c>isSnapshot</c>), then those that changed or are gone.</summary>
    public IAsyncEnumerable<AppChanges> WatchApps(string? prefix, CancellationToken cancellationToken)
    {
        var follower = new AppFollower(prefix ?? "");
        Open();
        return Counted(Messages(cancellationToken), cancellationToken);

        async IAsyncEnumerable<AppChanges> Messages([EnumeratorCancellation] CancellationToken token)
        {
            await foreach (var state in LiveChanges.FollowAsync(feed, token))
            {
                if (follower.Next(state.Services) is { } changes)
                {
                    yield return changes;
                }
            }
        }
    }

    /// <summary>
    /// What happens in the cluster, each event with its number. With <paramref name="after"/> it goes on behind that event;
    /// <c>missed</c> says that older ones were already forgotten.
    /// </summary>
    public IAsyncEnumerable<EventBatch> WatchEvents(long? after, CancellationToken cancellationToken)
    {
        Open();
        return Counted(Messages(cancellationToken), cancellationToken);

        async IAsyncEnumerable<EventBatch> Messages([EnumeratorCancellation] CancellationToken token)
        {
            var last = after;
            await foreach (var state in LiveChanges.FollowAsync(feed, token))
            {
                var batch = EventBatch.After(state.Cluster.RecentEvents, last);
                if (batch is not null)
                {
                    last = batch.Events.Count > 0 ? batch.Events[^1].Sequence : last;
                    yield return batch;
                }
            }
        }
    }

    /// <summary>Follows a file in the sandbox of a task: its last bytes, then what is added.</summary>
    /// <exception cref="HubException">The task is not known, or its sandbox cannot be read.</exception>
    public IAsyncEnumerable<LogMessage> FollowLog(string frameworkId, string taskId, string file, long tailBytes, CancellationToken cancellationToken)
    {
        if (logs is null)
        {
            throw new HubException("This host reads no sandboxes.");
        }

        if (tailBytes is < 0 or > MaxTailBytes)
        {
            throw new HubException($"tailBytes must be between 0 and {MaxTailBytes}, not {tailBytes}.");
        }

        var task = Find(new TaskKey(new FrameworkId(frameworkId), new TaskId(taskId)))
            ?? throw new HubException($"Task '{taskId}' of framework '{frameworkId}' is not known: WatchTasks lists those that are.");
        Open();
        return Counted(Messages(logs, cancellationToken), cancellationToken);

        async IAsyncEnumerable<LogMessage> Messages(ITaskLogs reader, [EnumeratorCancellation] CancellationToken token)
        {
            var decoder = Encoding.UTF8.GetDecoder();
            await using var chunks = reader.FollowAsync(SandboxRef.Of(task), file, tailBytes, token).GetAsyncEnumerator(token);
            while (await NextAsync(chunks))
            {
                yield return LogMessage.Of(chunks.Current, decoder);
            }
        }
    }

    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<LogChunk> chunks)
    {
        try
        {
            return await chunks.MoveNextAsync();
        }
        catch (SandboxException error)
        {
            throw new HubException(error.Message);
        }
    }

    private TaskView? Find(TaskKey key)
    {
        var cluster = feed.Current.Cluster;
        return cluster.Tasks.FirstOrDefault(task => task?.Key == key)
            ?? cluster.Frameworks.Where(framework => framework is not null).Select(framework => framework!).Concat(cluster.CompletedFrameworks)
                .Where(framework => framework.Id == key.FrameworkId)
                .SelectMany(framework => framework.UnreachableTasks.Concat(framework.CompletedTasks))
                .LastOrDefault(task => task.Key == key);
    }

    /// <summary>Counts a stream against the connection's limit.</summary>
    private void Open()
    {
        lock (Context.Items)
        {
            var open = Context.Items.TryGetValue(StreamsKey, out var count) ? (int)count! : 0;
            if (open >= MaxStreams)
            {
                throw new HubException($"This connection has {MaxStreams} streams open, the most that one may have. End some, or open another connection.");
            }

            Context.Items[StreamsKey] = open + 1;
        }
    }

    private async IAsyncEnumerable<T> Counted<T>(IAsyncEnumerable<T> messages, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The hub object goes when the method returns; the items live as long as the connection.
        var items = Context.Items;
        try
        {
            await foreach (var message in messages.WithCancellation(cancellationToken))
            {
                yield return message;
            }
        }
        finally
        {
            lock (items)
            {
                items[StreamsKey] = (int)items[StreamsKey]! - 1;
            }
        }
    }
}
