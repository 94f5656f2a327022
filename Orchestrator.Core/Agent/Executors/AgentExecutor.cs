using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;

namespace Orchestrator.Core.Agent.Executors;

/// <summary>What the engine knows of one run of one executor. Changed by the engine only.</summary>
internal sealed class AgentExecutor(ExecutorLocation location, ExecutorInfo info, AgentFramework framework)
{
    /// <summary>Ended tasks whose ids are remembered, so that an update that is told once more is known for what it is.</summary>
    internal const int MaxForgotten = 10_000;

    internal ExecutorLocation Location { get; } = location;

    internal ExecutorInfo Info { get; } = info;

    internal AgentFramework Framework { get; } = framework;

    internal string Id => Location.ExecutorId;

    internal string ContainerId => Location.ContainerId;

    internal bool IsDocker => Info.Container is { HasType: true, Type: ContainerInfo.Types.Type.Docker };

    internal ExecutorPhase Phase { get; set; } = ExecutorPhase.Queued;

    /// <summary>Its subscription; null while it has none.</summary>
    internal StreamId? Stream { get; set; }

    /// <summary>Whether it has ever been given a task; one that never was has nothing to live for.</summary>
    internal bool WasGivenTask { get; set; }

    /// <summary>Whether its container is known to run.</summary>
    internal bool ContainerRuns { get; set; }

    /// <summary>Whether its launch is one of those under way.</summary>
    internal bool IsLaunchCounted { get; set; }

    /// <summary>Whether its end was dealt with.</summary>
    internal bool IsGone { get; set; }

    internal IReadOnlyList<string> IpAddresses { get; set; } = [];

    internal int? Pid { get; set; }

    /// <summary>By when it must subscribe, or end; null when nothing is awaited.</summary>
    internal DateTimeOffset? Deadline { get; set; }

    /// <summary>When its container, if it is still there, must be told again.</summary>
    internal DateTimeOffset? StopAgainAt { get; set; }

    /// <summary>What its tasks will be told when it is gone; null for the ordinary.</summary>
    internal ExecutorEnd? End { get; set; }

    /// <summary>Tasks that are not forgotten.</summary>
    internal Dictionary<string, AgentTask> Tasks { get; } = [];

    /// <summary>Tasks that it was not given yet, in order.</summary>
    internal List<AgentTask> Waiting { get; } = [];

    internal RecentSet<string> Forgotten { get; } = new(MaxForgotten);

    /// <summary>Its ended and acknowledged tasks, oldest first; bounded by ExecutorBook.MaxCompletedTasks.</summary>
    internal List<AgentTaskView> Completed { get; } = [];

    /// <summary>What its container may use: its own resources and those of its live tasks, in thousandths.</summary>
    internal long MilliCpus { get; private set; } = Amount(info.Resources, "cpus");

    /// <summary>In thousandths of a MiB.</summary>
    internal long MilliMem { get; private set; } = Amount(info.Resources, "mem");

    /// <summary>What the containerizer was last told of these two.</summary>
    internal (long MilliCpus, long MilliMem) Told { get; set; }

    internal bool Step(ExecutorPhases.Input input)
    {
        if (ExecutorPhases.Next(Phase, input) is not { } next)
        {
            return false;
        }

        Phase = next;
        return true;
    }

    internal void Occupy(TaskInfo task)
    {
        MilliCpus += Amount(task.Resources, "cpus");
        MilliMem += Amount(task.Resources, "mem");
    }

    internal void Vacate(TaskInfo task)
    {
        MilliCpus -= Amount(task.Resources, "cpus");
        MilliMem -= Amount(task.Resources, "mem");
    }

    /// <summary>As a task of its own, which is how its container is launched: its command with the resources of all.</summary>
    internal TaskInfo ToTask()
    {
        var task = new TaskInfo
        {
            Name = Info.HasName ? Info.Name : Id,
            TaskId = new TaskID { Value = Id },
            AgentId = new AgentID { Value = Location.AgentId },
            Command = Info.Command,
            Container = Info.Container,
        };
        task.Resources.Add(Scalar("cpus", MilliCpus));
        task.Resources.Add(Scalar("mem", MilliMem));
        return task;
    }

    private static Resource Scalar(string name, long thousandths) =>
        new() { Name = name, Type = Value.Types.Type.Scalar, Scalar = new Value.Types.Scalar { Value = thousandths / 1000.0 } };

    private static long Amount(IEnumerable<Resource> resources, string name)
    {
        var sum = 0L;
        foreach (var resource in resources)
        {
            if (resource.Name == name && resource.Scalar is { } scalar)
            {
                sum += (long)Math.Round(scalar.Value * 1000);
            }
        }

        return sum;
    }
}
