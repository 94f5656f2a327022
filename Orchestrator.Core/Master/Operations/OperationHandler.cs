using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Master.Agents;
using Orchestrator.Core.Master.Frameworks;
using Orchestrator.Core.Master.Offers;
using Orchestrator.Core.Resources;

namespace Orchestrator.Core.Master.Operations;

/// <summary>Checks operations on resources and has them applied: those of frameworks on offers, those of operators on what is free.</summary>
internal sealed class OperationHandler(ClusterState state, OfferBook offers, OperationBook operations)
{
    /// <summary>Applies an operation of an ACCEPT; a refused one changes nothing and is answered when it has an id.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="framework">Who accepts.</param>
    /// <param name="offer">The first of the offers.</param>
    /// <param name="operation">One that converts resources.</param>
    /// <param name="pool">What the offers still hold.</param>
    public void Accept(Turn turn, FrameworkState framework, OfferState offer, Offer.Types.Operation operation, OfferPool pool)
    {
        var problem = OperationValidation.Check(operation, OperationCaller.Of(framework, offer.Role), offer.Agent)
            ?? (operation.Id is { } id && operations.Knows(framework.Id, id.Value) ? $"Operation has duplicate ID: {id.Value}" : null)
            ?? (operations.HasRoom(offer.Agent) ? null : $"Agent {offer.Agent.Id.Value} has {OperationBook.MaxOperations} operations that are not acknowledged; acknowledge them first");
        if (problem is null)
        {
            var conversion = ResourceConversion.Of(operation);
            problem = pool.Convert(operation.Type, conversion);
            if (problem is null)
            {
                RescindShared(turn, offer.Agent, conversion.Consumed);
                operations.Apply(turn, framework, offer.Agent, operation, conversion, isFree: false);
                return;
            }
        }

        state.Count("operations/error");
        state.Tell(turn, "operation-refused", framework.Id.Value, $"An operation of {framework.Info.Name} was refused: {problem}");
        OperationBook.Refuse(turn, framework, operation, problem);
    }

    /// <summary>
    /// An operator's operation on what is free of an agent; offers are rescinded until it is there. 202, 400 when it makes no
    /// sense, 409 when tasks hold the resources or the agent is away.
    /// </summary>
    public MasterReply Operate(Turn turn, AgentState agent, Offer.Types.Operation operation, string? principal)
    {
        if (OperationValidation.Check(operation, OperationCaller.Operator(principal), agent) is { } problem)
        {
            return new MasterReply(400, problem);
        }

        if (!agent.IsConnected)
        {
            return new MasterReply(409, $"Agent {agent.Id.Value} is disconnected; try again when it is back.");
        }

        var conversion = ResourceConversion.Of(operation);
        foreach (var offer in agent.Offers.OrderBy(offer => offer.MadeAt).ThenBy(offer => offer.Id.Value, StringComparer.Ordinal).ToArray())
        {
            if (state.Allocator.Available(agent.Slot).Contains(conversion.Consumed))
            {
                break;
            }

            if (Overlaps(offer.Resources, conversion.Consumed))
            {
                offers.Rescind(turn, offer);
            }
        }

        var available = state.Allocator.Available(agent.Slot);
        if (!available.Contains(conversion.Consumed))
        {
            return new MasterReply(409, $"{available.ToFullText()} does not contain {conversion.Consumed.ToFullText()}");
        }

        RescindShared(turn, agent, conversion.Consumed);
        operations.Apply(turn, null, agent, operation, conversion, isFree: true);
        state.Tell(turn, "operation", agent.Id.Value, $"An operator changed the resources of {agent.Info.Hostname}: {conversion.Consumed.ToFullText()} became {conversion.Converted.ToFullText()}");
        return MasterReply.Accepted;
    }

    /// <summary>A shared volume that goes may be in other offers at the same time.</summary>
    private void RescindShared(Turn turn, AgentState agent, ResourceList consumed)
    {
        var shared = consumed.Where(item => item.IsShared);
        foreach (var offer in shared.IsEmpty ? [] : agent.Offers.Where(offer => Overlaps(offer.Resources, shared)).ToArray())
        {
            offers.Rescind(turn, offer);
        }
    }

    private static bool Overlaps(ResourceList offered, ResourceList wanted)
    {
        foreach (var item in wanted.Items)
        {
            foreach (var held in offered.Items)
            {
                if (held.IsLike(item))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
