using Orchestrator.Core.Contract.MasterApi;
using Orchestrator.Core.Contract.Mesos;
using CallType = Orchestrator.Core.Contract.MasterApi.Call.Types.Type;
using OperationType = Orchestrator.Core.Contract.Mesos.Offer.Types.Operation.Types.Type;

namespace Orchestrator.Web.Api.Operator;

/// <summary>The v1 calls that change an agent's resources, as offer operations.</summary>
internal static class ResourceCalls
{
    /// <summary>The body that a call of this kind must have; null for other calls and when it is there.</summary>
    internal static string? Missing(Call call) => call switch
    {
        { Type: CallType.ReserveResources, ReserveResources: null } => "reserve_resources",
        { Type: CallType.UnreserveResources, UnreserveResources: null } => "unreserve_resources",
        { Type: CallType.CreateVolumes, CreateVolumes: null } => "create_volumes",
        { Type: CallType.DestroyVolumes, DestroyVolumes: null } => "destroy_volumes",
        { Type: CallType.GrowVolume, GrowVolume: null } => "grow_volume",
        { Type: CallType.GrowVolume, GrowVolume.AgentId: null } => "grow_volume.agent_id",
        { Type: CallType.ShrinkVolume, ShrinkVolume: null } => "shrink_volume",
        { Type: CallType.ShrinkVolume, ShrinkVolume.AgentId: null } => "shrink_volume.agent_id",
        _ => null,
    };

    /// <summary>The agent and the operation of a call that has its body; null for other calls.</summary>
    internal static (string AgentId, Offer.Types.Operation Operation)? Of(Call call) => call.Type switch
    {
        CallType.ReserveResources => (call.ReserveResources.AgentId.Value, new() { Type = OperationType.Reserve, Reserve = new() { Resources = { call.ReserveResources.Resources }, Source = { call.ReserveResources.Source } } }),
        CallType.UnreserveResources => (call.UnreserveResources.AgentId.Value, new() { Type = OperationType.Unreserve, Unreserve = new() { Resources = { call.UnreserveResources.Resources } } }),
        CallType.CreateVolumes => (call.CreateVolumes.AgentId.Value, new() { Type = OperationType.Create, Create = new() { Volumes = { call.CreateVolumes.Volumes } } }),
        CallType.DestroyVolumes => (call.DestroyVolumes.AgentId.Value, new() { Type = OperationType.Destroy, Destroy = new() { Volumes = { call.DestroyVolumes.Volumes } } }),
        CallType.GrowVolume => (call.GrowVolume.AgentId.Value, new() { Type = OperationType.GrowVolume, GrowVolume = new() { Volume = call.GrowVolume.Volume, Addition = call.GrowVolume.Addition } }),
        CallType.ShrinkVolume => (call.ShrinkVolume.AgentId.Value, new() { Type = OperationType.ShrinkVolume, ShrinkVolume = new() { Volume = call.ShrinkVolume.Volume, Subtract = call.ShrinkVolume.Subtract } }),
        _ => null,
    };
}
