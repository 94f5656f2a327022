using Orchestrator.Core.Contract.ExecutorApi;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;

namespace Orchestrator.Core.Agent;

/// <summary>Something to be done on the machine. Its outcome comes back as a command.</summary>
public abstract record AgentAction
{
    private AgentAction()
    {
    }

    /// <summary>Start a container: Launched and later Exited follow, or LaunchFailed.</summary>
    public sealed record Launch(TaskLaunch Container) : AgentAction;

    /// <summary>Find a container of an earlier run: Launched and later Exited follow, or Lost.</summary>
    public sealed record Recover(TaskLaunch Container) : AgentAction;

    /// <summary>Give up a launch that is under way: LaunchFailed follows, or Launched when it was too late.</summary>
    public sealed record CancelLaunch(string ContainerId) : AgentAction;

    /// <summary>SIGTERM, and SIGKILL after the grace period. May come again, with a shorter grace period.</summary>
    public sealed record Stop(string ContainerId, TimeSpan GracePeriod) : AgentAction;

    /// <summary>Remove what an ended container left behind, its sandbox excepted.</summary>
    public sealed record Remove(TaskLaunch Container) : AgentAction;

    /// <summary>Remove what the members of a task group shared besides their sandbox; all of them have ended.</summary>
    /// <param name="ContainerId">The container id of their executor.</param>
    public sealed record RemoveGroup(string ContainerId) : AgentAction;

    /// <summary>Let the container of an executor use what it and its tasks need now.</summary>
    /// <param name="ContainerId">The container.</param>
    /// <param name="Needs">The executor as a task, with the resources of all.</param>
    public sealed record Resize(string ContainerId, TaskInfo Needs) : AgentAction;

    /// <summary>Send an executor an event.</summary>
    public sealed record ToExecutor(StreamId Stream, Event Event) : AgentAction;

    /// <summary>End the stream of an executor after what was sent.</summary>
    public sealed record CloseExecutor(StreamId Stream) : AgentAction;

    /// <summary>Begin to check the health of a running container.</summary>
    /// <param name="ContainerId">The container.</param>
    /// <param name="Check">What to check and when.</param>
    /// <param name="IpAddress">Where HTTP and TCP checks go; null for the loopback of the host.</param>
    public sealed record StartHealthCheck(string ContainerId, HealthCheck Check, string? IpAddress) : AgentAction;

    /// <summary>Check it no longer.</summary>
    public sealed record StopHealthCheck(string ContainerId) : AgentAction;

    /// <summary>The master refuses the agent: once its tasks have ended it must stop, and start anew under a new id.</summary>
    public sealed record ShutDown(string Reason) : AgentAction;
}
