using Orchestrator.AgentService.Execution.Nested;
using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.AgentService.Execution.Fetching;

/// <summary>Any containerizer, with the task's URIs in the sandbox before it launches.</summary>
internal sealed class FetchingContainerizer(IContainerizer inner, Fetcher fetcher) : IContainerizer, IAsyncDisposable
{
    /// <inheritdoc/>
    public string Name => inner.Name;

    /// <inheritdoc/>
    public bool Accepts(TaskInfo task) => inner.Accepts(task);

    /// <inheritdoc/>
    public async Task<RunningContainer> LaunchAsync(ContainerPlan plan, CancellationToken cancellationToken)
    {
        await fetcher.FetchAsync(plan, cancellationToken);
        return await inner.LaunchAsync(plan, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<RunningContainer?> RecoverAsync(ContainerPlan plan, CancellationToken cancellationToken) => inner.RecoverAsync(plan, cancellationToken);

    /// <inheritdoc/>
    public Task<ContainerExit> WaitAsync(ContainerPlan plan, CancellationToken cancellationToken) => inner.WaitAsync(plan, cancellationToken);

    /// <inheritdoc/>
    public Task StopAsync(ContainerPlan plan, TimeSpan gracePeriod, CancellationToken cancellationToken) => inner.StopAsync(plan, gracePeriod, cancellationToken);

    /// <inheritdoc/>
    public Task<int> ExecuteAsync(ContainerPlan plan, CommandInfo command, TimeSpan timeout, CancellationToken cancellationToken) =>
        inner.ExecuteAsync(plan, command, timeout, cancellationToken);

    /// <inheritdoc/>
    public Task<IInsideProcess> OpenAsync(ContainerPlan plan, InsideCommand inside, CancellationToken cancellationToken) => inner.OpenAsync(plan, inside, cancellationToken);

    /// <inheritdoc/>
    public Task<ResourceStatistics?> MeasureAsync(ContainerPlan plan, CancellationToken cancellationToken) => inner.MeasureAsync(plan, cancellationToken);

    /// <inheritdoc/>
    public Task RemoveAsync(ContainerPlan plan, CancellationToken cancellationToken) => inner.RemoveAsync(plan, cancellationToken);

    /// <inheritdoc/>
    public Task ResizeAsync(ContainerPlan plan, CancellationToken cancellationToken) => inner.ResizeAsync(plan, cancellationToken);

    /// <inheritdoc/>
    public Task RemoveOrphansAsync(IReadOnlySet<string> known, CancellationToken cancellationToken) => inner.RemoveOrphansAsync(known, cancellationToken);

    /// <summary>Disposes the inner one; the fetcher serves others too.</summary>
    public async ValueTask DisposeAsync()
    {
        switch (inner)
        {
            case IAsyncDisposable disposable:
                await disposable.DisposeAsync();
                break;
            case IDisposable disposable:
                disposable.Dispose();
                break;
        }
    }
}
