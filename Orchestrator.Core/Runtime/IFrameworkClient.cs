using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;

namespace Orchestrator.Core.Runtime;

/// <summary>What <see cref="FrameworkDriver"/> needs of the framework that it drives.</summary>
public interface IFrameworkClient
{
    /// <summary>What to subscribe with now; with the id that the framework has, if it has one.</summary>
    FrameworkInfo Describe();

    /// <summary>Takes an event; the next one waits until this one is taken.</summary>
    ValueTask ReceiveAsync(Event received, CancellationToken cancellationToken);

    /// <summary>The subscription has ended. Calls queued before this completes are not sent any more.</summary>
    ValueTask DisconnectedAsync(CancellationToken cancellationToken);
}
