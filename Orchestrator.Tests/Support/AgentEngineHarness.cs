using Google.Protobuf;
using Orchestrator.Core.Agent;
using Orchestrator.Core.Agent.Executors;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;

namespace Orchestrator.Tests.Support;

/// <summary>An agent engine with a hand-set clock; keeps the effects of the last turn and all checkpoints.</summary>
internal sealed partial class AgentEngineHarness
{
    internal const string FrameworkName = "fw-0001";

    private readonly Func<AgentOptions, AgentOptions>? _change;

    internal AgentEngineHarness(Func<AgentOptions, AgentOptions>? change = null, ulong seed = 7)
    {
        _change = change;
        var options = new AgentOptions
        {
            Info = new AgentInfo { Hostname = "node-1", Port = 5051 },
            WorkDirectory = "/var/lib/agent",
            IpAddress = "10.0.0.1",
        };
        Engine = new AgentEngine(change?.Invoke(options) ?? options, new SeededRandom(seed));
    }

    internal AgentEngine Engine { get; }

    internal DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch.AddDays(20000);

    internal AgentEffects Effects { get; } = new();

    internal List<AgentCheckpoint> Checkpoints { get; } = [];

    internal IEnumerable<TaskStatus> Sent => Effects.Calls.Where(call => call.Update is not null).Select(call => call.Update.Status);

    internal AgentReply Tell(AgentCommand command)
    {
        Effects.Clear();
        var reply = Engine.Apply(command, Now, Effects);
        Checkpoints.AddRange(Effects.Checkpoints);
        return reply;
    }

    internal void Pass(TimeSpan time)
    {
        Now += time;
        Effects.Clear();
        Engine.Advance(Now, Effects);
        Checkpoints.AddRange(Effects.Checkpoints);
    }

    internal void Tell(AgentEvent e) => Tell(new AgentCommand.Receive(e));

    internal AgentEngineHarness Registered(string id = "cluster-S1")
    {
        Tell(new AgentCommand.PrepareSubscribe());
        Tell(new AgentEvent { Subscribed = new AgentEvent.Types.Subscribed { AgentId = new AgentID { Value = id }, SilenceTimeoutSeconds = 30 } });
        return this;
    }

    internal static FrameworkInfo Framework(params FrameworkInfo.Types.Capability.Types.Type[] capabilities)
    {
        var info = new FrameworkInfo { User = "nobody", Name = "fw", Id = new FrameworkID { Value = FrameworkName } };
        info.Capabilities.Add(capabilities.Select(type => new FrameworkInfo.Types.Capability { Type = type }));
        return info;
    }

    internal static TaskInfo Task(string id = "t1", Action<TaskInfo>? change = null)
    {
        var task = new TaskInfo
        {
            Name = id,
            TaskId = new TaskID { Value = id },
            AgentId = new AgentID { Value = "cluster-S1" },
            Command = new CommandInfo { Value = "sleep 100" },
        };
        task.Resources.Add(new Resource { Name = "mem", Type = Value.Types.Type.Scalar, Scalar = new Value.Types.Scalar { Value = 32 } });
        change?.Invoke(task);
        return task;
    }

    internal static void AsDocker(TaskInfo task) =>
        task.Container = new ContainerInfo { Type = ContainerInfo.Types.Type.Docker, Docker = new ContainerInfo.Types.DockerInfo { Image = "busybox" } };

    /// <summary>Sends the task to the agent; the id of the container that it launches.</summary>
    internal string Run(TaskInfo task, FrameworkInfo? framework = null)
    {
        Tell(new AgentEvent { RunTask = new AgentEvent.Types.RunTask { FrameworkInfo = framework ?? Framework(), Task = task } });
        return Effects.Actions.OfType<AgentAction.Launch>().Single().Container.Location.ContainerId;
    }

    internal string RunToRunning(TaskInfo task, FrameworkInfo? framework = null, string? inspection = null, params string[] addresses)
    {
        var container = Run(task, framework);
        Tell(new AgentCommand.Launched(container, addresses, 4711, inspection));
        return container;
    }

    internal void Kill(string id = "t1", TimeSpan? grace = null)
    {
        var kill = new AgentEvent.Types.KillTask { FrameworkId = new FrameworkID { Value = FrameworkName }, TaskId = new TaskID { Value = id } };
        if (grace is { } given)
        {
            kill.KillPolicy = new KillPolicy { GracePeriod = new DurationInfo { Nanoseconds = (long)given.TotalNanoseconds } };
        }

        Tell(new AgentEvent { KillTask = kill });
    }

    internal void Exit(string container, int? code, bool outOfMemory = false, string message = "") =>
        Tell(new AgentCommand.Exited(container, code, outOfMemory, message));

    internal void Acknowledge(ByteString uuid, string id = "t1") => Tell(new AgentEvent
    {
        Acknowledge = new AgentEvent.Types.Acknowledge
        {
            FrameworkId = new FrameworkID { Value = FrameworkName },
            TaskId = new TaskID { Value = id },
            Uuid = uuid,
        },
    });

    /// <summary>Acknowledges whatever is sent until nothing more comes; all statuses in order.</summary>
    internal List<TaskStatus> Drain(string id = "t1")
    {
        var all = new List<TaskStatus>();
        while (Sent.SingleOrDefault() is { } status)
        {
            all.Add(status);
            Acknowledge(status.Uuid, id);
        }

        return all;
    }

    /// <summary>A second engine that starts from the checkpoints of this one, as after kill -9.</summary>
    internal AgentEngineHarness Restart()
    {
        var next = new AgentEngineHarness(_change, seed: 99) { Now = Now };
        next.Tell(new AgentCommand.Recover(Checkpointed()));
        return next;
    }

    private RecoveredAgent Checkpointed()
    {
        AgentInfo? info = null;
        var resources = new Core.Contract.Checkpoint.ResourcesRecord();
        var frameworks = new Dictionary<string, FrameworkInfo>();
        var tasks = new Dictionary<TaskLocation, (TaskInfo Info, List<Core.Contract.Checkpoint.UpdateRecord> Records)>();
        var executors = new Dictionary<ExecutorLocation, (ExecutorInfo Info, List<Core.Contract.Checkpoint.UpdateRecord> Records)>();
        foreach (var checkpoint in Checkpoints)
        {
            if (ExecutorRecords.Of(checkpoint) is var (location, record))
            {
                executors[location].Records.Add(record);
                continue;
            }

            switch (checkpoint)
            {
                case AgentCheckpoint.AgentRegistered registered:
                    info = registered.Info;
                    break;
                case AgentCheckpoint.ResourcesStored stored:
                    resources = stored.Record;
                    break;
                case AgentCheckpoint.FrameworkStored stored:
                    frameworks[stored.Info.Id.Value] = stored.Info;
                    break;
                case AgentCheckpoint.TaskAccepted accepted:
                    tasks.Add(accepted.Task, (accepted.Info, []));
                    break;
                case AgentCheckpoint.UpdateMade made:
                    tasks[made.Task].Records.Add(new() { Type = Core.Contract.Checkpoint.UpdateRecord.Types.Type.Update, Update = made.Status });
                    break;
                case AgentCheckpoint.UpdateAcknowledged acknowledged:
                    tasks[acknowledged.Task].Records.Add(new() { Type = Core.Contract.Checkpoint.UpdateRecord.Types.Type.Ack, Uuid = acknowledged.Uuid });
                    break;
                case AgentCheckpoint.KillStarted kill:
                    tasks[kill.Task].Records.Add(new() { Type = Core.Contract.Checkpoint.UpdateRecord.Types.Type.Kill, Cause = kill.Cause });
                    break;
                case AgentCheckpoint.ExecutorAccepted accepted:
                    executors.Add(accepted.Executor, (accepted.Info, []));
                    break;
                case AgentCheckpoint.ExecutorForgotten forgotten:
                    executors.Remove(forgotten.Executor);
                    break;
                case AgentCheckpoint.TaskForgotten forgotten:
                    tasks.Remove(forgotten.Task);
                    break;
                case AgentCheckpoint.FrameworkForgotten forgotten:
                    frameworks.Remove(forgotten.FrameworkId);
                    break;
            }
        }

        return new RecoveredAgent(info, [.. frameworks.Values], [.. tasks.Select(task => new RecoveredAgent.RecoveredTask(task.Key, task.Value.Info, task.Value.Records))])
        {
            Resources = resources,
            Executors = [.. executors.Select(executor => new RecoveredAgent.RecoveredExecutor(executor.Key, executor.Value.Info, executor.Value.Records))],
        };
    }
}
