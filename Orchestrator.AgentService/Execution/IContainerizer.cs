using Orchestrator.AgentService.Execution.Nested;
using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.AgentService.Execution;

/// <summary>
/// Runs containers of one kind: commands in their own process group and cgroup, or Docker containers. Everything that it
/// starts outlives the agent, and can be found again by <see cref="RecoverAsync"/>.
/// </summary>
public interface IContainerizer
{
    /// <summary>The word for <c>--containerizers</c>: <c>mesos</c> or <c>docker</c>.</summary>
    string Name { get; }

    /// <summary>Whether it runs tasks of this kind.</summary>
    bool Accepts(TaskInfo task);

    /// <summary>
    /// Prepares and starts the container. Returns once it runs.
    /// </summary>
    /// <exception cref="ContainerLaunchException">It could not be started; nothing of it is left.</exception>
    Task<RunningContainer> LaunchAsync(ContainerPlan plan, CancellationToken cancellationToken);

    /// <summary>
    /// Finds a container that an earlier run of the agent started; a container that exited meanwhile is found too, with
    /// its exit. Null when there is none and there can be none any more.
    /// </summary>
    Task<RunningContainer?> RecoverAsync(ContainerPlan plan, CancellationToken cancellationToken);

    /// <summary>Completes when the container has exited. May be called again, before and after the exit.</summary>
    Task<ContainerExit> WaitAsync(ContainerPlan plan, CancellationToken cancellationToken);

    /// <summary>SIGTERM, then SIGKILL to everything in the container once the grace period is over.</summary>
    Task StopAsync(ContainerPlan plan, TimeSpan gracePeriod, CancellationToken cancellationToken);

    /// <summary>Runs a command inside, for COMMAND health checks. The exit code; an exception when it could not run or took too long.</summary>
    Task<int> ExecuteAsync(ContainerPlan plan, CommandInfo command, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Starts a program inside a running container, with its input and output at hand; it lives in the sandbox and limits of the container and ends with it.</summary>
    /// <exception cref="ContainerLaunchException">It cannot be started.</exception>
    /// <exception cref="InvalidOperationException">The container does not run.</exception>
    Task<IInsideProcess> OpenAsync(ContainerPlan plan, InsideCommand inside, CancellationToken cancellationToken);

    /// <summary>What it uses now; null when that is not known.</summary>
    Task<ResourceStatistics?> MeasureAsync(ContainerPlan plan, CancellationToken cancellationToken);

    /// <summary>Removes what an exited container left behind, its sandbox excepted.</summary>
    Task RemoveAsync(ContainerPlan plan, CancellationToken cancellationToken);

    /// <summary>Lets a running container use what its plan says now: of an executor, with the tasks that it got since its launch.</summary>
    Task ResizeAsync(ContainerPlan plan, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends and removes containers of this agent that belong to none of these; called once after a start, when all known ones are being found.</summary>
    /// <param name="known">Ids of all containers that the agent knows.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task RemoveOrphansAsync(IReadOnlySet<string> known, CancellationToken cancellationToken) => Task.CompletedTask;
}
