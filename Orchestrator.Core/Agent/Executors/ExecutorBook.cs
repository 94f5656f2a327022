using Orchestrator.Core.Contract.ExecutorApi;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;
using KillCauses = Orchestrator.Core.Contract.Checkpoint.UpdateRecord.Types.KillCause;
using Reasons = Orchestrator.Core.Contract.Mesos.TaskStatus.Types.Reason;

namespace Orchestrator.Core.Agent.Executors;

/// <summary>
/// The executors of frameworks on this agent: their containers, their subscriptions, and the tasks that they run. Parts:
/// Calls (what executors say), Ends (how they go), Recovery (after a restart).
/// </summary>
/// <param name="options">What the agent is.</param>
/// <param name="random">Where container ids come from.</param>
/// <param name="host">The engine.</param>
internal sealed partial class ExecutorBook(AgentOptions options, SeededRandom random, IExecutorHost host)
{
    /// <summary>Executors that an agent runs; a task for one more is dropped.</summary>
    internal const int MaxExecutors = 2000;

    /// <summary>Ended tasks that <c>/state</c> remembers for each executor. Source: Mesos.</summary>
    internal const int MaxCompletedTasks = 200;

    /// <summary>Those that are not over, by framework and their own id.</summary>
    private readonly Dictionary<(string Framework, string Executor), AgentExecutor> _live = [];

    /// <summary>All that are not forgotten.</summary>
    private readonly Dictionary<string, AgentExecutor> _byContainer = [];
    private readonly Dictionary<StreamId, AgentExecutor> _byStream = [];
    private readonly Queue<AgentExecutor> _queue = new();

    /// <summary>Those whose tasks have changed in this turn.</summary>
    private readonly HashSet<AgentExecutor> _resized = [];

    /// <summary>All that are not forgotten, in the order in which they came.</summary>
    internal IEnumerable<AgentExecutor> All => _byContainer.Values;

    /// <summary>Launches under way.</summary>
    internal int Launching { get; private set; }

    /// <summary>The executor of a container; null when the container is no executor's.</summary>
    internal AgentExecutor? Find(string containerId) => _byContainer.GetValueOrDefault(containerId);

    /// <summary>Why the executor of a new task cannot run it; null when it can.</summary>
    internal (Reasons Reason, string Message)? Refusal(string frameworkId, ExecutorInfo info, IEnumerable<Resource> resources)
    {
        if (resources.Concat(info.Resources).Any(resource => resource.Disk?.Persistence is not null))
        {
            return (Reasons.TaskInvalid, "'resources.disk.persistence' cannot be had by a task of an executor: launch the task with a 'command'");
        }

        if (info is { HasType: true, Type: ExecutorInfo.Types.Type.Default })
        {
            return (Reasons.TaskInvalid, "An executor of type DEFAULT needs LAUNCH_GROUP: launch the task with a 'command', or with an executor of type CUSTOM");
        }

        if (!TaskLocation.IsSegment(info.ExecutorId.Value))
        {
            return (Reasons.TaskInvalid, "executor_id must be 1 to 255 bytes without '/', '\\' and control characters, and not '.' or '..'");
        }

        return _live.TryGetValue((frameworkId, info.ExecutorId.Value), out var executor)
            ? executor.Phase == ExecutorPhase.Terminating ? (Reasons.ExecutorTerminated, $"Executor '{executor.Id}' is being ended and takes no more tasks") : null
            : _live.Count >= MaxExecutors ? (Reasons.ContainerLaunchFailed, $"The agent holds {MaxExecutors} executors, which is its limit") : null;
    }

    /// <summary>A task that came with this executor was refused: if the executor is not here, the master must not count it.</summary>
    internal void TellMissing(FrameworkID frameworkId, ExecutorID executorId, AgentEffects effects)
    {
        if (!_live.ContainsKey((frameworkId.Value, executorId.Value)))
        {
            SendExited(frameworkId, executorId, -1, effects);
        }
    }

    /// <summary>The executor of a task, made when it is not there yet.</summary>
    internal AgentExecutor Obtain(AgentFramework framework, ExecutorInfo info, string agentId, AgentEffects effects)
    {
        if (_live.TryGetValue((framework.Id, info.ExecutorId.Value), out var known))
        {
            return known;
        }

        var location = new ExecutorLocation(agentId, framework.Id, info.ExecutorId.Value, random.NextGuid().ToString("D"));
        var executor = new AgentExecutor(location, info, framework);
        Add(executor);
        effects.Checkpoint(new AgentCheckpoint.ExecutorAccepted(location, info));
        _queue.Enqueue(executor);
        return executor;
    }

    /// <summary>A new task of an executor: it gets it now or when it has subscribed.</summary>
    internal void Assign(AgentTask task, AgentEffects effects)
    {
        var executor = task.Executor!;
        executor.Tasks.Add(task.Location.TaskId, task);
        executor.Occupy(task.Info);
        _resized.Add(executor);
        if (executor is { Phase: ExecutorPhase.Running, Stream: not null })
        {
            Give(executor, task, effects);
        }
        else
        {
            executor.Waiting.Add(task);
        }
    }

    /// <summary>Starts what waits, as many at a time as the agent may.</summary>
    internal void StartQueued(int free, AgentEffects effects)
    {
        while (free > 0 && _queue.TryDequeue(out var executor))
        {
            if (executor.Step(ExecutorPhases.Input.Start))
            {
                free--;
                Launching++;
                executor.IsLaunchCounted = true;
                executor.Told = (executor.MilliCpus, executor.MilliMem);
                effects.Do(new AgentAction.Launch(LaunchOf(executor)));
            }
        }
    }

    /// <summary>Ends a task that is to be killed: by its executor if it has got it.</summary>
    internal void Kill(AgentTask task, KillPolicy? policy, DateTimeOffset now, AgentEffects effects)
    {
        var executor = task.Executor!;
        var wasWaiting = task.Phase == TaskPhase.Queued;
        if (!AgentEngine.Step(task, TaskPhases.Input.Kill))
        {
            return;
        }

        if (task.KillCause is null)
        {
            task.KillCause = KillCauses.Requested;
            effects.Checkpoint(new AgentCheckpoint.KillStarted(task.Location, KillCauses.Requested));
        }

        task.KillPolicy = policy;
        if (!wasWaiting)
        {
            SendKill(executor, task, effects);
            return;
        }

        executor.Waiting.Remove(task);
        EndTask(task, host.MakeByAgent(task, TaskState.TaskKilled, Reasons.TaskKilledDuringLaunch, "Task was killed before its executor had got it", now), now, effects);
        if (task.LaunchedWith is { } group && executor.Waiting.Find(other => other.LaunchedWith == group) is { } companion)
        {
            // A group is given whole or not at all; this one's companions follow one by one.
            Kill(companion, policy, now, effects);
        }

        if (executor is { WasGivenTask: false, Waiting.Count: 0 })
        {
            effects.Note($"Executor {executor.Id} of framework {executor.Framework.Id} has lost its only tasks before it got them; it is ended.");
            Shutdown(executor, now, effects);
        }
    }

    /// <summary>Ends an executor: SHUTDOWN, and after its grace period its container.</summary>
    internal void Shutdown(string frameworkId, string executorId, DateTimeOffset now, AgentEffects effects)
    {
        if (_live.TryGetValue((frameworkId, executorId), out var executor))
        {
            Shutdown(executor, now, effects);
        }
        else
        {
            effects.Note($"Executor {executorId} of framework {frameworkId} is to be shut down but is not here.");
        }
    }

    internal void ShutdownAll(AgentFramework? framework, DateTimeOffset now, AgentEffects effects)
    {
        foreach (var executor in _live.Values.Where(executor => framework is null || executor.Framework == framework).ToArray())
        {
            Shutdown(executor, now, effects);
        }
    }

    /// <summary>A message of the framework, on its best effort.</summary>
    internal void Message(AgentEvent.Types.FrameworkMessage message, AgentEffects effects)
    {
        if (!_live.TryGetValue((message.FrameworkId.Value, message.ExecutorId.Value), out var executor))
        {
            effects.Note($"A message for executor {message.ExecutorId.Value} of framework {message.FrameworkId.Value} was dropped: it is not here.");
            return;
        }

        if (executor.Stream is null)
        {
            effects.Note($"A message for executor {executor.Id} of framework {executor.Framework.Id} was dropped: it is not subscribed.");
            return;
        }

        Send(executor, new Event { Type = Event.Types.Type.Message, Message = new Event.Types.Message { Data = message.Data } }, effects);
    }

    /// <summary>What registration tells of them.</summary>
    internal IEnumerable<AgentCall.Types.HeldExecutor> Held() =>
        from executor in _live.Values
        where !executor.Framework.IsShutDown
        select new AgentCall.Types.HeldExecutor { ExecutorInfo = executor.Info, FrameworkId = executor.Framework.Info.Id };

    /// <summary>Once a turn: containers are told what they may use now.</summary>
    internal void Flush(AgentEffects effects)
    {
        if (_resized.Count == 0)
        {
            return;
        }

        foreach (var executor in _resized)
        {
            if (executor.ContainerRuns && executor.Phase != ExecutorPhase.Ended && executor.Told != (executor.MilliCpus, executor.MilliMem))
            {
                executor.Told = (executor.MilliCpus, executor.MilliMem);
                effects.Do(new AgentAction.Resize(executor.ContainerId, executor.ToTask()));
            }
        }

        _resized.Clear();
    }

    internal AgentExecutorView View(AgentExecutor executor) => new()
    {
        Location = executor.Location,
        Info = executor.Info,
        SandboxDirectory = options.WorkDirectory + executor.Location.SandboxPath,
        Phase = executor.Phase,
        IsSubscribed = executor.Stream is not null,
        Pid = executor.Pid,
        Completed = [.. executor.Completed],
    };

    private void Add(AgentExecutor executor)
    {
        _live.Add((executor.Framework.Id, executor.Id), executor);
        _byContainer.Add(executor.ContainerId, executor);
        executor.Framework.ExecutorCount++;
    }

    private TaskLaunch LaunchOf(AgentExecutor executor)
    {
        var user = executor.Info.Command is { HasUser: true } command ? command.User : executor.Framework.Info.User;
        return new TaskLaunch(
            executor.Location.TaskAt(executor.Id),
            executor.ToTask(),
            executor.Framework.Info,
            options.WorkDirectory + executor.Location.SandboxPath,
            options.SwitchUser && user.Length > 0 ? user : null)
        {
            IsExecutor = true,
            GracePeriod = GracePeriod(executor),
        };
    }

    private static void Give(AgentExecutor executor, AgentTask task, AgentEffects effects)
    {
        executor.WasGivenTask = true;
        AgentEngine.Step(task, TaskPhases.Input.Start);
        AgentEngine.Step(task, TaskPhases.Input.Launched);
        if (task.LaunchedWith is not { } group)
        {
            Send(executor, new Event { Type = Event.Types.Type.Launch, Launch = new Event.Types.Launch { Task = task.Info } }, effects);
        }
        else if (group.Tasks[0] == task.Info)
        {
            // The others of the group come right behind, and are in this event.
            Send(executor, new Event { Type = Event.Types.Type.LaunchGroup, LaunchGroup = new Event.Types.LaunchGroup { TaskGroup = group } }, effects);
        }
    }

    private static void SendKill(AgentExecutor executor, AgentTask task, AgentEffects effects)
    {
        var kill = new Event.Types.Kill { TaskId = task.Info.TaskId };
        kill.KillPolicy = task.KillPolicy;
        Send(executor, new Event { Type = Event.Types.Type.Kill, Kill = kill }, effects);
    }

    /// <summary>Nothing is sent while the executor is not subscribed: it hears what still matters when it is.</summary>
    private static void Send(AgentExecutor executor, Event message, AgentEffects effects)
    {
        if (executor.Stream is { } stream)
        {
            effects.Do(new AgentAction.ToExecutor(stream, message));
        }
    }

    private static void SendExited(FrameworkID frameworkId, ExecutorID executorId, int status, AgentEffects effects) => effects.Send(new AgentCall
    {
        ExecutorExited = new AgentCall.Types.ExecutorExited { FrameworkId = frameworkId, ExecutorId = executorId, Status = status },
    });

    private TimeSpan GracePeriod(AgentExecutor executor) =>
        executor.Info.ShutdownGracePeriod is { } grace ? AgentEngine.Span(grace) : options.ExecutorGracePeriod;
}
