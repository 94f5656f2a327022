namespace Orchestrator.Web.Console.Feeds;

/// <summary>
/// One follower of the <see cref="LiveFeed"/>. At most one call is under way; states that come meanwhile replace each other.
/// </summary>
public sealed class LiveSubscription : IDisposable
{
    private readonly Func<LiveState, Task> _onChange;
    private readonly Action<LiveSubscription> _remove;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private LiveState? _waiting;
    private bool _busy;
    private bool _disposed;

    internal LiveSubscription(Func<LiveState, Task> onChange, Action<LiveSubscription> remove, ILogger logger) =>
        (_onChange, _remove, _logger) = (onChange, remove, logger);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _waiting = null;
        }

        _remove(this);
    }

    internal void Notify(LiveState state)
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _waiting = state;
            if (_busy)
            {
                return;
            }

            _busy = true;
        }

        // The feed must not run a subscriber's code on its own loop.
        _ = Task.Run(DeliverAsync);
    }

    private async Task DeliverAsync()
    {
        while (Take() is { } state)
        {
            try
            {
                await _onChange(state);
            }
            catch (ObjectDisposedException)
            {
                // Its circuit ended between the look and the call.
            }
            catch (Exception error)
            {
                _logger.LogWarning(error, "A follower of the live feed failed");
            }
        }
    }

    private LiveState? Take()
    {
        lock (_gate)
        {
            var state = _disposed ? null : _waiting;
            _waiting = null;
            _busy = state is not null;
            return state;
        }
    }
}
