using System.Globalization;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;
using KillCauses = Orchestrator.Core.Contract.Checkpoint.UpdateRecord.Types.KillCause;
using Reasons = Orchestrator.Core.Contract.Mesos.TaskStatus.Types.Reason;

namespace Orchestrator.Core.Agent;

/// <content>Tasks and their containers.</content>
public sealed partial class AgentEngine
{
    private void RunTask(FrameworkInfo frameworkInfo, TaskInfo info, DateTimeOffset now, AgentEffects effects)
    {
        var key = new TaskKey(new FrameworkId(frameworkInfo.Id.Value), new TaskId(info.TaskId.Value));
        if (_tasks.ContainsKey(key))
        {
            effects.Note($"Task {key} is here already; it is not started a second time.");
            return;
        }

        if (Refusal(frameworkInfo, info) is var (reason, message))
        {
            Drop(frameworkInfo.Id, info.TaskId, frameworkInfo, reason, message, now, effects);
            if (info.Executor is { } missing)
            {
                Book.TellMissing(frameworkInfo.Id, missing.ExecutorId, effects);
            }

            return;
        }

        var framework = Adopt(frameworkInfo, effects);
        if (info.Executor is not null)
        {
            RunInExecutor(framework, info, now, effects);
            return;
        }

        var containerId = random.NextGuid().ToString("D");
        var location = new TaskLocation(_lastAgentId, framework.Id, info.TaskId.Value, containerId, info.TaskId.Value);
        var task = new AgentTask(location, info, framework, now);
        Add(task);
        effects.Checkpoint(new AgentCheckpoint.TaskAccepted(location, info));
        _queue.Enqueue(task);
    }

    private (Reasons Reason, string Message)? Refusal(FrameworkInfo framework, TaskInfo info) => SharedRefusal(framework, info)
        ?? (info.Executor is null ? null : Book.Refusal(framework.Id.Value, info.Executor, info.Resources));

    /// <summary>What holds for tasks by themselves and for members of groups.</summary>
    private (Reasons Reason, string Message)? SharedRefusal(FrameworkInfo framework, TaskInfo info)
    {
        if (_stopping)
        {
            return (Reasons.AgentDisconnected, "The agent is stopping and takes no more tasks");
        }

        if (!TaskLocation.IsSegment(info.TaskId.Value) || !TaskLocation.IsSegment(framework.Id.Value))
        {
            return (Reasons.TaskInvalid, "task_id and framework_id must be 1 to 255 bytes without '/', '\\' and control characters, and not '.' or '..'");
        }

        if (MissingResource(info) is { } missing)
        {
            return (Reasons.ResourcesUnknown, $"The agent does not have {ResourceList.FullText(missing)}");
        }

        if (_frameworks.TryGetValue(framework.Id.Value, out var known) && known.IsShutDown)
        {
            return (Reasons.FrameworkRemoved, "The framework is being removed from the agent");
        }

        return _tasks.Count >= MaxTasks
            ? (Reasons.ContainerLaunchFailed, string.Create(CultureInfo.InvariantCulture, $"The agent holds {MaxTasks} tasks, which is its limit"))
            : null;
    }

    private AgentFramework Adopt(FrameworkInfo info, AgentEffects effects)
    {
        if (!_frameworks.TryGetValue(info.Id.Value, out var framework))
        {
            framework = _completedFrameworks.Find(completed => completed.Id == info.Id.Value);
            if (framework is null)
            {
                framework = new AgentFramework(info);
            }
            else
            {
                _completedFrameworks.Remove(framework);
            }

            framework.IsShutDown = false;
            framework.Info = info;
            _frameworks.Add(framework.Id, framework);
            effects.Checkpoint(new AgentCheckpoint.FrameworkStored(_lastAgentId, info));
        }
        else if (!framework.Info.Equals(info))
        {
            UpdateFramework(info, effects);
        }

        return framework;
    }

    private void Add(AgentTask task)
    {
        _tasks.Add(task.Key, task);
        if (task.Executor is null)
        {
            _containers.Add(task.Location.ContainerId, task);
        }

        task.Framework.TaskCount++;
    }

    private void StartQueued(AgentEffects effects)
    {
        Book.StartQueued(options.MaxConcurrentLaunches - _launching - Book.Launching, effects);
        while (_launching + Book.Launching < options.MaxConcurrentLaunches && _queue.TryDequeue(out var task))
        {
            if (Step(task, TaskPhases.Input.Start))
            {
                _launching++;
                effects.Do(new AgentAction.Launch(LaunchOf(task)));
            }
        }
    }

    private TaskLaunch LaunchOf(AgentTask task)
    {
        var user = task.Info.Command is { HasUser: true } command ? command.User : task.Framework.Info.User;
        return new TaskLaunch(
            task.Location,
            task.Info,
            task.Framework.Info,
            options.WorkDirectory + task.Location.SandboxPath,
            options.SwitchUser && user.Length > 0 ? user : null,
            task.Group is null ? null : options.WorkDirectory + task.Location.ExecutorSandboxPath)
        {
            Volumes = VolumesOf(task.Info),
        };
    }

    private void OnLaunched(AgentTask task, AgentCommand.Launched launched, DateTimeOffset now, AgentEffects effects)
    {
        var before = task.Phase;
        if (!Step(task, TaskPhases.Input.Launched))
        {
            return;
        }

        task.IpAddresses = launched.IpAddresses;
        task.Pid = launched.Pid;
        if (before == TaskPhase.Recovering)
        {
            Resume(task, launched, now, effects);
            return;
        }

        _launching--;
        if (before == TaskPhase.Cancelling)
        {
            // Too late to give it up: it runs, so it ends like any other container.
            SendStop(task, GracePeriod(task, null), now, effects);
            return;
        }

        TellRunning(task, launched.Inspection, now, effects);
    }

    /// <summary>After a restart of the agent: the container is there.</summary>
    private void Resume(AgentTask task, AgentCommand.Launched launched, DateTimeOffset now, AgentEffects effects)
    {
        if (task.KillCause is { } cause)
        {
            Step(task, TaskPhases.Input.Kill);
            effects.Note($"Task {task.Key} was being killed ({cause}) when the agent stopped; that goes on.");
            SendStop(task, cause == KillCauses.TooLong ? TimeSpan.Zero : GracePeriod(task, null), now, effects);
            return;
        }

        if (task.State is TaskState.TaskStaging or TaskState.TaskStarting)
        {
            TellRunning(task, launched.Inspection, now, effects);
            return;
        }

        Watch(task, DateTimeOffset.UnixEpoch.AddSeconds(RunningSince(task)), now, effects);
    }

    private void TellRunning(AgentTask task, string? inspection, DateTimeOffset now, AgentEffects effects)
    {
        if (task.State == TaskState.TaskStaging)
        {
            Update(task, Make(task, TaskState.TaskStarting, now), now, effects);
        }

        var status = Make(task, TaskState.TaskRunning, now);
        if (inspection is not null)
        {
            status.Data = Google.Protobuf.ByteString.CopyFromUtf8(inspection);
        }

        Update(task, status, now, effects);
        Watch(task, now, now, effects);
    }

    /// <summary>Begins what a running task needs: its health check and its time limit.</summary>
    private void Watch(AgentTask task, DateTimeOffset runningSince, DateTimeOffset now, AgentEffects effects)
    {
        if (task.Info.MaxCompletionTime is { } limit)
        {
            task.CompletionDeadline = runningSince + Span(limit);
            Await(task.CompletionDeadline);
        }

        if (task.Info.HealthCheck is { } check)
        {
            task.Health = new HealthJudge(check, now);
            effects.Do(new AgentAction.StartHealthCheck(task.Location.ContainerId, check, task.IpAddresses.Count > 0 ? task.IpAddresses[0] : null));
        }
    }

    private static double RunningSince(AgentTask task)
    {
        foreach (var status in task.Statuses)
        {
            if (status.State == TaskState.TaskRunning)
            {
                return status.Timestamp;
            }
        }

        return task.Latest?.Timestamp ?? 0;
    }

    private void OnLaunchFailed(AgentTask task, AgentCommand.LaunchFailed failed, DateTimeOffset now, AgentEffects effects)
    {
        if (!Step(task, TaskPhases.Input.LaunchFailed))
        {
            return;
        }

        _launching--;
        if (task.KillCause is not null)
        {
            EndAsKilledDuringLaunch(task, now, effects);
            return;
        }

        _launchErrors++;
        var status = MakeByAgent(task, TaskState.TaskFailed, failed.Reason, failed.Message, now);
        End(task, status, now, effects);
    }

    private void EndAsKilledDuringLaunch(AgentTask task, DateTimeOffset now, AgentEffects effects) =>
        End(task, MakeByAgent(task, TaskState.TaskKilled, Reasons.TaskKilledDuringLaunch, "Task was killed before its container ran", now), now, effects);

    private void OnLost(AgentTask task, DateTimeOffset now, AgentEffects effects)
    {
        if (!Step(task, TaskPhases.Input.Lost))
        {
            return;
        }

        if (task.KillCause is KillCauses.Requested or KillCauses.Unhealthy)
        {
            var status = MakeByAgent(task, TaskState.TaskKilled, null, "The container is gone; it was being killed when the agent stopped", now);
            SetUnhealthy(task, status);
            End(task, status, now, effects);
        }
        else if (task.State == TaskState.TaskStaging)
        {
            var state = task.Framework.Has(FrameworkInfo.Types.Capability.Types.Type.PartitionAware) ? TaskState.TaskDropped : TaskState.TaskLost;
            End(task, MakeByAgent(task, state, Reasons.AgentRestarted, "The agent restarted before the container was started", now), now, effects);
        }
        else
        {
            End(task, MakeByAgent(task, TaskState.TaskFailed, Reasons.ExecutorTerminated, "The container disappeared while the agent was down; how it ended is not known", now), now, effects);
        }
    }

    private void OnExited(AgentTask task, AgentCommand.Exited exited, DateTimeOffset now, AgentEffects effects)
    {
        if (!Step(task, TaskPhases.Input.Exited))
        {
            return;
        }

        if (task.Health is not null)
        {
            effects.Do(new AgentAction.StopHealthCheck(task.Location.ContainerId));
        }

        effects.Do(new AgentAction.Remove(LaunchOf(task)));
        End(task, ExitStatus(task, exited, now), now, effects);
    }

    private void OnHealthChecked(AgentTask task, AgentCommand.HealthChecked check, DateTimeOffset now, AgentEffects effects)
    {
        if (task.Phase != TaskPhase.Running || task.Health is not { } judge)
        {
            return;
        }

        var verdict = judge.Judge(check.Healthy, now);
        if (verdict == HealthJudge.Verdict.Nothing)
        {
            return;
        }

        if (!task.Updates.IsFull)
        {
            var status = Make(task, TaskState.TaskRunning, now);
            status.Reason = Reasons.TaskHealthCheckStatusUpdated;
            status.Healthy = verdict == HealthJudge.Verdict.Healthy;
            if (check.Message.Length > 0)
            {
                status.Message = check.Message;
            }

            Update(task, status, now, effects);
        }

        if (verdict == HealthJudge.Verdict.Hopeless)
        {
            KillWithGroup(task, KillCauses.Unhealthy, null, now, effects);
        }
    }

    private void Kill(AgentTask task, KillCauses cause, TimeSpan gracePeriod, DateTimeOffset now, AgentEffects effects)
    {
        var before = task.Phase;
        if (!Step(task, TaskPhases.Input.Kill))
        {
            return;
        }

        if (task.KillCause is null)
        {
            task.KillCause = cause;
            effects.Checkpoint(new AgentCheckpoint.KillStarted(task.Location, cause));
        }

        switch (before)
        {
            case TaskPhase.Queued:
                EndAsKilledDuringLaunch(task, now, effects);
                break;
            case TaskPhase.Launching:
                effects.Do(new AgentAction.CancelLaunch(task.Location.ContainerId));
                break;
            case TaskPhase.Running:
                if (task.Health is not null)
                {
                    effects.Do(new AgentAction.StopHealthCheck(task.Location.ContainerId));
                }

                if (task.Framework.Has(FrameworkInfo.Types.Capability.Types.Type.TaskKillingState))
                {
                    var status = Make(task, TaskState.TaskKilling, now);
                    SetUnhealthy(task, status);
                    Update(task, status, now, effects);
                }

                SendStop(task, gracePeriod, now, effects);
                break;
            case TaskPhase.Terminating when now + gracePeriod < task.KillDeadline:
                SendStop(task, gracePeriod, now, effects);
                break;
        }
    }

    private void SendStop(AgentTask task, TimeSpan gracePeriod, DateTimeOffset now, AgentEffects effects)
    {
        task.KillDeadline = now + gracePeriod;
        task.StopAgainAt = task.KillDeadline + StopRetry;
        Await(task.StopAgainAt);
        effects.Do(new AgentAction.Stop(task.Location.ContainerId, gracePeriod));
    }

    /// <summary>The kill's grace period, else the task's, else the default of its kind.</summary>
    private TimeSpan GracePeriod(AgentTask task, KillPolicy? policy)
    {
        var given = policy?.GracePeriod ?? task.Info.KillPolicy?.GracePeriod;
        return given is not null ? Span(given) : task.IsDocker ? options.DockerGracePeriod : options.DefaultGracePeriod;
    }

    /// <summary>Not negative, at most a year.</summary>
    internal static TimeSpan Span(DurationInfo duration) =>
        TimeSpan.FromMilliseconds(Math.Clamp(duration.Nanoseconds / 1_000_000, 0, 366L * 24 * 3600 * 1000));
}
