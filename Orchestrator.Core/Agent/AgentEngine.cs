using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;

namespace Orchestrator.Core.Agent;

/// <summary>
/// The agent's state machine: tasks and their containers, status updates until they are acknowledged, health, kills,
/// registration. Parts: Link (events of the master), Tasks (containers), Groups (task groups), Executors (of frameworks), Updates
/// (status updates), Recovery, Publish.
/// </summary>
/// <param name="options">What the agent is.</param>
/// <param name="random">Where container ids and update ids come from.</param>
public sealed partial class AgentEngine(AgentOptions options, SeededRandom random) : IEngine<AgentCommand, AgentReply, AgentEffects, AgentSnapshot>
{
    /// <summary>Frameworks without tasks that <c>/state</c> remembers.</summary>
    public const int MaxCompletedFrameworks = 50;

    /// <summary>Tasks that an agent holds; one more is dropped.</summary>
    public const int MaxTasks = 10_000;

    /// <summary>How long after its SIGKILL was due a container that is still there is told again.</summary>
    internal static readonly TimeSpan StopRetry = TimeSpan.FromSeconds(15);

    private readonly Dictionary<TaskKey, AgentTask> _tasks = [];
    private readonly Dictionary<string, AgentTask> _containers = [];
    private readonly Dictionary<string, AgentFramework> _frameworks = [];
    private readonly List<AgentFramework> _completedFrameworks = [];
    private readonly Queue<AgentTask> _queue = new();
    private AgentInfo? _info;
    private string _lastAgentId = "";

    /// <summary>Not after the first deadline of any task. It may be before: what was awaited then has happened.</summary>
    private DateTimeOffset? _taskDue;
    private bool _connected;
    private bool _stopping;
    private int _launching;

    /// <inheritdoc/>
    public AgentReply Apply(AgentCommand command, DateTimeOffset now, AgentEffects effects)
    {
        _dirty = true;
        AgentCall? subscribe = null;
        Executors.ExecutorRefusal? refusal = null;
        switch (command)
        {
            case AgentCommand.Recover recover:
                Recover(recover.State, now, effects);
                break;
            case AgentCommand.PrepareSubscribe:
                _connected = false;
                subscribe = BuildSubscribe();
                break;
            case AgentCommand.LinkLost:
                Disconnect();
                break;
            case AgentCommand.Receive receive:
                Receive(receive.Event, now, effects);
                break;
            case AgentCommand.Launched launched when Find(launched.ContainerId) is { } task:
                OnLaunched(task, launched, now, effects);
                break;
            case AgentCommand.LaunchFailed failed when Find(failed.ContainerId) is { } task:
                OnLaunchFailed(task, failed, now, effects);
                break;
            case AgentCommand.Lost lost when Find(lost.ContainerId) is { } task:
                OnLost(task, now, effects);
                break;
            case AgentCommand.Exited exited when Find(exited.ContainerId) is { } task:
                OnExited(task, exited, now, effects);
                break;
            case AgentCommand.HealthChecked check when Find(check.ContainerId) is { } task:
                OnHealthChecked(task, check, now, effects);
                break;
            case AgentCommand.KillAll:
                KillAll(now, effects);
                break;
            case AgentCommand.SubscribeExecutor executor:
                refusal = Book.Subscribe(executor.Stream, executor.Call, now, effects);
                break;
            default:
                ApplyToExecutor(command, now, effects);
                break;
        }

        StartQueued(effects);
        return new AgentReply(subscribe, refusal);
    }

    /// <inheritdoc/>
    public void Advance(DateTimeOffset now, AgentEffects effects)
    {
        Book.Flush(effects);
        if (NextDue is not { } due || due > now)
        {
            return;
        }

        _dirty = true;
        RetryOutcomes(now, effects);
        Book.Advance(now, effects);
        foreach (var task in _tasks.Values)
        {
            if (_connected && task.Updates.RetryAt <= now)
            {
                SendHead(task, now, effects);
            }

            if (task.StopAgainAt <= now && task.Phase == TaskPhase.Terminating)
            {
                task.StopAgainAt = now + StopRetry;
                effects.Note($"Container {task.Location.ContainerId} of task {task.Key} is still there after its kill; it is told again.");
                effects.Do(new AgentAction.Stop(task.Location.ContainerId, TimeSpan.Zero));
            }
        }

        // Companions in a group that have not started end at once, and may be forgotten.
        foreach (var task in _tasks.Values.Where(task => task.CompletionDeadline <= now && task.Phase == TaskPhase.Running).ToArray())
        {
            task.CompletionDeadline = null;
            Kill(task, Contract.Checkpoint.UpdateRecord.Types.KillCause.TooLong, TimeSpan.Zero, now, effects);
            KillGroupOf(task, null, now, effects);
        }

        _taskDue = EarliestOfTasks();
        StartQueued(effects);
    }

    /// <inheritdoc/>
    public DateTimeOffset? NextDue
    {
        get
        {
            var due = Book.NextDue;
            foreach (var held in _operations.Values)
            {
                due = Earlier(due, _connected ? held.RetryAt : null);
            }

            return Earlier(due, _taskDue);
        }
    }

    /// <summary>A task has a new deadline.</summary>
    private void Await(DateTimeOffset? due) => _taskDue = Earlier(_taskDue, due);

    /// <summary>Looks at all tasks, which happens only when something was due.</summary>
    private DateTimeOffset? EarliestOfTasks()
    {
        DateTimeOffset? due = null;
        foreach (var task in _tasks.Values)
        {
            due = Earlier(due, _connected ? task.Updates.RetryAt : null);
            due = Earlier(due, task.Phase == TaskPhase.Running ? task.CompletionDeadline : null);
            due = Earlier(due, task.Phase == TaskPhase.Terminating ? task.StopAgainAt : null);
        }

        return due;
    }

    internal static DateTimeOffset? Earlier(DateTimeOffset? a, DateTimeOffset? b) => a is null || b < a ? b ?? a : a;

    private AgentTask? Find(string containerId) => _containers.GetValueOrDefault(containerId);

    /// <summary>Moves a task; false when the input means nothing in its phase.</summary>
    internal static bool Step(AgentTask task, TaskPhases.Input input)
    {
        if (TaskPhases.Next(task.Phase, input) is not { } next)
        {
            return false;
        }

        task.Phase = next;
        return true;
    }
}
