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

    /// <summary>What it uses now; null when that is not known.</summary>
    Task<ResourceStatistics?> MeasureAsync(ContainerPlan plan, CancellationToken cancellationToken);

    /// <summary>Removes what an exited container left behind, its sandbox excepted.</summary>
    Task RemoveAsync(ContainerPlan plan, CancellationToken cancellationToken);
}

/// <summary>Everything that a containerizer needs of one container; checkpointed before the launch.</summary>
/// <param name="ContainerId">UUID text.</param>
/// <param name="Task">The task.</param>
/// <param name="FrameworkId">Its framework.</param>
/// <param name="AgentId">This agent.</param>
/// <param name="SandboxDirectory">Absolute path, exists, owned by <paramref name="User"/>.</param>
/// <param name="User">The account that it runs as; null for the agent's own.</param>
/// <param name="Environment">The complete environment, Mesos' variables included.</param>
public sealed record ContainerPlan(string ContainerId, TaskInfo Task, string FrameworkId, string AgentId, string SandboxDirectory, string? User, IReadOnlyDictionary<string, string> Environment);

/// <summary>A started container.</summary>
/// <param name="IpAddresses">Its own addresses; empty when it shares the host's network.</param>
/// <param name="Pid">Its first process on the host; null when not known.</param>
/// <param name="Inspection">What <c>docker inspect</c> says, for <c>status.data</c>; null without Docker.</param>
public sealed record RunningContainer(IReadOnlyList<string> IpAddresses, int? Pid, string? Inspection);

/// <summary>How a container ended.</summary>
/// <param name="ExitCode">Exit code; 128 + signal when a signal ended it; null when it is not known.</param>
/// <param name="OutOfMemory">Whether the kernel ended it at its memory limit.</param>
/// <param name="Message">One sentence.</param>
public sealed record ContainerExit(int? ExitCode, bool OutOfMemory, string Message);

/// <summary>A container could not be started. The message is for the user of the task.</summary>
/// <param name="message">What failed, and what to do.</param>
/// <param name="reason">The reason of the status update.</param>
public sealed class ContainerLaunchException(string message, TaskStatus.Types.Reason reason = TaskStatus.Types.Reason.ContainerLaunchFailed) : Exception(message)
{
    /// <summary>The reason of the status update.</summary>
    public TaskStatus.Types.Reason Reason => reason;
}
