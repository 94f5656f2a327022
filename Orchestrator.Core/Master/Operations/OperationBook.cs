using Google.Protobuf;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Master.Agents;
using Orchestrator.Core.Master.Frameworks;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;

namespace Orchestrator.Core.Master.Operations;

/// <summary>
/// The operations under way, and what they make of agents.
/// <code>
///                    agent answers                acknowledged
/// (sent) ─► PENDING ─────────────► FINISHED, … ─────────────► (forgotten)
///           PENDING ─ agent is back without it ─► DROPPED      agent unreachable ─► UNREACHABLE      agent removed ─► GONE_BY_OPERATOR
/// </code>
/// The master converts at once; the agent, which keeps the result on its disk, has the last word: what it says at its
/// registration holds.
/// </summary>
internal sealed class OperationBook(ClusterState state)
{
    /// <summary>Operations of one agent that are not acknowledged; one more is refused.</summary>
    public const int MaxOperations = 5_000;

    private readonly Dictionary<ByteString, OperationRecord> _operations = [];
    private readonly Dictionary<(FrameworkId Framework, string Id), OperationRecord> _byId = [];
    private readonly Dictionary<AgentId, HashSet<OperationRecord>> _byAgent = [];

    /// <summary>All that are not forgotten.</summary>
    public IReadOnlyCollection<OperationRecord> All => _operations.Values;

    /// <summary>Whether the agent can take one more.</summary>
    public bool HasRoom(AgentState agent) => !_byAgent.TryGetValue(agent.Id, out var held) || held.Count < MaxOperations;

    /// <summary>Whether the framework has one of this id that is not acknowledged.</summary>
    public bool Knows(FrameworkId framework, string id) => _byId.ContainsKey((framework, id));

    /// <summary>Converts resources of a linked agent and sends the operation there.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="framework">Who wants it; null for operators.</param>
    /// <param name="agent">A linked agent.</param>
    /// <param name="operation">A valid operation.</param>
    /// <param name="conversion">What it does.</param>
    /// <param name="isFree">Whether it takes resources that are free, not offered.</param>
    public void Apply(Turn turn, FrameworkState? framework, AgentState agent, Offer.Types.Operation operation, ResourceConversion conversion, bool isFree)
    {
        agent.Total = agent.Total - conversion.Consumed + conversion.Converted;
        state.Total = state.Total - conversion.Consumed + conversion.Converted;
        state.Allocator.Convert(agent.Slot, conversion.Consumed, conversion.Converted, isFree);
        state.Touch(agent);
        var record = new OperationRecord(state.NextUuid(), operation, framework?.Id, agent);
        if (record.Id.Length > 0)
        {
            Add(record);
        }

        var message = new AgentEvent.Types.ApplyOperation { OperationUuid = record.Uuid, Operation = operation };
        message.FrameworkId = framework is null ? null : new FrameworkID { Value = framework.Id.Value };
        turn.Effects.Send(agent.Stream!.Value, new AgentEvent { ApplyOperation = message });
        state.Count("operations/applied");
    }

    /// <summary>
    /// An agent says what became of an operation. One that it could not do leaves master and agent with other resources: the
    /// link is closed, and the registration that follows brings what the agent has.
    /// </summary>
    public void Update(Turn turn, AgentState agent, AgentCall.Types.UpdateOperation update)
    {
        if (update.Status.State != OperationState.OperationFinished && agent.Stream is { } stream)
        {
            state.Tell(turn, "operation-failed", agent.Id.Value, $"Agent {agent.Info.Hostname} could not do an operation: {update.Status.Message}");
            turn.Effects.Close(stream);
        }

        if (update.Status.Uuid is null)
        {
            return;
        }

        if (!_operations.TryGetValue(update.OperationUuid, out var record))
        {
            Acknowledge(turn, agent, update.OperationUuid, update.Status.Uuid.Value);
            return;
        }

        record.Status = Complete(record, update.Status);
        state.OperationsChanged = true;
        Forward(turn, record);
    }

    /// <summary>ACKNOWLEDGE_OPERATION_STATUS: on to the agent; the operation is forgotten.</summary>
    public void Acknowledge(Turn turn, FrameworkState framework, Call.Types.AcknowledgeOperationStatus acknowledge)
    {
        if (!_byId.TryGetValue((framework.Id, acknowledge.OperationId.Value), out var record) || record.Status.Uuid?.Value != acknowledge.Uuid)
        {
            state.Count("invalid_operation_status_update_acknowledgements");
            return;
        }

        state.Count("valid_operation_status_update_acknowledgements");
        Forget(record);
        Acknowledge(turn, record.Agent, record.Uuid, acknowledge.Uuid);
    }

    /// <summary>RECONCILE_OPERATIONS: the state of each that is asked for, or of all.</summary>
    public void Reconcile(Turn turn, FrameworkState framework, Call.Types.ReconcileOperations reconcile)
    {
        state.Count("messages_reconcile_operations");
        if (reconcile.Operations.Count == 0)
        {
            foreach (var record in _byId.Values.Where(record => record.Framework == framework.Id))
            {
                Tell(turn, framework, WithoutUuid(record.Status));
            }

            return;
        }

        foreach (var asked in reconcile.Operations)
        {
            var status = _byId.TryGetValue((framework.Id, asked.OperationId.Value), out var record)
                ? WithoutUuid(record.Status)
                : new OperationStatus { OperationId = asked.OperationId, State = Unknown(asked.AgentId), AgentId = asked.AgentId };
            Tell(turn, framework, status);
        }
    }

    /// <summary>An agent registered: what it holds is known again, and what was sent but is not there is dropped.</summary>
    public void TakeOver(Turn turn, AgentState agent, IEnumerable<Operation> held)
    {
        var there = new HashSet<ByteString>();
        foreach (var operation in held)
        {
            if (operation.LatestStatus.Uuid is null)
            {
                continue;
            }

            there.Add(operation.Uuid.Value);
            var framework = operation.FrameworkId is { } id ? new FrameworkId(id.Value) : (FrameworkId?)null;
            if (framework is null || state.CompletedFrameworkIds.Contains(framework.Value))
            {
                Acknowledge(turn, agent, operation.Uuid.Value, operation.LatestStatus.Uuid.Value);
                continue;
            }

            if (_operations.TryGetValue(operation.Uuid.Value, out var before))
            {
                Forget(before);
            }

            var record = new OperationRecord(operation.Uuid.Value, operation.Info, framework, agent);
            record.Status = Complete(record, operation.LatestStatus);
            Add(record);
            Forward(turn, record);
        }

        foreach (var record in Of(agent).Where(record => !there.Contains(record.Uuid)).ToArray())
        {
            End(turn, record, OperationState.OperationDropped, "The operation did not reach the agent");
        }
    }

    /// <summary>Whether any operation on the agent has not ended, or its end is not acknowledged.</summary>
    public bool HasPending(AgentState agent) => _byAgent.TryGetValue(agent.Id, out var held) && held.Count > 0;

    /// <summary>The agent is unreachable or removed.</summary>
    public void Detach(Turn turn, AgentState agent, OperationState to)
    {
        foreach (var record in Of(agent).ToArray())
        {
            End(turn, record, to, to == OperationState.OperationUnreachable ? "The agent is unreachable" : "The agent was removed");
        }
    }

    /// <summary>A framework is gone: its outcomes are acknowledged for it.</summary>
    public void ForgetAll(Turn turn, FrameworkState framework)
    {
        foreach (var record in _byId.Values.Where(record => record.Framework == framework.Id).ToArray())
        {
            Forget(record);
            if (record.Status.Uuid is { } uuid)
            {
                Acknowledge(turn, record.Agent, record.Uuid, uuid.Value);
            }
        }
    }

    /// <summary>A framework subscribed: it hears again what it has not acknowledged.</summary>
    public void Repeat(Turn turn, FrameworkState framework)
    {
        foreach (var record in _byId.Values.Where(record => record.Framework == framework.Id && record.Status.Uuid is not null))
        {
            Forward(turn, record);
        }
    }

    /// <summary>Tells a framework that an operation was not done; nothing when it gave it no id.</summary>
    public static void Refuse(Turn turn, FrameworkState framework, Offer.Types.Operation operation, string message)
    {
        if (operation.Id is not null)
        {
            Tell(turn, framework, new OperationStatus { OperationId = operation.Id, State = OperationState.OperationError, Message = message });
        }
    }

    private OperationState Unknown(AgentID? agent)
    {
        if (agent is null)
        {
            return state.RecoveredAgents.Count > 0 ? OperationState.OperationRecovering : OperationState.OperationUnknown;
        }

        var id = new AgentId(agent.Value);
        return state.RecoveredAgents.ContainsKey(id) ? OperationState.OperationRecovering
            : state.UnreachableAgents.ContainsKey(id) ? OperationState.OperationUnreachable
            : state.RemovedAgents.Contains(id) ? OperationState.OperationGoneByOperator
            : OperationState.OperationUnknown;
    }

    private IEnumerable<OperationRecord> Of(AgentState agent) => _byAgent.TryGetValue(agent.Id, out var held) ? held : [];

    private void Add(OperationRecord record)
    {
        _operations[record.Uuid] = record;
        if (record.Framework is { } framework)
        {
            _byId[(framework, record.Id)] = record;
        }

        if (!_byAgent.TryGetValue(record.Agent.Id, out var held))
        {
            _byAgent[record.Agent.Id] = held = [];
        }

        held.Add(record);
        state.OperationsChanged = true;
    }

    private void Forget(OperationRecord record)
    {
        _operations.Remove(record.Uuid);
        if (record.Framework is { } framework)
        {
            _byId.Remove((framework, record.Id));
        }

        if (_byAgent.TryGetValue(record.Agent.Id, out var held) && held.Remove(record) && held.Count == 0)
        {
            _byAgent.Remove(record.Agent.Id);
        }

        state.OperationsChanged = true;
    }

    private void End(Turn turn, OperationRecord record, OperationState to, string message)
    {
        Forget(record);
        if (record.Framework is { } id && state.FrameworksById.TryGetValue(id, out var framework))
        {
            Tell(turn, framework, Complete(record, new OperationStatus { State = to, Message = message }));
        }
    }

    private void Forward(Turn turn, OperationRecord record)
    {
        if (record.Framework is { } id && state.FrameworksById.TryGetValue(id, out var framework))
        {
            Tell(turn, framework, record.Status);
        }
    }

    private static void Tell(Turn turn, FrameworkState framework, OperationStatus status)
    {
        if (framework.Stream is { } stream)
        {
            turn.Effects.Send(stream, new Event { Type = Event.Types.Type.UpdateOperationStatus, UpdateOperationStatus = new Event.Types.UpdateOperationStatus { Status = status } });
        }
    }

    private static void Acknowledge(Turn turn, AgentState agent, ByteString operation, ByteString status)
    {
        if (agent.Stream is { } stream)
        {
            turn.Effects.Send(stream, new AgentEvent { AcknowledgeOperation = new AgentEvent.Types.AcknowledgeOperation { OperationUuid = operation, StatusUuid = status } });
        }
    }

    private static OperationStatus Complete(OperationRecord record, OperationStatus status)
    {
        status = status.Clone();
        status.OperationId = record.Info.Id;
        status.AgentId = new AgentID { Value = record.Agent.Id.Value };
        return status;
    }

    private static OperationStatus WithoutUuid(OperationStatus status)
    {
        status = status.Clone();
        status.Uuid = null;
        return status;
    }
}
