using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;
using KillCauses = Orchestrator.Core.Contract.Checkpoint.UpdateRecord.Types.KillCause;

namespace Orchestrator.Core.Agent;

/// <content>Registration and the other events of the master.</content>
public sealed partial class AgentEngine
{
    private AgentCall BuildSubscribe()
    {
        var info = options.Info.Clone();
        if (_info?.Id is { } id)
        {
            info.Id = id;
        }

        var subscribe = new AgentCall.Types.Subscribe { AgentInfo = info, Version = options.Version, BootId = options.BootId };
        foreach (var capability in s_capabilities)
        {
            subscribe.Capabilities.Add(new AgentInfo.Types.Capability { Type = capability });
        }

        foreach (var framework in _frameworks.Values)
        {
            subscribe.Frameworks.Add(framework.Info);
        }

        foreach (var task in _tasks.Values)
        {
            if (task.Framework.IsShutDown)
            {
                continue;
            }

            var held = new AgentCall.Types.HeldTask
            {
                TaskInfo = task.Info,
                FrameworkId = task.Framework.Info.Id,
                Latest = task.Latest ?? Staging(task),
            };
            if (task.Updates.Head is { } head)
            {
                held.Unacknowledged = head;
            }

            subscribe.Tasks.Add(held);
        }

        subscribe.CheckpointedResources.AddRange(Reserved.ToProto());
        subscribe.Operations.AddRange(_operations.Values.Select(held => held.Operation));
        AddGroupExecutors(subscribe);
        subscribe.Executors.Add(Book.Held());
        return new AgentCall { Subscribe = subscribe };
    }

    private static readonly AgentInfo.Types.Capability.Types.Type[] s_capabilities =
    [
        AgentInfo.Types.Capability.Types.Type.MultiRole,
        AgentInfo.Types.Capability.Types.Type.HierarchicalRole,
        AgentInfo.Types.Capability.Types.Type.ReservationRefinement,
        AgentInfo.Types.Capability.Types.Type.ResizeVolume,
        AgentInfo.Types.Capability.Types.Type.AgentOperationFeedback,
        AgentInfo.Types.Capability.Types.Type.AgentDraining,
        AgentInfo.Types.Capability.Types.Type.TaskResourceLimits,
    ];

    private void Disconnect()
    {
        _connected = false;
        foreach (var task in _tasks.Values)
        {
            task.Updates.Reset();
        }

        _taskDue = EarliestOfTasks();
    }

    private void Receive(AgentEvent e, DateTimeOffset now, AgentEffects effects)
    {
        switch (e.EventCase)
        {
            case AgentEvent.EventOneofCase.Subscribed:
                OnSubscribed(e.Subscribed, now, effects);
                break;
            case AgentEvent.EventOneofCase.RunTask:
                RunTask(e.RunTask.FrameworkInfo, e.RunTask.Task, now, effects);
                break;
            case AgentEvent.EventOneofCase.RunTaskGroup:
                RunGroup(e.RunTaskGroup, now, effects);
                break;
            case AgentEvent.EventOneofCase.KillTask:
                OnKillTask(e.KillTask, now, effects);
                break;
            case AgentEvent.EventOneofCase.ApplyOperation:
                ApplyOperation(e.ApplyOperation, now, effects);
                break;
            case AgentEvent.EventOneofCase.AcknowledgeOperation:
                AcknowledgeOperation(e.AcknowledgeOperation, effects);
                break;
            case AgentEvent.EventOneofCase.Acknowledge:
                OnAcknowledge(e.Acknowledge, now, effects);
                break;
            case AgentEvent.EventOneofCase.Message:
                Book.Message(e.Message, effects);
                break;
            case AgentEvent.EventOneofCase.ShutdownFramework:
                ShutDownFramework(e.ShutdownFramework.FrameworkId.Value, now, effects);
                break;
            case AgentEvent.EventOneofCase.ShutdownExecutor:
                if (!ShutDownGroups(e.ShutdownExecutor, now, effects))
                {
                    OnShutdownExecutor(e.ShutdownExecutor, now, effects);
                }

                break;
            case AgentEvent.EventOneofCase.UpdateFramework:
                UpdateFramework(e.UpdateFramework.FrameworkInfo, effects);
                break;
            case AgentEvent.EventOneofCase.Shutdown:
                effects.Note($"The master shuts this agent down: {e.Shutdown.Message}");
                effects.Do(new AgentAction.ShutDown(e.Shutdown.Message));
                KillAll(now, effects);
                break;
        }
    }

    private void OnSubscribed(AgentEvent.Types.Subscribed subscribed, DateTimeOffset now, AgentEffects effects)
    {
        if (_info?.Id?.Value != subscribed.AgentId.Value)
        {
            if (_info is not null)
            {
                effects.Note($"The master knows this agent under another id from now on: {subscribed.AgentId.Value} instead of {_info.Id.Value}.");
            }

            _info = options.Info.Clone();
            _info.Id = subscribed.AgentId;
            _lastAgentId = subscribed.AgentId.Value;
            effects.Checkpoint(new AgentCheckpoint.AgentRegistered(_info));
        }

        _connected = true;
        ResetOutcomes(now);
        foreach (var task in _tasks.Values)
        {
            task.Updates.Reset();
            SendHead(task, now, effects);
        }
    }

    private void OnKillTask(AgentEvent.Types.KillTask kill, DateTimeOffset now, AgentEffects effects)
    {
        var key = new TaskKey(new FrameworkId(kill.FrameworkId.Value), new TaskId(kill.TaskId.Value));
        if (!_tasks.TryGetValue(key, out var task))
        {
            effects.Note($"Task {key} is to be killed but is not here.");
            Drop(kill.FrameworkId, kill.TaskId, _frameworks.GetValueOrDefault(kill.FrameworkId.Value)?.Info, TaskStatus.Types.Reason.TaskUnknown, "The task is not known to the agent", now, effects);
            return;
        }

        if (task.Executor is not null)
        {
            Book.Kill(task, kill.KillPolicy, now, effects);
            return;
        }

        KillWithGroup(task, KillCauses.Requested, kill.KillPolicy, now, effects);
    }

    private void OnShutdownExecutor(AgentEvent.Types.ShutdownExecutor shutdown, DateTimeOffset now, AgentEffects effects)
    {
        // The executor of a command task has the task's id.
        var key = new TaskKey(new FrameworkId(shutdown.FrameworkId.Value), new TaskId(shutdown.ExecutorId.Value));
        if (_tasks.TryGetValue(key, out var task) && task.Executor is null)
        {
            Kill(task, KillCauses.Requested, GracePeriod(task, null), now, effects);
        }
        else
        {
            Book.Shutdown(shutdown.FrameworkId.Value, shutdown.ExecutorId.Value, now, effects);
        }
    }

    /// <summary>
    /// Tells once that a task will not run here. Without uuid: if it is lost on its way, reconciliation says the same.
    /// </summary>
    private void Drop(FrameworkID frameworkId, TaskID taskId, FrameworkInfo? framework, TaskStatus.Types.Reason reason, string message, DateTimeOffset now, AgentEffects effects)
    {
        if (!_connected)
        {
            return;
        }

        var aware = framework?.Capabilities.Any(capability => capability.Type == FrameworkInfo.Types.Capability.Types.Type.PartitionAware) ?? false;
        var status = new TaskStatus
        {
            TaskId = taskId,
            State = aware ? TaskState.TaskDropped : TaskState.TaskLost,
            Message = message,
            Source = TaskStatus.Types.Source.Agent,
            Reason = reason,
            Timestamp = Seconds(now),
        };
        if (_info?.Id is { } id)
        {
            status.AgentId = id;
        }

        _lost++;
        effects.Send(new AgentCall { Update = new AgentCall.Types.Update { FrameworkId = frameworkId, Status = status, LatestState = status.State } });
    }

    private void UpdateFramework(FrameworkInfo info, AgentEffects effects)
    {
        if (_frameworks.TryGetValue(info.Id.Value, out var framework))
        {
            framework.Info = info;
            effects.Checkpoint(new AgentCheckpoint.FrameworkStored(_lastAgentId, info));
        }
    }

    /// <summary>Nobody acknowledges the framework's updates any more: they are dropped and its tasks killed.</summary>
    private void ShutDownFramework(string frameworkId, DateTimeOffset now, AgentEffects effects)
    {
        if (!_frameworks.TryGetValue(frameworkId, out var framework))
        {
            return;
        }

        framework.IsShutDown = true;
        Book.ShutdownAll(framework, now, effects);
        foreach (var task in _tasks.Values.Where(task => task.Framework == framework).ToArray())
        {
            task.Updates.Clear();
            if (task.Phase == TaskPhase.Ended)
            {
                Forget(task, effects);
            }
            else if (task.Executor is null)
            {
                Kill(task, KillCauses.Requested, GracePeriod(task, null), now, effects);
            }
        }
    }

    private void KillAll(DateTimeOffset now, AgentEffects effects)
    {
        _stopping = true;
        Book.ShutdownAll(null, now, effects);
        foreach (var task in _tasks.Values.Where(task => task.Executor is null && task.Phase != TaskPhase.Ended).ToArray())
        {
            Kill(task, KillCauses.Requested, GracePeriod(task, null), now, effects);
        }
    }
}
