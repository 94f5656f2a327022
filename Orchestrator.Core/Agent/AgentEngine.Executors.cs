using Orchestrator.Core.Agent.Executors;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.Core.Agent;

/// <content>Executors of frameworks, and the tasks that they run.</content>
public sealed partial class AgentEngine : IExecutorHost
{
    private ExecutorBook? _book;

    private ExecutorBook Book => _book ??= new ExecutorBook(options, random, this);

    /// <inheritdoc/>
    AgentInfo IExecutorHost.Info => _info ?? options.Info;

    /// <inheritdoc/>
    void IExecutorHost.Update(AgentTask task, TaskStatus status, DateTimeOffset now, AgentEffects effects) => Update(task, status, now, effects);

    /// <inheritdoc/>
    void IExecutorHost.End(AgentTask task, TaskStatus status, DateTimeOffset now, AgentEffects effects) => End(task, status, now, effects);

    /// <inheritdoc/>
    TaskStatus IExecutorHost.MakeByAgent(AgentTask task, TaskState state, TaskStatus.Types.Reason? reason, string message, DateTimeOffset now) =>
        MakeByAgent(task, state, reason, message, now);

    /// <inheritdoc/>
    void IExecutorHost.Complete(AgentTask task, TaskStatus status, DateTimeOffset now)
    {
        status.AgentId = new AgentID { Value = task.Location.AgentId };
        status.ExecutorId = new ExecutorID { Value = task.Location.ExecutorId };
        status.Source = TaskStatus.Types.Source.Executor;
        if (!status.HasTimestamp)
        {
            status.Timestamp = Seconds(now);
        }

        CompleteContainer(task, status);
    }

    /// <inheritdoc/>
    void IExecutorHost.Release(AgentFramework framework, string agentId, AgentEffects effects) => Release(framework, agentId, effects);

    private void RunInExecutor(AgentFramework framework, TaskInfo info, DateTimeOffset now, AgentEffects effects)
    {
        var executor = Book.Obtain(framework, info.Executor, _lastAgentId, effects);
        var task = new AgentTask(executor.Location.TaskAt(info.TaskId.Value), info, framework, now) { Executor = executor };
        Add(task);
        effects.Checkpoint(new AgentCheckpoint.TaskAccepted(task.Location, info));
        Book.Assign(task, effects);
    }

    /// <summary>A group on an executor of its framework, which gets it whole.</summary>
    private void RunGroupInExecutor(AgentEvent.Types.RunTaskGroup run, DateTimeOffset now, AgentEffects effects)
    {
        var framework = Adopt(run.FrameworkInfo, effects);
        var executor = Book.Obtain(framework, run.TaskGroup.Tasks[0].Executor ?? run.Executor, _lastAgentId, effects);
        foreach (var info in run.TaskGroup.Tasks)
        {
            var task = new AgentTask(executor.Location.TaskAt(info.TaskId.Value), info, framework, now) { Executor = executor, LaunchedWith = run.TaskGroup };
            Add(task);
            effects.Checkpoint(new AgentCheckpoint.TaskAccepted(task.Location, info));
            Book.Assign(task, effects);
        }
    }

    private (TaskStatus.Types.Reason Reason, string Message)? CustomGroupRefusal(AgentEvent.Types.RunTaskGroup run)
    {
        foreach (var task in run.TaskGroup.Tasks)
        {
            if ((SharedRefusal(run.FrameworkInfo, task) ?? Book.Refusal(run.FrameworkInfo.Id.Value, task.Executor ?? run.Executor, task.Resources)) is { } refusal)
            {
                return refusal;
            }
        }

        return run.TaskGroup.Tasks.Count == 0 || _tasks.Count + run.TaskGroup.Tasks.Count > MaxTasks
            ? (TaskStatus.Types.Reason.TaskGroupInvalid, $"The group has {run.TaskGroup.Tasks.Count} tasks; the agent takes at least one, and holds {MaxTasks} at most")
            : null;
    }

    /// <summary>Commands that are of an executor or its container.</summary>
    private void ApplyToExecutor(AgentCommand command, DateTimeOffset now, AgentEffects effects)
    {
        switch (command)
        {
            case AgentCommand.CallByExecutor call:
                Book.Call(call.Call, now, effects);
                break;
            case AgentCommand.ExecutorDisconnected disconnected:
                Book.Disconnect(disconnected.Stream);
                break;
            case AgentCommand.Launched launched when Book.Find(launched.ContainerId) is { } executor:
                Book.OnLaunched(executor, launched, now, effects);
                break;
            case AgentCommand.LaunchFailed failed when Book.Find(failed.ContainerId) is { } executor:
                Book.OnLaunchFailed(executor, failed, now, effects);
                break;
            case AgentCommand.Lost lost when Book.Find(lost.ContainerId) is { } executor:
                Book.OnLost(executor, now, effects);
                break;
            case AgentCommand.Exited exited when Book.Find(exited.ContainerId) is { } executor:
                Book.OnExited(executor, exited, now, effects);
                break;
        }
    }
}
