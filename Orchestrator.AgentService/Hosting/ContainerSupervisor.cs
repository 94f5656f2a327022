using System.Collections.Concurrent;
using Orchestrator.AgentService.Execution;
using Orchestrator.AgentService.Execution.Groups;
using Orchestrator.AgentService.Link;
using Orchestrator.AgentService.Sandbox;
using Orchestrator.Core.Agent;

namespace Orchestrator.AgentService.Hosting;

/// <summary>
/// Does with containers what the engine wants, and tells it what came of it. Each container has one task that launches or
/// finds it and then waits for its exit; a containerizer that fails on the way (a Docker daemon that is away) is asked again.
/// </summary>
/// <param name="containerizers">In the order in which they are asked.</param>
/// <param name="loop">Where outcomes go.</param>
/// <param name="environment">The variables of a task.</param>
/// <param name="time">The clock of the pauses.</param>
/// <param name="logger">The log.</param>
public sealed partial class ContainerSupervisor(
    IReadOnlyList<IContainerizer> containerizers,
    IAgentLoop loop,
    Func<TaskLaunch, IReadOnlyDictionary<string, string>> environment,
    TimeProvider time,
    ILogger<ContainerSupervisor> logger) : IAsyncDisposable
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_maxPause = TimeSpan.FromSeconds(15);
    private readonly ConcurrentDictionary<string, Container> _containers = new();
    private readonly ConcurrentDictionary<Task, byte> _removals = new();
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Makes the networks of task groups; null where there are none but the host's.</summary>
    public IGroupNetworks? Networks { get; init; }

    /// <summary>A container under supervision.</summary>
    private sealed record Container(ContainerPlan Plan, IContainerizer Containerizer, CancellationTokenSource Launch);

    /// <summary>Containers that are launched, found or waited for; for measuring and health checks.</summary>
    public (ContainerPlan Plan, IContainerizer Containerizer)? Find(string containerId) =>
        _containers.TryGetValue(containerId, out var container) ? (container.Plan, container.Containerizer) : null;

    /// <summary>Begins what is wanted and returns at once.</summary>
    public void Do(AgentAction action)
    {
        switch (action)
        {
            case AgentAction.Launch launch:
                _ = Task.Run(() => LaunchAsync(launch.Container));
                break;
            case AgentAction.Recover recover:
                _ = Task.Run(() => RecoverAsync(recover.Container));
                break;
            case AgentAction.CancelLaunch cancel when _containers.TryGetValue(cancel.ContainerId, out var container):
                container.Launch.Cancel();
                break;
            case AgentAction.Stop stop when _containers.TryGetValue(stop.ContainerId, out var container):
                _ = Task.Run(() => StopAsync(container, stop.GracePeriod));
                break;
            case AgentAction.Resize resize when _containers.TryGetValue(resize.ContainerId, out var container):
                Resize(container, resize.Needs);
                break;
            case AgentAction.Remove remove:
                Remove(() => RemoveAsync(remove.Container));
                break;
            case AgentAction.RemoveGroup remove when Networks is not null:
                Remove(() => RemoveNetworkAsync(Networks, remove.ContainerId));
                break;
        }
    }

    private void Remove(Func<Task> remove)
    {
        var removal = Task.Run(remove);
        _removals[removal] = 0;
        _ = removal.ContinueWith(done => _removals.TryRemove(done, out _), TaskScheduler.Default);
    }

    /// <summary>Has containerizers remove containers that no task is known for.</summary>
    public void RemoveOrphans(IReadOnlySet<string> known)
    {
        foreach (var containerizer in containerizers)
        {
            _ = Task.Run(() => RemoveOrphansAsync(containerizer.Name, token => containerizer.RemoveOrphansAsync(known, token)));
        }

        if (Networks is not null)
        {
            var groups = known.Select(id => id.Split('_')[0]).ToHashSet();
            _ = Task.Run(() => RemoveOrphansAsync("the networks of task groups", token => Networks.RemoveOrphansAsync(groups, token)));
        }
    }

    /// <summary>Waits until what is being removed is removed.</summary>
    public Task FlushAsync() => Task.WhenAll(_removals.Keys);

    /// <summary>Lets go of all containers; they run on.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        (Networks as IDisposable)?.Dispose();
        foreach (var containerizer in containerizers)
        {
            switch (containerizer)
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

    private async Task RemoveOrphansAsync(string among, Func<CancellationToken, Task> remove)
    {
        try
        {
            await RetryAsync("remove orphans among", among, async token =>
            {
                await remove(token);
                return true;
            });
        }
        catch (OperationCanceledException)
        {
            // The agent stops.
        }
    }

    private async Task LaunchAsync(TaskLaunch launch)
    {
        var containerId = launch.Location.ContainerId;
        Container? container = null;
        AgentCommand outcome;
        try
        {
            container = Supervise(launch);
            SandboxDirectories.Create(launch, container.Plan.User);
            VolumeDirectories.Prepare(launch.Volumes, container.Plan.User);
            container.Launch.Token.ThrowIfCancellationRequested();
            container = await JoinGroupAsync(container, container.Launch.Token);
            var running = await container.Containerizer.LaunchAsync(container.Plan, container.Launch.Token);
            outcome = new AgentCommand.Launched(containerId, AddressesOf(container.Plan, running), running.Pid, running.Inspection);
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            // The agent stops; the next one finds what became of it.
            return;
        }
        catch (ContainerLaunchException e)
        {
            outcome = new AgentCommand.LaunchFailed(containerId, e.Message, e.Reason);
        }
        catch (OperationCanceledException)
        {
            outcome = new AgentCommand.LaunchFailed(containerId, "The launch was given up", TaskStatus.Types.Reason.TaskKilledDuringLaunch);
        }
        catch (Exception e)
        {
            LogUnexpected(logger, "launch", containerId, e);
            outcome = new AgentCommand.LaunchFailed(containerId, $"Failed to launch container: {e.Message}", TaskStatus.Types.Reason.ContainerLaunchFailed);
        }

        await TellAsync(outcome);
        if (outcome is AgentCommand.Launched)
        {
            await WaitAsync(container!);
        }
        else
        {
            _containers.TryRemove(containerId, out _);
        }
    }

    private async Task RecoverAsync(TaskLaunch launch)
    {
        var containerId = launch.Location.ContainerId;
        try
        {
            var container = await RejoinGroupAsync(Supervise(launch));
            var running = await RetryAsync("find", containerId, token => container.Containerizer.RecoverAsync(container.Plan, token));
            if (running is null)
            {
                _containers.TryRemove(containerId, out _);
                await TellAsync(new AgentCommand.Lost(containerId));
                return;
            }

            await TellAsync(new AgentCommand.Launched(containerId, AddressesOf(container.Plan, running), running.Pid, running.Inspection));
            await WaitAsync(container);
        }
        catch (ContainerLaunchException e)
        {
            // No containerizer takes it any more: --containerizers was changed.
            LogNotRecovered(logger, containerId, e.Message);
            await TellAsync(new AgentCommand.Lost(containerId));
        }
        catch (OperationCanceledException)
        {
            // The agent stops.
        }
    }

    private async Task WaitAsync(Container container)
    {
        try
        {
            var exit = await RetryAsync("wait for", container.Plan.ContainerId, token => container.Containerizer.WaitAsync(container.Plan, token));
            await TellAsync(new AgentCommand.Exited(container.Plan.ContainerId, exit.ExitCode, exit.OutOfMemory, exit.Message));
        }
        catch (OperationCanceledException)
        {
            // The agent stops; the container runs on.
        }
    }

    private async Task StopAsync(Container container, TimeSpan gracePeriod)
    {
        try
        {
            await container.Containerizer.StopAsync(container.Plan, gracePeriod, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The agent stops.
        }
        catch (Exception e)
        {
            // The engine asks again.
            LogFailed(logger, "stop", container.Plan.ContainerId, e.Message);
        }
    }

    private async Task RemoveAsync(TaskLaunch launch)
    {
        var containerId = launch.Location.ContainerId;
        try
        {
            var container = _containers.TryGetValue(containerId, out var known) ? known : Supervise(launch);
            await container.Containerizer.RemoveAsync(container.Plan, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The agent stops; an ended container does no harm.
        }
        catch (Exception e)
        {
            LogFailed(logger, "remove", containerId, e.Message);
        }
        finally
        {
            _containers.TryRemove(containerId, out _);
        }
    }

    private Container Supervise(TaskLaunch launch)
    {
        launch = launch with { Task = MesosImage.ToDocker(launch.Task) };
        var containerizer = containerizers.FirstOrDefault(candidate => candidate.Accepts(launch.Task))
            ?? throw new ContainerLaunchException(
                $"No containerizer of this agent runs such a task (--containerizers={string.Join(',', containerizers.Select(candidate => candidate.Name))}); a Docker image needs 'docker', a plain command 'mesos'");
        var variables = environment(launch);
        var plan = new ContainerPlan(launch.Location.ContainerId, launch.Task, launch.Location.FrameworkId, launch.Location.AgentId, launch.SandboxDirectory, launch.User, variables,
            launch.ExecutorSandbox is null ? null : new GroupPlan(launch.Location.ParentContainerId!, launch.ExecutorSandbox, launch.Task.Executor))
        {
            Volumes = launch.Volumes,
        };
        var container = new Container(plan, containerizer, CancellationTokenSource.CreateLinkedTokenSource(_stop.Token));
        _containers[plan.ContainerId] = container;
        return container;
    }

    private async Task<T> RetryAsync<T>(string what, string containerId, Func<CancellationToken, Task<T>> act)
    {
        for (var pause = s_firstPause; ; pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, s_maxPause.Ticks)))
        {
            try
            {
                return await act(_stop.Token);
            }
            catch (Exception e) when (e is not OperationCanceledException || !_stop.IsCancellationRequested)
            {
                LogFailed(logger, what, containerId, e.Message);
            }

            await Task.Delay(pause, time, _stop.Token);
        }
    }

    private ValueTask TellAsync(AgentCommand command) => loop.TellAsync(command, CancellationToken.None);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not {What} container {ContainerId}: {Reason}")]
    private static partial void LogFailed(ILogger logger, string what, string containerId, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Container {ContainerId} of an earlier run cannot be followed: {Reason}")]
    private static partial void LogNotRecovered(ILogger logger, string containerId, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Unexpected failure to {What} container {ContainerId}")]
    private static partial void LogUnexpected(ILogger logger, string what, string containerId, Exception exception);
}
