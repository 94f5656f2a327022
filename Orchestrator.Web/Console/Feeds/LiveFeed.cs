using System.Threading.Channels;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Master;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Views;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Web.Console.Feeds;

/// <summary>
/// Follows the engines once for all circuits and hub callers. Changes are gathered for <see cref="Pause"/> and then told to
/// every subscriber; a subscriber that is still busy with the last state is not waited for and hears the newest one when
/// it is done.
/// </summary>
public sealed class LiveFeed : BackgroundService
{
    /// <summary>Least time between two notifications.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly IEngineGateway<MasterCommand, MasterReply, ClusterSnapshot> _master;
    private readonly IEngineGateway<MarathonCommand, MarathonReply, ServicesSnapshot>? _services;
    private readonly TimeProvider _time;
    private readonly ILogger<LiveFeed> _logger;
    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock _gate = new();
    private readonly HashSet<LiveSubscription> _subscribers = [];
    private volatile LiveState _current;

    /// <summary>Makes the feed; a host without services engine shows no apps.</summary>
    public LiveFeed(IEngineGateway<MasterCommand, MasterReply, ClusterSnapshot> master, TimeProvider time, ILogger<LiveFeed> logger, IEngineGateway<MarathonCommand, MarathonReply, ServicesSnapshot>? services = null)
    {
        (_master, _services, _time, _logger) = (master, services, time, logger);
        _current = Newest();
    }

    /// <summary>
    /// The newest state, without the pause: a page that is opened or a command that was answered sees what is true now.
    /// </summary>
    public LiveState Current
    {
        get
        {
            var newest = Newest();
            var known = _current;
            return ReferenceEquals(newest.Cluster, known.Cluster) && ReferenceEquals(newest.Services, known.Services) ? known : newest;
        }
    }

    /// <summary>Number of subscribers, for tests and metrics.</summary>
    public int Subscribers
    {
        get
        {
            lock (_gate)
            {
                return _subscribers.Count;
            }
        }
    }

    /// <summary>Calls back after each change, one call at a time, until the subscription is disposed.</summary>
    public LiveSubscription Subscribe(Func<LiveState, Task> onChange)
    {
        var subscription = new LiveSubscription(onChange, Remove, _logger);
        lock (_gate)
        {
            _subscribers.Add(subscription);
        }

        return subscription;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.WhenAll(
            FollowAsync(_master, stoppingToken),
            _services is null ? Task.CompletedTask : FollowAsync(_services, stoppingToken),
            PublishAsync(stoppingToken));
    }

    private LiveState Newest() => new(_master.Current, _services?.Current ?? LiveState.NoServices);

    private async Task FollowAsync<TCommand, TReply, TSnapshot>(IEngineGateway<TCommand, TReply, TSnapshot> engine, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var _ in engine.WatchAsync(cancellationToken))
            {
                _changed.Writer.TryWrite(true);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or EngineStoppedException)
        {
            // The host stops; circuits end with it.
        }
    }

    private async Task PublishAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await _changed.Reader.WaitToReadAsync(cancellationToken))
            {
                _changed.Reader.TryRead(out _);
                var state = Newest();
                _current = state;
                LiveSubscription[] subscribers;
                lock (_gate)
                {
                    subscribers = [.. _subscribers];
                }

                foreach (var subscriber in subscribers)
                {
                    subscriber.Notify(state);
                }

                await Task.Delay(Pause, _time, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private void Remove(LiveSubscription subscription)
    {
        lock (_gate)
        {
            _subscribers.Remove(subscription);
        }
    }
}
