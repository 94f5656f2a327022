using Orchestrator.Core.Contract.ExecutorApi;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Primitives;

namespace Orchestrator.Core.Agent;

/// <summary>Everything the agent's engine can be told. The edges make them, one loop applies them.</summary>
public abstract record AgentCommand
{
    private AgentCommand()
    {
    }

    /// <summary>The first command after a start: what an earlier run left in the checkpoints.</summary>
    public sealed record Recover(RecoveredAgent State) : AgentCommand;

    /// <summary>The link is about to dial: the reply holds the Subscribe call. Nothing is sent until Subscribed came.</summary>
    public sealed record PrepareSubscribe : AgentCommand;

    /// <summary>An event of the master.</summary>
    public sealed record Receive(AgentEvent Event) : AgentCommand;

    /// <summary>The link broke; updates wait until it stands again.</summary>
    public sealed record LinkLost : AgentCommand;

    /// <summary>A container runs, or was found running or ended after a restart of the agent.</summary>
    /// <param name="ContainerId">The container.</param>
    /// <param name="IpAddresses">Its own addresses; empty on the host's network.</param>
    /// <param name="Pid">Its first process; null when not known.</param>
    /// <param name="Inspection">What <c>docker inspect</c> says; null without Docker.</param>
    public sealed record Launched(string ContainerId, IReadOnlyList<string> IpAddresses, int? Pid, string? Inspection) : AgentCommand;

    /// <summary>A container could not be started; nothing of it is left.</summary>
    public sealed record LaunchFailed(string ContainerId, string Message, TaskStatus.Types.Reason Reason) : AgentCommand;

    /// <summary>After a restart of the agent: there is no such container and there can be none any more.</summary>
    public sealed record Lost(string ContainerId) : AgentCommand;

    /// <summary>A container has ended.</summary>
    /// <param name="ContainerId">The container.</param>
    /// <param name="ExitCode">Exit code, 128 + signal when a signal ended it; null when not known.</param>
    /// <param name="OutOfMemory">Whether the kernel ended it at its memory limit.</param>
    /// <param name="Message">One sentence.</param>
    public sealed record Exited(string ContainerId, int? ExitCode, bool OutOfMemory, string Message) : AgentCommand;

    /// <summary>One health check was made.</summary>
    /// <param name="ContainerId">The container.</param>
    /// <param name="Healthy">Its outcome.</param>
    /// <param name="Message">Why not, for the status update.</param>
    public sealed record HealthChecked(string ContainerId, bool Healthy, string Message) : AgentCommand;

    /// <summary>SUBSCRIBE of an executor; the reply says whether it may read the stream.</summary>
    /// <param name="Stream">Where its events go from now on.</param>
    /// <param name="Call">The call, well-formed.</param>
    public sealed record SubscribeExecutor(StreamId Stream, Call Call) : AgentCommand;

    /// <summary>UPDATE or MESSAGE of an executor.</summary>
    /// <param name="Call">The call, well-formed.</param>
    public sealed record CallByExecutor(Call Call) : AgentCommand;

    /// <summary>The stream of an executor broke; its container runs on, and it is expected to subscribe again.</summary>
    public sealed record ExecutorDisconnected(StreamId Stream) : AgentCommand;

    /// <summary>Ends all tasks and takes no more: the agent stops for good.</summary>
    public sealed record KillAll : AgentCommand;
}
