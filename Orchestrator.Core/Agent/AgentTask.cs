using Google.Protobuf;
using Orchestrator.Core.Agent.Executors;
using Orchestrator.Core.Contract.Checkpoint;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;

namespace Orchestrator.Core.Agent;

/// <summary>What the engine knows of one task. Changed by the engine only.</summary>
internal sealed class AgentTask(TaskLocation location, TaskInfo info, AgentFramework framework, DateTimeOffset acceptedAt)
{
    /// <summary>An executor repeats what was not acknowledged to it, which is never this much.</summary>
    private const int MaxTaken = 128;

    private RecentSet<ByteString>? _taken;

    /// <summary>The newest view of it; the engine checks whether it still holds.</summary>
    internal AgentTaskView? View { get; set; }

    internal TaskLocation Location { get; } = location;

    internal TaskInfo Info { get; } = info;

    internal AgentFramework Framework { get; } = framework;

    internal TaskKey Key { get; } = new(new FrameworkId(location.FrameworkId), new TaskId(location.TaskId));

    /// <summary>The executor of its task group; null for a task by itself.</summary>
    internal Groups.GroupExecutor? Group { get; set; }

    /// <summary>The executor that runs it; null when the agent does.</summary>
    internal AgentExecutor? Executor { get; init; }

    /// <summary>Those that its executor gets together with it; null for a task by itself.</summary>
    internal TaskGroupInfo? LaunchedWith { get; init; }

    /// <summary>Updates of its executor that were taken, so that a repeated one is known.</summary>
    internal RecentSet<ByteString> Taken => _taken ??= new RecentSet<ByteString>(MaxTaken);

    /// <summary>How an executor that was not there is to kill it, once it is back.</summary>
    internal KillPolicy? KillPolicy { get; set; }

    internal DateTimeOffset AcceptedAt { get; } = acceptedAt;

    internal bool IsDocker => Info.Container?.Type == ContainerInfo.Types.Type.Docker && Info.Container.HasType;

    internal TaskPhase Phase { get; set; } = TaskPhase.Queued;

    internal TaskState State { get; set; } = TaskState.TaskStaging;

    /// <summary>The latest status; null while there was none.</summary>
    internal TaskStatus? Latest { get; set; }

    /// <summary>The latest status of each run of equal states, oldest first. At most one per state change.</summary>
    internal List<TaskStatus> Statuses { get; } = [];

    internal UpdateStream Updates { get; } = new();

    /// <summary>Why it is ended on purpose; null when it is not.</summary>
    internal UpdateRecord.Types.KillCause? KillCause { get; set; }

    /// <summary>When SIGKILL is due.</summary>
    internal DateTimeOffset? KillDeadline { get; set; }

    /// <summary>When the container, if it is still there, must be told again.</summary>
    internal DateTimeOffset? StopAgainAt { get; set; }

    /// <summary>When max_completion_time is over.</summary>
    internal DateTimeOffset? CompletionDeadline { get; set; }

    internal IReadOnlyList<string> IpAddresses { get; set; } = [];

    internal int? Pid { get; set; }

    internal HealthJudge? Health { get; set; }

    /// <summary>
    /// Records a status as the latest; the same state again replaces the last one. Its data (a whole docker inspect) goes
    /// with the update only, not into the history.
    /// </summary>
    internal void Observe(TaskStatus status)
    {
        if (status.HasData)
        {
            status = status.Clone();
            status.ClearData();
        }

        Latest = status;
        State = status.State;
        if (Statuses.Count > 0 && Statuses[^1].State == status.State)
        {
            Statuses[^1] = status;
        }
        else
        {
            Statuses.Add(status);
        }
    }
}
