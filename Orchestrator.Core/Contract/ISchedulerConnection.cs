using Orchestrator.Core.Contract.SchedulerApi;

namespace Orchestrator.Core.Contract;

/// <summary>
/// A framework's side of the scheduler API: the same over HTTP and in-process. Source: Mesos v1 scheduler API.
/// </summary>
public interface ISchedulerConnection : IAsyncDisposable
{
    /// <summary>
    /// Subscribes and yields the events in order, the first of them SUBSCRIBED. Ends when the master closes the stream
    /// or the connection breaks; then the caller may subscribe again. Breaking off the enumeration disconnects.
    /// </summary>
    /// <exception cref="SchedulerCallException">The master refused the subscription.</exception>
    IAsyncEnumerable<Event> SubscribeAsync(Call subscribe, CancellationToken cancellationToken);

    /// <summary>Sends any other call; completes when the master has accepted it (202), which acknowledges nothing more.</summary>
    /// <exception cref="SchedulerCallException">The master refused the call.</exception>
    ValueTask SendAsync(Call call, CancellationToken cancellationToken);
}
