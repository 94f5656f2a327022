using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Master.Frameworks;
using Orchestrator.Core.Primitives;

namespace Orchestrator.Core.Master.Tasks;

/// <summary>
/// Answers "what do you know of these tasks?". While an agent from before a restart may still bring a task, nothing is
/// said of it: silence, never "unknown".
/// </summary>
internal sealed class Reconciler(ClusterState state)
{
    private const TaskStatus.Types.Reason Reason = TaskStatus.Types.Reason.Reconciliation;

    /// <summary>RECONCILE: an empty list asks for everything.</summary>
    public void Reconcile(Turn turn, FrameworkState framework, Call.Types.Reconcile reconcile)
    {
        state.Count("messages_reconcile_tasks");
        if (reconcile.Tasks.Count == 0)
        {
            foreach (var task in framework.Tasks.Values)
            {
                Tell(turn, framework, task);
            }

            return;
        }

        foreach (var asked in reconcile.Tasks)
        {
            Answer(turn, framework, asked.TaskId.Value, asked.AgentId);
        }
    }

    /// <summary>Says what is known of one task.</summary>
    public void Answer(Turn turn, FrameworkState framework, string taskId, AgentID? agentId)
    {
        if (framework.Tasks.TryGetValue(new TaskId(taskId), out var task))
        {
            Tell(turn, framework, task);
            return;
        }

        var agent = agentId is { Value.Length: > 0 } ? new AgentId(agentId.Value) : (AgentId?)null;
        if (agent is { } asked ? state.RecoveredAgents.ContainsKey(asked) : state.RecoveredAgents.Count > 0)
        {
            return;
        }

        if (framework.Unreachable.TryGetValue(new TaskId(taskId), out var lost))
        {
            SendUnreachable(turn, framework, taskId, new AgentID { Value = lost.Agent.Id.Value }, lost.UnreachableSince);
        }
        else if (agent is { } known && state.AgentsById.ContainsKey(known))
        {
            Send(turn, framework, taskId, agentId, TaskState.TaskGone, "Reconciliation: Task is unknown to the agent");
        }
        else if (agent is { } away && state.UnreachableAgents.TryGetValue(away, out var row))
        {
            SendUnreachable(turn, framework, taskId, agentId, row.Since);
        }
        else if (agent is { } gone && state.RemovedAgents.Contains(gone))
        {
            Send(turn, framework, taskId, agentId, TaskState.TaskGoneByOperator, "Reconciliation: Task is gone with its agent");
        }
        else
        {
            Send(turn, framework, taskId, agentId, TaskState.TaskUnknown, "Reconciliation: Task is unknown");
        }
    }

    private static void Tell(Turn turn, FrameworkState framework, TaskRecord task)
    {
        var status = TaskTable.Make(turn, framework, task.Key.TaskId.Value, new AgentID { Value = task.Agent.Id.Value }, task.UpdateState, Reason, "Reconciliation: Latest task state");
        if (task.LastStatus is { } last)
        {
            status.ContainerStatus = last.ContainerStatus;
            status.CheckStatus = last.CheckStatus;
            status.Labels = last.Labels;
        }

        if (task.Healthy is { } healthy)
        {
            status.Healthy = healthy;
        }

        TaskTable.Forward(turn, framework, status);
    }

    private static void SendUnreachable(Turn turn, FrameworkState framework, string taskId, AgentID? agent, DateTimeOffset? since)
    {
        var status = TaskTable.Make(turn, framework, taskId, agent, TaskState.TaskUnreachable, Reason, "Reconciliation: Task is unreachable");
        if (since is { } at && framework.IsPartitionAware)
        {
            status.UnreachableTime = new TimeInfo { Nanoseconds = ClusterState.Nanoseconds(at) };
        }

        TaskTable.Forward(turn, framework, status);
    }

    private static void Send(Turn turn, FrameworkState framework, string taskId, AgentID? agent, TaskState taskState, string message) =>
        TaskTable.Forward(turn, framework, TaskTable.Make(turn, framework, taskId, agent, taskState, Reason, message));
}
