namespace Orchestrator.AgentService.Execution.Docker;

/// <summary>
/// Ended containers that are kept for a while for a look at them, as the reference keeps them, and then removed; at most
/// <see cref="MaxKept"/>, the oldest going first. A daemon that is away is waited for.
/// </summary>
/// <param name="engine">The daemon.</param>
/// <param name="watch">Knows when it is back.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed partial class RemovalQueue(IDockerEngine engine, ExitWatch watch, TimeProvider time, ILogger logger)
{
    /// <summary>Ended containers that are kept.</summary>
    internal const int MaxKept = 100;

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);
    private readonly Lock _gate = new();
    private readonly PriorityQueue<string, DateTimeOffset> _kept = new();
    private TaskCompletionSource _added = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Removes a container at a time, or earlier when too many are kept.</summary>
    internal void Add(string name, DateTimeOffset due)
    {
        lock (_gate)
        {
            _kept.Enqueue(name, due);
            _added.TrySetResult();
        }
    }

    /// <summary>Removes what is due until cancelled.</summary>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var (due, added) = Next();
                if (due is null)
                {
                    await added.WaitAsync(cancellationToken);
                    continue;
                }

                var pause = due.Value - time.GetUtcNow();
                if (pause > TimeSpan.Zero)
                {
                    using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                    await Task.WhenAny(Task.Delay(pause < TimeSpan.FromDays(1) ? pause : TimeSpan.FromDays(1), time, either.Token), added);
                    await either.CancelAsync();
                    cancellationToken.ThrowIfCancellationRequested();
                    continue;
                }

                await RemoveAsync(Take(), cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The agent stops; the next run finds them by their label.
        }
    }

    /// <summary>Removes a container for certain: as often as it takes.</summary>
    internal async Task RemoveAsync(string name, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await engine.RemoveAsync(name, cancellationToken);
                return;
            }
            catch (DockerUnavailableException)
            {
                await watch.WhenConnectedAsync(cancellationToken);
            }
            catch (DockerException e)
            {
                LogStays(logger, name, e.Message);
                return;
            }

            await Task.Delay(s_pause, time, cancellationToken);
        }
    }

    /// <summary>When the next is due, at once when too many are kept; and what tells of another one.</summary>
    private (DateTimeOffset? Due, Task Added) Next()
    {
        lock (_gate)
        {
            if (_added.Task.IsCompleted)
            {
                _added = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return (_kept.Count > MaxKept ? DateTimeOffset.MinValue : _kept.TryPeek(out _, out var due) ? due : null, _added.Task);
        }
    }

    private string Take()
    {
        lock (_gate)
        {
            return _kept.Dequeue();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Container {Name} cannot be removed: {Reason}. Remove it by hand")]
    private static partial void LogStays(ILogger logger, string name, string reason);
}
