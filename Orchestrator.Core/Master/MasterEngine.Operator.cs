using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.QuotaApi;
using Orchestrator.Core.Contract.Store;
using Orchestrator.Core.Master.Agents;
using Orchestrator.Core.Primitives;

namespace Orchestrator.Core.Master;

/// <summary>What operators want of roles, agents and machines, and what of it is durable.</summary>
public sealed partial class MasterEngine
{
    private MasterReply Operate(Turn turn, MasterCommand command) => command switch
    {
        MasterCommand.Nothing => MasterReply.Ok,
        MasterCommand.UpdateQuota update => _roles.Update(turn, update.Configs, update.Force),
        MasterCommand.SetQuota set => _roles.Set(turn, set.Request),
        MasterCommand.RemoveQuota remove => _roles.Remove(turn, remove.Role),
        MasterCommand.UpdateWeights update => _roles.Update(turn, update.Weights),
        MasterCommand.DrainAgent drain => _agents.Drain(turn, drain),
        MasterCommand.DeactivateAgent deactivate => _agents.Deactivate(turn, deactivate.Agent),
        MasterCommand.ReactivateAgent reactivate => _agents.Reactivate(turn, reactivate.Agent),
        MasterCommand.MarkAgentGone gone => _agents.MarkGone(turn, gone.Agent),
        MasterCommand.UpdateMaintenance update => _maintenance.Update(turn, update.Schedule),
        MasterCommand.StartMaintenance start => StartMaintenance(turn, start.Machines),
        MasterCommand.StopMaintenance stop => _maintenance.Stop(turn, stop.Machines),
        _ => new MasterReply(501, $"{command.GetType().Name} is not known here."),
    };

    private MasterReply StartMaintenance(Turn turn, IReadOnlyList<MachineID> machines)
    {
        var agents = new List<AgentState>();
        var reply = _maintenance.Start(turn, machines, agents);
        foreach (var agent in agents)
        {
            _agents.TakeDown(turn, agent);
        }

        return reply;
    }

    /// <summary>
    /// Puts back one record: <c>agent/ID</c>, <c>framework/ID</c>, <c>gone/ID</c>, <c>quota/ROLE</c>, <c>weight/ROLE</c> or
    /// <c>maintenance</c>.
    /// </summary>
    private void Restore(JournalRecord record, DateTimeOffset now)
    {
        var slash = record.Key.IndexOf('/', StringComparison.Ordinal);
        switch (slash < 0 ? record.Key : record.Key[..slash])
        {
            case "agent":
                _agents.Restore(StoredAgent.Parser.ParseFrom(record.Value), now);
                break;
            case "framework":
                _frameworks.Restore(StoredFramework.Parser.ParseFrom(record.Value), now);
                break;
            case "gone":
                _agents.RestoreGone(new AgentId(record.Key[(slash + 1)..]));
                break;
            case "quota":
                _roles.RestoreQuota(QuotaConfig.Parser.ParseFrom(record.Value));
                break;
            case "weight":
                _roles.RestoreWeight(WeightInfo.Parser.ParseFrom(record.Value));
                break;
            case "maintenance":
                _maintenance.Restore(StoredMaintenance.Parser.ParseFrom(record.Value));
                break;
            default:
                // Of a newer build; it reads it again.
                break;
        }
    }
}
