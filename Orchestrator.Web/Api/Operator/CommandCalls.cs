using Orchestrator.Core.Contract.MasterApi;
using Orchestrator.Core.Master;
using Orchestrator.Core.Primitives;

namespace Orchestrator.Web.Api.Operator;

/// <summary>The v1 calls that are commands of the master: which one each is, and what it cannot be without.</summary>
internal static class CommandCalls
{
    /// <summary>The longest grace period that a drain may give, so that no number of the wire overflows.</summary>
    private static readonly TimeSpan s_longestGrace = TimeSpan.FromDays(365);

    /// <summary>The field that a call of its type must have and has not; null when it is complete.</summary>
    internal static string? Missing(Call call) => call switch
    {
        { Type: Call.Types.Type.Teardown, Teardown: null } => "teardown",
        { Type: Call.Types.Type.UpdateQuota, UpdateQuota: null } => "update_quota",
#pragma warning disable CS0612 // The older calls for quota.
        { Type: Call.Types.Type.SetQuota, SetQuota: null } => "set_quota",
        { Type: Call.Types.Type.RemoveQuota, RemoveQuota: null } => "remove_quota",
#pragma warning restore CS0612
        { Type: Call.Types.Type.UpdateWeights, UpdateWeights: null } => "update_weights",
        { Type: Call.Types.Type.DrainAgent, DrainAgent: null } => "drain_agent",
        { Type: Call.Types.Type.DeactivateAgent, DeactivateAgent: null } => "deactivate_agent",
        { Type: Call.Types.Type.ReactivateAgent, ReactivateAgent: null } => "reactivate_agent",
        { Type: Call.Types.Type.MarkAgentGone, MarkAgentGone: null } => "mark_agent_gone",
        { Type: Call.Types.Type.UpdateMaintenanceSchedule, UpdateMaintenanceSchedule: null } => "update_maintenance_schedule",
        { Type: Call.Types.Type.StartMaintenance, StartMaintenance: null } => "start_maintenance",
        { Type: Call.Types.Type.StopMaintenance, StopMaintenance: null } => "stop_maintenance",
        _ => null,
    };

    /// <summary>The command of a complete call; null when the call only reads.</summary>
    internal static MasterCommand? Of(Call call) => call.Type switch
    {
        Call.Types.Type.Teardown => new MasterCommand.TeardownFramework(new FrameworkId(call.Teardown.FrameworkId.Value)),
        Call.Types.Type.UpdateQuota => new MasterCommand.UpdateQuota(call.UpdateQuota.QuotaConfigs, call.UpdateQuota.Force),
#pragma warning disable CS0612 // The older calls for quota.
        Call.Types.Type.SetQuota => new MasterCommand.SetQuota(call.SetQuota.QuotaRequest),
        Call.Types.Type.RemoveQuota => new MasterCommand.RemoveQuota(call.RemoveQuota.Role),
#pragma warning restore CS0612
        Call.Types.Type.UpdateWeights => new MasterCommand.UpdateWeights(call.UpdateWeights.WeightInfos),
        Call.Types.Type.DrainAgent => new MasterCommand.DrainAgent(new AgentId(call.DrainAgent.AgentId.Value), GraceOf(call.DrainAgent), call.DrainAgent.MarkGone),
        Call.Types.Type.DeactivateAgent => new MasterCommand.DeactivateAgent(new AgentId(call.DeactivateAgent.AgentId.Value)),
        Call.Types.Type.ReactivateAgent => new MasterCommand.ReactivateAgent(new AgentId(call.ReactivateAgent.AgentId.Value)),
        Call.Types.Type.MarkAgentGone => new MasterCommand.MarkAgentGone(new AgentId(call.MarkAgentGone.AgentId.Value)),
        Call.Types.Type.UpdateMaintenanceSchedule => new MasterCommand.UpdateMaintenance(call.UpdateMaintenanceSchedule.Schedule),
        Call.Types.Type.StartMaintenance => new MasterCommand.StartMaintenance(call.StartMaintenance.Machines),
        Call.Types.Type.StopMaintenance => new MasterCommand.StopMaintenance(call.StopMaintenance.Machines),
        _ => null,
    };

    private static TimeSpan? GraceOf(Call.Types.DrainAgent drain)
    {
        if (drain.MaxGracePeriod is not { } grace)
        {
            return null;
        }

        var seconds = grace.Seconds + (grace.Nanos / 1e9);
        return seconds <= 0 ? TimeSpan.Zero : seconds >= s_longestGrace.TotalSeconds ? s_longestGrace : TimeSpan.FromSeconds(seconds);
    }
}
