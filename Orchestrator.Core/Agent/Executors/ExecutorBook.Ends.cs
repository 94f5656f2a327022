using Orchestrator.Core.Contract.ExecutorApi;
using Orchestrator.Core.Contract.Mesos;
using Reasons = Orchestrator.Core.Contract.Mesos.TaskStatus.Types.Reason;

namespace Orchestrator.Core.Agent.Executors;

/// <content>Containers of executors, deadlines, and how executors go.</content>
internal sealed partial class ExecutorBook
{
    private static readonly ExecutorEnd s_cutOff = new(TaskState.TaskFailed, Reasons.ExecutorTerminated, "Executor was shut down before it was started");

    /// <summary>The next deadline; null when nothing is awaited.</summary>
    internal DateTimeOffset? NextDue
    {
        get
        {
            DateTimeOffset? due = null;
            foreach (var executor in _live.Values)
            {
                due = AgentEngine.Earlier(due, executor.Deadline);
                due = AgentEngine.Earlier(due, executor.StopAgainAt);
            }

            return due;
        }
    }

    internal void OnLaunched(AgentExecutor executor, AgentCommand.Launched launched, DateTimeOffset now, AgentEffects effects)
    {
        var before = executor.Phase;
        if (executor.ContainerRuns || !executor.Step(ExecutorPhases.Input.Launched))
        {
            return;
        }

        Launching -= executor.IsLaunchCounted ? 1 : 0;
        executor.IsLaunchCounted = false;
        executor.ContainerRuns = true;
        executor.IpAddresses = launched.IpAddresses;
        executor.Pid = launched.Pid;
        _resized.Add(executor);
        if (before == ExecutorPhase.Launching)
        {
            executor.Deadline = now + options.ExecutorRegistrationTimeout;
        }
        else if (before == ExecutorPhase.Terminating)
        {
            // Too late to give it up, or it has not come back in time: it runs, so it is ended.
            Finish(executor, executor.End is null ? GracePeriod(executor) : TimeSpan.Zero, now, effects);
        }
    }

    internal void OnLaunchFailed(AgentExecutor executor, AgentCommand.LaunchFailed failed, DateTimeOffset now, AgentEffects effects) =>
        Leave(executor, executor.Phase == ExecutorPhase.Terminating ? s_cutOff : new ExecutorEnd(TaskState.TaskFailed, failed.Reason, failed.Message), -1, now, effects);

    /// <summary>After a restart of the agent: there is no such container any more.</summary>
    internal void OnLost(AgentExecutor executor, DateTimeOffset now, AgentEffects effects) => Leave(
        executor,
        new ExecutorEnd(TaskState.TaskFailed, Reasons.ExecutorTerminated, "The container disappeared while the agent was down; how it ended is not known"),
        -1,
        now,
        effects);

    internal void OnExited(AgentExecutor executor, AgentCommand.Exited exited, DateTimeOffset now, AgentEffects effects)
    {
        var end = executor.End
            ?? (exited.OutOfMemory
                ? new ExecutorEnd(TaskState.TaskFailed, Reasons.ContainerLimitationMemory, $"Memory limit exceeded: the executor and its tasks used more than their resources. {exited.Message}. Raise 'mem' of the executor or its tasks")
                : new ExecutorEnd(TaskState.TaskFailed, Reasons.ExecutorTerminated, $"Executor terminated: {exited.Message}"));
        effects.Do(new AgentAction.Remove(LaunchOf(executor)));
        Leave(executor, end, WaitStatus(exited), now, effects);
    }

    /// <summary>Everything of the task was told: the executor goes too, if it is over and this was its last.</summary>
    internal void OnForgotten(AgentTask task, AgentTaskView view, AgentEffects effects)
    {
        var executor = task.Executor!;
        executor.Tasks.Remove(task.Location.TaskId);
        executor.Forgotten.Add(task.Location.TaskId);
        executor.Completed.Add(view);
        if (executor.Completed.Count > MaxCompletedTasks)
        {
            executor.Completed.RemoveAt(0);
        }

        Retire(executor, effects);
    }

    /// <summary>What is due.</summary>
    internal void Advance(DateTimeOffset now, AgentEffects effects)
    {
        foreach (var executor in _live.Values.Where(executor => executor.Deadline <= now || executor.StopAgainAt <= now).ToArray())
        {
            if (executor.StopAgainAt <= now)
            {
                effects.Note($"Container {executor.ContainerId} of executor {executor.Id} is still there after its end was due; it is told again.");
                Stop(executor, TimeSpan.Zero, now, effects);
            }
            else
            {
                Expire(executor, now, effects);
            }
        }
    }

    private void Expire(AgentExecutor executor, DateTimeOffset now, AgentEffects effects)
    {
        executor.Deadline = null;
        switch (executor.Phase)
        {
            case ExecutorPhase.Registering:
                executor.End = new ExecutorEnd(
                    TaskState.TaskFailed,
                    Reasons.ExecutorRegistrationTimeout,
                    $"Executor did not register within {options.ExecutorRegistrationTimeout.TotalSeconds:0.###} s (--executor_registration_timeout); it must POST SUBSCRIBE to /api/v1/executor of MESOS_AGENT_ENDPOINT");
                break;
            case ExecutorPhase.Recovering:
                executor.End = new ExecutorEnd(
                    executor.Framework.Has(FrameworkInfo.Types.Capability.Types.Type.PartitionAware) ? TaskState.TaskGone : TaskState.TaskLost,
                    Reasons.ExecutorReregistrationTimeout,
                    $"Executor did not subscribe again within {options.ExecutorReregistrationTimeout.TotalSeconds:0.###} s after the agent restarted (--executor_reregistration_timeout)");
                break;
        }

        if (executor.Phase == ExecutorPhase.Terminating || executor.Step(ExecutorPhases.Input.Shutdown))
        {
            if (executor.End is { } end)
            {
                effects.Note($"Executor {executor.Id} of framework {executor.Framework.Id} is ended: {end.Message}");
            }

            if (executor.ContainerRuns)
            {
                Stop(executor, TimeSpan.Zero, now, effects);
            }
        }
    }

    private void Shutdown(AgentExecutor executor, DateTimeOffset now, AgentEffects effects)
    {
        var before = executor.Phase;
        if (!executor.Step(ExecutorPhases.Input.Shutdown))
        {
            return;
        }

        executor.Deadline = null;
        if (before == ExecutorPhase.Queued)
        {
            Leave(executor, s_cutOff, -1, now, effects);
        }
        else if (executor.ContainerRuns || executor.Stream is not null)
        {
            Finish(executor, GracePeriod(executor), now, effects);
        }
        else if (before == ExecutorPhase.Launching)
        {
            effects.Do(new AgentAction.CancelLaunch(executor.ContainerId));
        }
    }

    /// <summary>SHUTDOWN to one that hears it, SIGTERM to one that does not; SIGKILL after the grace period.</summary>
    private static void Finish(AgentExecutor executor, TimeSpan grace, DateTimeOffset now, AgentEffects effects)
    {
        if (executor.Stream is not null && grace > TimeSpan.Zero)
        {
            SendShutdown(executor, effects);
            executor.Deadline = now + grace;
        }
        else
        {
            Stop(executor, grace, now, effects);
        }
    }

    private static void SendShutdown(AgentExecutor executor, AgentEffects effects) => Send(executor, new Event { Type = Event.Types.Type.Shutdown }, effects);

    private static void Stop(AgentExecutor executor, TimeSpan grace, DateTimeOffset now, AgentEffects effects)
    {
        executor.StopAgainAt = now + grace + AgentEngine.StopRetry;
        effects.Do(new AgentAction.Stop(executor.ContainerId, grace));
    }

    /// <summary>It is over: its tasks are, the master hears it, and it is forgotten once all was told.</summary>
    private void Leave(AgentExecutor executor, ExecutorEnd end, int waitStatus, DateTimeOffset now, AgentEffects effects)
    {
        if (executor.IsGone)
        {
            return;
        }

        executor.IsGone = true;
        Launching -= executor.IsLaunchCounted ? 1 : 0;
        executor.IsLaunchCounted = false;
        executor.Step(ExecutorPhases.Input.Gone);
        executor.Deadline = null;
        executor.StopAgainAt = null;
        Detach(executor, effects);
        _live.Remove((executor.Framework.Id, executor.Id));
        executor.Waiting.Clear();
        foreach (var task in executor.Tasks.Values.Where(task => task.Phase != TaskPhase.Ended).ToArray())
        {
            EndTask(task, StatusAt(executor, task, end, now), now, effects);
        }

        effects.Checkpoint(new AgentCheckpoint.ExecutorEnded(executor.Location));
        if (!executor.Framework.IsShutDown)
        {
            SendExited(executor.Framework.Info.Id, executor.Info.ExecutorId, waitStatus, effects);
        }

        Retire(executor, effects);
    }

    private TaskStatus StatusAt(AgentExecutor executor, AgentTask task, ExecutorEnd end, DateTimeOffset now)
    {
        if (task.Phase == TaskPhase.Recovering && task.State == TaskState.TaskStaging)
        {
            return host.MakeByAgent(task, Dropped(executor), Reasons.AgentRestarted, "The agent restarted before the executor had got the task", now);
        }

        var status = host.MakeByAgent(task, end.State, end.Reason, end.Message, now);
        if (end.Reason == Reasons.ContainerLimitationMemory)
        {
            status.Limitation = new TaskResourceLimitation();
            status.Limitation.Resources.Add(task.Info.Resources.Where(resource => resource.Name == "mem"));
        }

        return status;
    }

    private void Retire(AgentExecutor executor, AgentEffects effects)
    {
        if (!executor.IsGone || executor.Tasks.Count > 0 || !_byContainer.Remove(executor.ContainerId))
        {
            return;
        }

        _resized.Remove(executor);
        effects.Checkpoint(new AgentCheckpoint.ExecutorForgotten(executor.Location));
        var framework = executor.Framework;
        framework.CompletedExecutors.Add(View(executor));
        if (framework.CompletedExecutors.Count > options.MaxCompletedTasksPerFramework)
        {
            framework.CompletedExecutors.RemoveAt(0);
        }

        framework.ExecutorCount--;
        host.Release(framework, executor.Location.AgentId, effects);
    }

    /// <summary>As wait(2) tells it: the exit code in the second byte, or the signal in the first; -1 when it is not known.</summary>
    private static int WaitStatus(AgentCommand.Exited exited) => exited.ExitCode is not { } code ? -1
        : code > 128 && exited.Message.Contains("terminated with signal", StringComparison.Ordinal) ? code - 128
        : code << 8;
}
