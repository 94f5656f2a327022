using System.Text.RegularExpressions;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Marathon.Deployments;
using Orchestrator.Core.Marathon.Events;
using Orchestrator.Core.Marathon.Health;
using Orchestrator.Core.Marathon.Pods;

namespace Orchestrator.Core.Marathon.Instances;

/// <summary>What the master says of tasks: moves instances on, kills tasks of which none is known, acknowledges.</summary>
internal sealed partial class StatusHandler(ServicesState state, InstanceBook instances, HealthBook health, Killer killer)
{
    /// <summary>One status. It is acknowledged with the turn's effects, and so only once its consequences are durable.</summary>
    public void Update(Turn turn, TaskStatus status)
    {
        var condition = Conditions.Of(status);
        if (state.Tasks.TryGetValue(status.TaskId.Value, out var instance))
        {
            instances.Confirm(instance);
            if (instance.Containers.Count > 0)
            {
                UpdatePod(turn, instance, status);
            }
            else
            {
                Update(turn, instance, status, condition);
            }
        }
        else
        {
            Unknown(turn, status, condition);
        }

        if (status.Uuid.Length > 0)
        {
            turn.Effects.Send(new Call
            {
                Type = Call.Types.Type.Acknowledge,
                Acknowledge = new Call.Types.Acknowledge { AgentId = status.AgentId, TaskId = status.TaskId, Uuid = status.Uuid },
            });
        }
    }

    /// <summary>Replaces what was unreachable for too long, and forgets it after longer.</summary>
    public void SweepUnreachable(Turn turn)
    {
        if (!(NextUnreachable <= turn.Now))
        {
            return;
        }

        foreach (var instance in state.Unreachable.ToList())
        {
            JudgeUnreachable(turn, instance);
        }
    }

    /// <summary>When the next unreachable instance is to be replaced or forgotten; null for never.</summary>
    public DateTimeOffset? NextUnreachable
    {
        get
        {
            DateTimeOffset? next = null;
            foreach (var instance in state.Unreachable)
            {
                if (instance.Spec.UnreachableStrategy is { } strategy)
                {
                    var due = instance.Since.AddSeconds(instance.Condition == Condition.Unreachable ? strategy.InactiveAfterSeconds : strategy.ExpungeAfterSeconds - strategy.InactiveAfterSeconds);
                    next = next is null || due < next ? due : next;
                }
            }

            return next;
        }
    }

    /// <summary>One container of a pod: what it means for the instance.</summary>
    private void UpdatePod(Turn turn, InstanceState instance, TaskStatus status)
    {
        var (task, changed) = PodConditions.Note(instance, status, turn.Now);
        if (task is null)
        {
            return;
        }

        if (changed && Conditions.IsTerminal(task.Condition) && task.Condition is not (Condition.Finished or Condition.Killed))
        {
            instances.NoteFailure(turn, instance, Name(status), $"{task.Name}: {status.Message}");
        }

        if (status.HasHealthy && task.Condition == Condition.Running && PodConditions.CheckOf(instance.Spec, task.Name) is { } check)
        {
            health.Reported(turn, instance, check, status.Healthy, status.Message);
        }

        if (changed)
        {
            Storage.Store(turn, instance);
            instances.Touch(instance);
        }

        Update(turn, instance, status, PodConditions.Of(instance.Containers));
    }

    private void Update(Turn turn, InstanceState instance, TaskStatus status, Condition condition)
    {
        var addresses = InstanceState.AddressesOf(status);
        var moved = addresses.Count > 0 && !addresses.SequenceEqual(instance.IpAddresses);
        if (moved)
        {
            instance.IpAddresses = addresses;
        }

        var changed = condition != instance.Condition && !(condition == Condition.Unreachable && instance.Condition == Condition.UnreachableInactive);
        if (changed || moved || status.Reason != TaskStatus.Types.Reason.Reconciliation)
        {
            EventWriter.StatusUpdate(turn, instance, status, Name(status));
        }

        if (Conditions.IsTerminal(condition))
        {
            End(turn, instance, status, condition);
            return;
        }

        if (status.Reason == TaskStatus.Types.Reason.Reconciliation && condition is (Condition.Staging or Condition.Starting or Condition.Running))
        {
            killer.StillRuns(turn, instance);
        }

        if (changed)
        {
            if (condition == Condition.Running)
            {
                instance.StartedAt ??= turn.Now;
            }

            instance.App.Backoff.Progressed(turn.Now);
            instances.Change(turn, instance, condition);
        }
        else if (moved)
        {
            Storage.Store(turn, instance);
            instances.Touch(instance);
        }

        if (status.HasHealthy && condition == Condition.Running && instance.Containers.Count == 0)
        {
            health.Reported(turn, instance, status.Healthy, status.Message);
        }

        if (condition == Condition.Unreachable)
        {
            if (instance.IsDecommissioned)
            {
                instances.Decommission(turn, instance);
            }
            else
            {
                JudgeUnreachable(turn, instance);
            }
        }
    }

    private void End(Turn turn, InstanceState instance, TaskStatus status, Condition condition)
    {
        if (instance.Containers.Count == 0 && status.State is (TaskState.TaskFailed or TaskState.TaskError or TaskState.TaskLost or TaskState.TaskDropped or TaskState.TaskGone))
        {
            instances.NoteFailure(turn, instance, Name(status), status.Message);
        }

        var app = instance.App;
        if (status.Reason == TaskStatus.Types.Reason.AgentDraining)
        {
            app.Backoff.Reset();
        }
        else if (Conditions.IsFailure(condition) && instance.Spec.LastConfigChangeAt == app.Driven.LastConfigChangeAt)
        {
            app.Backoff.Failed(instance.Spec, turn.Now);
            FailureBudget.Note(turn, instance);
        }

        GiveUpReservation(instance, status, condition);
        instances.Ended(turn, instance, condition);
    }

    /// <summary>
    /// A reservation ends with its agent, and one that was to be made with a launch that never reached the agent may not be there: the next
    /// task reserves anew. Whatever is there in spite of that is given back when an offer shows it.
    /// </summary>
    private void GiveUpReservation(InstanceState instance, TaskStatus status, Condition condition)
    {
        if (instance.Reservation is not { } kept)
        {
            return;
        }

        var neverCame = instance.Condition == Condition.Provisioned && instance.Incarnation == kept.Incarnation
            && condition is not (Condition.Failed or Condition.Finished or Condition.Killed);
        if (neverCame || status.State == TaskState.TaskGoneByOperator)
        {
            instance.Reservation = null;
            state.Release(instance.Id, kept.AgentId);
        }
    }

    private void JudgeUnreachable(Turn turn, InstanceState instance)
    {
        if (instance.Spec.UnreachableStrategy is not { } strategy)
        {
            return;
        }

        if (instance.Condition == Condition.Unreachable && instance.Since.AddSeconds(strategy.InactiveAfterSeconds) <= turn.Now)
        {
            if (strategy.ExpungeAfterSeconds <= strategy.InactiveAfterSeconds)
            {
                instances.Remove(turn, instance);
                return;
            }

            instances.Change(turn, instance, Condition.UnreachableInactive);
        }
        else if (instance.Condition == Condition.UnreachableInactive && instance.Since.AddSeconds(strategy.ExpungeAfterSeconds - strategy.InactiveAfterSeconds) <= turn.Now)
        {
            instances.Remove(turn, instance);
        }
    }

    private static void Unknown(Turn turn, TaskStatus status, Condition condition)
    {
        if (!Conditions.IsTerminal(condition))
        {
            // One that cannot be reached is killed when it returns.
            if (condition is not (Condition.Unreachable or Condition.Killing))
            {
                Killer.KillUnknown(turn, status);
            }

            return;
        }

        if (InstanceForm().Match(status.TaskId.Value) is { Success: true } match)
        {
            EventWriter.UnknownTerminated(turn, match.Groups[1].Value, "/" + match.Groups[2].Value.Replace('_', '/'), condition);
        }
    }

    private static string Name(TaskStatus status) => status.State switch
    {
        TaskState.TaskStaging => "TASK_STAGING",
        TaskState.TaskStarting => "TASK_STARTING",
        TaskState.TaskRunning => "TASK_RUNNING",
        TaskState.TaskKilling => "TASK_KILLING",
        TaskState.TaskFinished => "TASK_FINISHED",
        TaskState.TaskFailed => "TASK_FAILED",
        TaskState.TaskKilled => "TASK_KILLED",
        TaskState.TaskError => "TASK_ERROR",
        TaskState.TaskDropped => "TASK_DROPPED",
        TaskState.TaskGone => "TASK_GONE",
        TaskState.TaskGoneByOperator => "TASK_GONE_BY_OPERATOR",
        TaskState.TaskUnreachable => "TASK_UNREACHABLE",
        TaskState.TaskUnknown => "TASK_UNKNOWN",
        _ => "TASK_LOST",
    };

    [GeneratedRegex(@"^((.+)\.(?:instance-|marathon-)[^.]+)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex InstanceForm();
}
