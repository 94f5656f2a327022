namespace Orchestrator.Core.Runtime;

/// <summary>
/// What an edge sees of an engine: the newest snapshot, a way to follow it, and a way to tell it something. The console,
/// the REST API and the hub use this and nothing else.
/// </summary>
/// <typeparam name="TCommand">What it is told.</typeparam>
/// <typeparam name="TReply">What the teller hears.</typeparam>
/// <typeparam name="TSnapshot">What readers see.</typeparam>
public interface IEngineGateway<in TCommand, TReply, out TSnapshot>
{
    /// <summary>The newest snapshot; reading costs one reference.</summary>
    TSnapshot Current { get; }

    /// <summary>
    /// Hands a command to the engine and waits for its reply, which comes once the turn is durable.
    /// </summary>
    /// <exception cref="EngineOverloadedException">The queue is full: answer 429 or 503.</exception>
    ValueTask<TReply> SendAsync(TCommand command, CancellationToken cancellationToken);

    /// <summary>
    /// Yields the current snapshot at once and then each newer one. A slow reader misses intermediate snapshots and never
    /// makes a queue longer.
    /// </summary>
    IAsyncEnumerable<TSnapshot> WatchAsync(CancellationToken cancellationToken);
}
