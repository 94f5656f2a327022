using Google.Protobuf;
using Orchestrator.Core.Agent.Executors;
using Orchestrator.Core.Contract.Checkpoint;
using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.Core.Agent;

/// <summary>One durable change of an agent, in the order in which it must reach the disk.</summary>
public abstract record AgentCheckpoint
{
    private AgentCheckpoint()
    {
    }

    /// <summary>The master gave the agent its id.</summary>
    public sealed record AgentRegistered(AgentInfo Info) : AgentCheckpoint;

    /// <summary>A framework is new here or its info changed.</summary>
    public sealed record FrameworkStored(string AgentId, FrameworkInfo Info) : AgentCheckpoint;

    /// <summary>A task came; written before its launch.</summary>
    public sealed record TaskAccepted(TaskLocation Task, TaskInfo Info) : AgentCheckpoint;

    /// <summary>A status update was made; written before it is sent.</summary>
    public sealed record UpdateMade(TaskLocation Task, TaskStatus Status) : AgentCheckpoint;

    /// <summary>An update was acknowledged.</summary>
    public sealed record UpdateAcknowledged(TaskLocation Task, ByteString Uuid) : AgentCheckpoint;

    /// <summary>A task is being ended on purpose; written before the first signal.</summary>
    public sealed record KillStarted(TaskLocation Task, UpdateRecord.Types.KillCause Cause) : AgentCheckpoint;

    /// <summary>Everything about the task was told and acknowledged; its sandbox stays until it is collected.</summary>
    public sealed record TaskForgotten(TaskLocation Task) : AgentCheckpoint;

    /// <summary>
    /// The agent's reservations, volumes and outcomes of operations, whole. With it the directories of volumes that came are
    /// made, and those of volumes that went are removed with all that is in them.
    /// </summary>
    public sealed record ResourcesStored(ResourcesRecord Record) : AgentCheckpoint;

    /// <summary>An executor came; written before its launch. The records of its tasks share one log.</summary>
    public sealed record ExecutorAccepted(ExecutorLocation Executor, ExecutorInfo Info) : AgentCheckpoint;

    /// <summary>The executor is over; updates of its tasks may still wait for acknowledgement.</summary>
    public sealed record ExecutorEnded(ExecutorLocation Executor) : AgentCheckpoint;

    /// <summary>The executor and its tasks are over; its sandbox stays until it is collected.</summary>
    public sealed record ExecutorForgotten(ExecutorLocation Executor) : AgentCheckpoint;

    /// <summary>The framework has no task here any more.</summary>
    public sealed record FrameworkForgotten(string AgentId, string FrameworkId) : AgentCheckpoint;
}
