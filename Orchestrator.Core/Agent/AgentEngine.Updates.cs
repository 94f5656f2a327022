using System.Globalization;
using Google.Protobuf;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;
using KillCauses = Orchestrator.Core.Contract.Checkpoint.UpdateRecord.Types.KillCause;
using Reasons = Orchestrator.Core.Contract.Mesos.TaskStatus.Types.Reason;

namespace Orchestrator.Core.Agent;

/// <content>Status updates: what they say, and their way to the framework.</content>
public sealed partial class AgentEngine
{
    private long _finished;
    private long _failed;
    private long _killed;
    private long _lost;
    private long _launchErrors;
    private long _updates;

    private static double Seconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).TotalSeconds;

    private TaskStatus Make(AgentTask task, TaskState state, DateTimeOffset now)
    {
        var status = new TaskStatus
        {
            TaskId = task.Info.TaskId,
            State = state,
            Source = TaskStatus.Types.Source.Executor,
            AgentId = new AgentID { Value = task.Location.AgentId },
            ExecutorId = new ExecutorID { Value = task.Location.ExecutorId },
            Timestamp = Seconds(now),
            Uuid = ByteString.CopyFrom(random.NextGuid().ToByteArray(bigEndian: true)),
        };
        CompleteContainer(task, status);
        return status;
    }

    /// <summary>Says of the container what is not said yet.</summary>
    private void CompleteContainer(AgentTask task, TaskStatus status)
    {
        var container = status.ContainerStatus ??= new ContainerStatus();
        container.ContainerId ??= WireId(task.Location);
        if (!container.HasExecutorPid && !task.IsDocker && (task.Executor is { } executor ? executor.Pid : task.Pid) is { } pid)
        {
            container.ExecutorPid = (uint)pid;
        }

        if (container.NetworkInfos.Count > 0)
        {
            return;
        }

        var network = new NetworkInfo();
        var addresses = task.Executor?.IpAddresses ?? task.IpAddresses;
        foreach (var address in addresses.Count > 0 ? addresses : [options.IpAddress])
        {
            network.IpAddresses.Add(new NetworkInfo.Types.IPAddress
            {
                IpAddress = address,
                Protocol = address.Contains(':', StringComparison.Ordinal) ? NetworkInfo.Types.Protocol.Ipv6 : NetworkInfo.Types.Protocol.Ipv4,
            });
        }

        container.NetworkInfos.Add(network);
    }

    private TaskStatus MakeByAgent(AgentTask task, TaskState state, Reasons? reason, string message, DateTimeOffset now)
    {
        var status = Make(task, state, now);
        status.Source = TaskStatus.Types.Source.Agent;
        status.Message = message;
        if (reason is { } given)
        {
            status.Reason = given;
        }

        return status;
    }

    /// <summary>A task of which nothing was told yet, for registration.</summary>
    private static TaskStatus Staging(AgentTask task) => new()
    {
        TaskId = task.Info.TaskId,
        State = TaskState.TaskStaging,
        AgentId = new AgentID { Value = task.Location.AgentId },
        Timestamp = Seconds(task.AcceptedAt),
    };

    /// <summary>0 is FINISHED, also after a kill; killed is KILLED; everything else FAILED.</summary>
    private TaskStatus ExitStatus(AgentTask task, AgentCommand.Exited exited, DateTimeOffset now)
    {
        var what = task.IsDocker ? "Container" : "Command";
        var message = exited.ExitCode is not { } code ? exited.Message
            : exited.Message.StartsWith(what + " terminated with signal", StringComparison.Ordinal) ? exited.Message
            : string.Create(CultureInfo.InvariantCulture, $"{what} exited with status {code}");
        var status = Make(task, TaskState.TaskFailed, now);
        status.Message = message;
        SetUnhealthy(task, status);
        if (task.KillCause == KillCauses.TooLong)
        {
            status.Reason = Reasons.MaxCompletionTimeReached;
        }
        else if (exited.ExitCode == 0)
        {
            status.State = TaskState.TaskFinished;
        }
        else if (task.KillCause is not null)
        {
            status.State = TaskState.TaskKilled;
        }
        else if (exited.OutOfMemory)
        {
            status.Source = TaskStatus.Types.Source.Agent;
            status.Reason = Reasons.ContainerLimitationMemory;
            status.Message = $"Memory limit exceeded: the task used more than its {MemoryLimit(task)} MB. {message}. Raise 'mem' or its limit";
            status.Limitation = new TaskResourceLimitation();
            status.Limitation.Resources.Add(task.Info.Resources.Where(resource => resource.Name == "mem"));
        }
        else if (exited.ExitCode is null)
        {
            status.Source = TaskStatus.Types.Source.Agent;
            status.Reason = Reasons.ExecutorTerminated;
        }

        return status;
    }

    private static string MemoryLimit(AgentTask task)
    {
        var limit = task.Info.Limits.TryGetValue("mem", out var scalar)
            ? scalar.Value
            : task.Info.Resources.Where(resource => resource.Name == "mem").Sum(resource => resource.Scalar?.Value ?? 0);
        return limit.ToString("0.###", CultureInfo.InvariantCulture);
    }

    private static void SetUnhealthy(AgentTask task, TaskStatus status)
    {
        if (task.KillCause == KillCauses.Unhealthy)
        {
            status.Healthy = false;
        }
    }

    private void Update(AgentTask task, TaskStatus status, DateTimeOffset now, AgentEffects effects)
    {
        task.Observe(status);
        if (task.Framework.IsShutDown)
        {
            return;
        }

        _updates++;
        effects.Checkpoint(new AgentCheckpoint.UpdateMade(task.Location, status));
        task.Updates.Add(status);
        if (task.Updates.Count == 1)
        {
            SendHead(task, now, effects);
        }
    }

    private void SendHead(AgentTask task, DateTimeOffset now, AgentEffects effects)
    {
        if (!_connected || task.Updates.Head is not { } head)
        {
            return;
        }

        task.Updates.Sent(now);
        Await(task.Updates.RetryAt);
        effects.Send(new AgentCall
        {
            Update = new AgentCall.Types.Update { FrameworkId = task.Framework.Info.Id, Status = head, LatestState = task.State },
        });
    }

    private void OnAcknowledge(AgentEvent.Types.Acknowledge acknowledge, DateTimeOffset now, AgentEffects effects)
    {
        var key = new TaskKey(new FrameworkId(acknowledge.FrameworkId.Value), new TaskId(acknowledge.TaskId.Value));
        if (!_tasks.TryGetValue(key, out var task) || !task.Updates.Acknowledge(acknowledge.Uuid))
        {
            return;
        }

        effects.Checkpoint(new AgentCheckpoint.UpdateAcknowledged(task.Location, acknowledge.Uuid));
        if (task.Updates.Head is not null)
        {
            SendHead(task, now, effects);
        }
        else if (task.Phase == TaskPhase.Ended)
        {
            Forget(task, effects);
        }
    }

    /// <summary>The task is over: its last update goes out, or it is forgotten at once when nobody waits for one.</summary>
    private void End(AgentTask task, TaskStatus status, DateTimeOffset now, AgentEffects effects)
    {
        task.Phase = TaskPhase.Ended;
        task.StopAgainAt = null;
        task.CompletionDeadline = null;
        task.Health = null;
        Count(status.State);
        Update(task, status, now, effects);
        LeaveGroup(task, now, effects);
        if (task.Framework.IsShutDown)
        {
            Forget(task, effects);
        }
    }

    private void Count(TaskState state)
    {
        switch (state)
        {
            case TaskState.TaskFinished:
                _finished++;
                break;
            case TaskState.TaskFailed:
                _failed++;
                break;
            case TaskState.TaskKilled:
                _killed++;
                break;
            default:
                _lost++;
                break;
        }
    }

    private void Forget(AgentTask task, AgentEffects effects)
    {
        if (!_tasks.Remove(task.Key))
        {
            return;
        }

        effects.Checkpoint(new AgentCheckpoint.TaskForgotten(task.Location));
        var framework = task.Framework;
        framework.TaskCount--;
        if (task.Executor is not null)
        {
            Book.OnForgotten(task, View(task), effects);
            return;
        }

        _containers.Remove(task.Location.ContainerId);
        framework.Completed.Add(View(task));
        if (framework.Completed.Count > options.MaxCompletedTasksPerFramework)
        {
            framework.Completed.RemoveAt(0);
        }

        Release(framework, task.Location.AgentId, effects);
    }

    /// <summary>A framework that has neither tasks nor executors here is history.</summary>
    private void Release(AgentFramework framework, string agentId, AgentEffects effects)
    {
        if (framework.TaskCount > 0 || framework.ExecutorCount > 0)
        {
            return;
        }

        _frameworks.Remove(framework.Id);
        _completedFrameworks.Add(framework);
        if (_completedFrameworks.Count > MaxCompletedFrameworks)
        {
            _completedFrameworks.RemoveAt(0);
        }

        effects.Checkpoint(new AgentCheckpoint.FrameworkForgotten(agentId, framework.Id));
    }
}
