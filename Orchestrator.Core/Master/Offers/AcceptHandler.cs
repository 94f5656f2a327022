using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Master.Agents;
using Orchestrator.Core.Master.Frameworks;
using Orchestrator.Core.Master.Operations;
using Orchestrator.Core.Master.Tasks;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;
using OperationType = Orchestrator.Core.Contract.Mesos.Offer.Types.Operation.Types.Type;
using Reason = Orchestrator.Core.Contract.Mesos.TaskStatus.Types.Reason;

namespace Orchestrator.Core.Master.Offers;

/// <summary>ACCEPT: takes offers, applies the operations in order to what they hold, frees the rest.</summary>
internal sealed class AcceptHandler(ClusterState state, OfferBook offers, TaskTable tasks, ExecutorBook executors, OperationHandler operations)
{
    /// <summary>Everything semantic is answered by events; the call itself was accepted.</summary>
    public void Accept(Turn turn, FrameworkState framework, Call.Types.Accept accept)
    {
        state.Count("messages_launch_tasks");
        var taken = new List<OfferState>(accept.OfferIds.Count);
        var problem = Check(framework, accept, taken);
        foreach (var offer in taken)
        {
            offers.Take(offer);
        }

        if (problem is null && taken[0].Agent is { IsConnected: false })
        {
            Refuse(turn, framework, accept, Reason.AgentDisconnected, "Task launched with invalid offers: The agent of the offer is disconnected");
            Return(turn, taken, null);
            return;
        }

        if (problem is not null)
        {
            Refuse(turn, framework, accept, Reason.InvalidOffers, $"Task launched with invalid offers: {problem}");
            Return(turn, taken, null);
            return;
        }

        var offered = ResourceList.Empty;
        foreach (var offer in taken)
        {
            offered += offer.Resources;
        }

        var pool = new OfferPool(offered);
        foreach (var operation in accept.Operations)
        {
            Apply(turn, framework, taken[0], operation, pool);
        }

        // The offers stand for one pool of resources; what is left of it is freed under the first of them.
        offers.Recover(turn, taken[0], pool.Made, new Filters { RefuseSeconds = 0 });
        offers.Recover(turn, taken[0], pool.Refused, accept.Filters);
    }

    private string? Check(FrameworkState framework, Call.Types.Accept accept, List<OfferState> taken)
    {
        if (accept.OfferIds.Count == 0)
        {
            return "No offers specified";
        }

        string? problem = null;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var id in accept.OfferIds)
        {
            if (!seen.Add(id.Value))
            {
                problem ??= $"Duplicate offer {id.Value}";
            }
            else if (offers.Find(new OfferId(id.Value)) is not { } offer || offer.Framework != framework)
            {
                problem ??= $"Offer {id.Value} is no longer valid";
            }
            else
            {
                taken.Add(offer);
                problem ??= offer.Agent != taken[0].Agent ? $"Offer {id.Value} is of another agent than {accept.OfferIds[0].Value}"
                    : offer.Role != taken[0].Role ? $"Offer {id.Value} is for another role than {accept.OfferIds[0].Value}" : null;
            }
        }

        return problem;
    }

    private void Return(Turn turn, List<OfferState> taken, Filters? filters)
    {
        foreach (var offer in taken)
        {
            offers.Recover(turn, offer, offer.Resources, filters ?? new Filters { RefuseSeconds = 0 });
        }
    }

    /// <summary>TASK_DROPPED, or TASK_LOST, for every task of the call.</summary>
    private static void Refuse(Turn turn, FrameworkState framework, Call.Types.Accept accept, Reason reason, string message)
    {
        foreach (var operation in accept.Operations)
        {
            var refused = operation.Type switch
            {
                OperationType.Launch when operation.Launch is not null => operation.Launch.TaskInfos,
                OperationType.LaunchGroup when operation.LaunchGroup is not null => operation.LaunchGroup.TaskGroup.Tasks,
                _ => null,
            };
            if (refused is null)
            {
                OperationBook.Refuse(turn, framework, operation, message);
                continue;
            }

            foreach (var task in refused)
            {
                TaskTable.Forward(turn, framework, TaskTable.Make(turn, framework, task.TaskId.Value, task.AgentId, TaskState.TaskDropped, reason, message));
            }
        }
    }

    private void Apply(Turn turn, FrameworkState framework, OfferState offer, Offer.Types.Operation operation, OfferPool pool)
    {
        switch (operation.Type)
        {
            case OperationType.Launch when operation.Launch is not null:
                foreach (var task in operation.Launch.TaskInfos)
                {
                    pool.Rest = Launch(turn, framework, offer, operation, task, pool.Rest);
                }

                break;
            case OperationType.LaunchGroup when operation.LaunchGroup is not null:
                pool.Rest = LaunchGroup(turn, framework, offer, operation, operation.LaunchGroup, pool.Rest);
                break;
            default:
                operations.Accept(turn, framework, offer, operation, pool);
                break;
        }
    }

    private ResourceList Launch(Turn turn, FrameworkState framework, OfferState offer, Offer.Types.Operation operation, TaskInfo info, ResourceList rest)
    {
        var problem = operation.Id is not null
            ? "'Offer.Operation.id' must not be set for LAUNCH"
            : TaskValidation.Check(info, framework, offer, rest);
        if (problem is not null)
        {
            Reject(turn, framework, info, Reason.TaskInvalid, problem);
            return rest;
        }

        var launched = Complete(info, framework);
        rest = Occupy(turn, framework, offer, launched, rest);
        turn.Effects.Send(offer.Agent.Stream!.Value, new AgentEvent { RunTask = new AgentEvent.Types.RunTask { FrameworkInfo = framework.Info, Task = launched } });
        return rest;
    }

    private ResourceList LaunchGroup(Turn turn, FrameworkState framework, OfferState offer, Offer.Types.Operation operation, Offer.Types.Operation.Types.LaunchGroup group, ResourceList rest)
    {
        var problem = operation.Id is not null
            ? "'Offer.Operation.id' must not be set for LAUNCH_GROUP"
            : TaskGroupValidation.Check(group, framework, offer, rest);
        if (problem is not null)
        {
            foreach (var info in group.TaskGroup.Tasks)
            {
                Reject(turn, framework, info, Reason.TaskGroupInvalid, problem);
            }

            return rest;
        }

        var message = new AgentEvent.Types.RunTaskGroup { FrameworkInfo = framework.Info, Executor = group.Executor, TaskGroup = new TaskGroupInfo() };
        foreach (var info in group.TaskGroup.Tasks)
        {
            var member = info.Clone();
            member.Executor ??= group.Executor;
            var launched = Complete(member, framework);
            rest = Occupy(turn, framework, offer, launched, rest);
            message.TaskGroup.Tasks.Add(launched);
        }

        turn.Effects.Send(offer.Agent.Stream!.Value, new AgentEvent { RunTaskGroup = message });
        return rest;
    }

    /// <summary>Counts what a task and, when it is new on the agent, its executor use.</summary>
    private ResourceList Occupy(Turn turn, FrameworkState framework, OfferState offer, TaskInfo info, ResourceList rest)
    {
        var resources = ResourceList.FromProto(info.Resources);

        // A shared volume is there for the next task as well.
        rest -= resources.Exclusive();
        if (info.Executor is { } executor)
        {
            var key = (framework.Id, new ExecutorId(executor.ExecutorId.Value));
            if (!offer.Agent.Executors.ContainsKey(key))
            {
                var own = ResourceList.FromProto(executor.Resources);
                executors.Add(framework, offer.Agent, new ExecutorRecord(executor, offer.Role, own));
                rest -= own;
            }
        }

        tasks.Add(turn, framework, offer.Agent, info, offer.Role, resources);
        return rest;
    }

    /// <summary>What the master fills in: the framework of an executor, the type of checks.</summary>
    private static TaskInfo Complete(TaskInfo info, FrameworkState framework)
    {
        var needsFramework = info.Executor is { FrameworkId: null };
        var needsType = info.HealthCheck is { HasType: false };
        if (!needsFramework && !needsType)
        {
            return info;
        }

        var completed = info.Clone();
        if (needsFramework)
        {
            completed.Executor.FrameworkId = new FrameworkID { Value = framework.Id.Value };
        }

        if (needsType)
        {
            completed.HealthCheck.Type = info.HealthCheck.Http is not null ? HealthCheck.Types.Type.Http
                : info.HealthCheck.Tcp is not null ? HealthCheck.Types.Type.Tcp : HealthCheck.Types.Type.Command;
        }

        return completed;
    }

    private void Reject(Turn turn, FrameworkState framework, TaskInfo info, Reason reason, string problem)
    {
        state.Count("tasks_error");
        state.Tell(turn, "task-rejected", info.TaskId.Value, $"A task of {framework.Info.Name} was refused: {problem}");
        TaskTable.Forward(turn, framework, TaskTable.Make(turn, framework, info.TaskId.Value, info.AgentId, TaskState.TaskError, reason, problem));
    }
}
