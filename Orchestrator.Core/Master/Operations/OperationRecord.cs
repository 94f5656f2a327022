using Google.Protobuf;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Master.Agents;
using Orchestrator.Core.Primitives;

namespace Orchestrator.Core.Master.Operations;

/// <summary>An operation that its agent has not answered, or whose outcome is not acknowledged.</summary>
internal sealed class OperationRecord(ByteString uuid, Offer.Types.Operation info, FrameworkId? framework, AgentState agent)
{
    public ByteString Uuid => uuid;

    public Offer.Types.Operation Info => info;

    /// <summary>Who wants it; null for operators.</summary>
    public FrameworkId? Framework => framework;

    public AgentState Agent => agent;

    /// <summary>The id that the framework gave it; empty when it wants no answer.</summary>
    public string Id => info.Id?.Value ?? "";

    /// <summary>PENDING until the agent answers.</summary>
    public OperationStatus Status { get; set; } = new() { State = OperationState.OperationPending, OperationId = info.Id, AgentId = new AgentID { Value = agent.Id.Value } };

    /// <summary>As GET_OPERATIONS shows it.</summary>
    public Operation ToProto()
    {
        var operation = new Operation
        {
            AgentId = new AgentID { Value = agent.Id.Value },
            Info = info,
            LatestStatus = Status,
            Statuses = { Status },
            Uuid = new UUID { Value = uuid },
        };
        operation.FrameworkId = framework is { } id ? new FrameworkID { Value = id.Value } : null;
        return operation;
    }
}
