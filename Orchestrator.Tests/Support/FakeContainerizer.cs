using System.Collections.Concurrent;
using Orchestrator.AgentService.Execution;
using Orchestrator.AgentService.Execution.Nested;
using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.Tests.Support;

/// <summary>
/// A containerizer whose containers exist only here. They outlive the agent: hand the same one to the next agent. Launches
/// wait while <see cref="Gate"/> is not open.
/// </summary>
internal sealed class FakeContainerizer : IContainerizer
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<ContainerExit>> _containers = new();

    public string Name => "mesos";

    internal TaskCompletionSource Gate { get; set; } = Opened();

    internal ConcurrentQueue<ContainerPlan> Launches { get; } = new();

    internal ConcurrentQueue<(string ContainerId, TimeSpan Grace)> Stops { get; } = new();

    internal ConcurrentQueue<ContainerPlan> Resizes { get; } = new();

    internal ConcurrentQueue<string> Removed { get; } = new();

    internal Func<CommandInfo, Task<int>> Execute { get; set; } = _ => Task.FromResult(0);

    internal Exception? LaunchError { get; set; }

    public bool Accepts(TaskInfo task) => true;

    public async Task<RunningContainer> LaunchAsync(ContainerPlan plan, CancellationToken cancellationToken)
    {
        await Gate.Task.WaitAsync(cancellationToken);
        if (LaunchError is not null)
        {
            throw LaunchError;
        }

        Launches.Enqueue(plan);
        _containers[plan.ContainerId] = new TaskCompletionSource<ContainerExit>(TaskCreationOptions.RunContinuationsAsynchronously);
        return new RunningContainer([], 4711, null);
    }

    public Task<RunningContainer?> RecoverAsync(ContainerPlan plan, CancellationToken cancellationToken) =>
        Task.FromResult(_containers.ContainsKey(plan.ContainerId) ? new RunningContainer([], 4711, null) : null);

    public Task<ContainerExit> WaitAsync(ContainerPlan plan, CancellationToken cancellationToken) =>
        _containers[plan.ContainerId].Task.WaitAsync(cancellationToken);

    public Task StopAsync(ContainerPlan plan, TimeSpan gracePeriod, CancellationToken cancellationToken)
    {
        Stops.Enqueue((plan.ContainerId, gracePeriod));
        Exit(plan.ContainerId, 143);
        return Task.CompletedTask;
    }

    public Task<int> ExecuteAsync(ContainerPlan plan, CommandInfo command, TimeSpan timeout, CancellationToken cancellationToken) =>
        Execute(command).WaitAsync(timeout, cancellationToken);

    public Task<IInsideProcess> OpenAsync(ContainerPlan plan, InsideCommand inside, CancellationToken cancellationToken) => throw new ContainerLaunchException("Nothing can be run in here");

    public Task<ResourceStatistics?> MeasureAsync(ContainerPlan plan, CancellationToken cancellationToken) =>
        Task.FromResult<ResourceStatistics?>(new ResourceStatistics { Timestamp = 1, MemRssBytes = 1024 * 1024, CpusUserTimeSecs = 0.5 });

    public Task RemoveAsync(ContainerPlan plan, CancellationToken cancellationToken)
    {
        Removed.Enqueue(plan.ContainerId);
        return Task.CompletedTask;
    }

    public Task ResizeAsync(ContainerPlan plan, CancellationToken cancellationToken)
    {
        Resizes.Enqueue(plan);
        return Task.CompletedTask;
    }

    internal void Exit(string containerId, int code) => _containers[containerId].TrySetResult(new ContainerExit(code, false, ""));

    internal static TaskCompletionSource Opened()
    {
        var gate = new TaskCompletionSource();
        gate.SetResult();
        return gate;
    }
}
