using Orchestrator.Core.Contract.MaintenanceApi;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.QuotaApi;
using Orchestrator.Core.Primitives;

namespace Orchestrator.Core.Master;

/// <summary>What operators tell the master of roles, agents and machines. Messages must not be changed after they were given.</summary>
public abstract partial record MasterCommand
{
    /// <summary>Changes nothing; the reply says that a whole turn has gone by. 200.</summary>
    public sealed record Nothing : MasterCommand;

    /// <summary>
    /// Sets quotas, all or none. A config without guarantees and limits takes the quota of its role away. 200, or 400 with what is
    /// wrong: a nested role, a guarantee above its limit, and, unless forced, a limit below what is consumed or guarantees that
    /// the cluster cannot hold.
    /// </summary>
    public sealed record UpdateQuota(IReadOnlyList<QuotaConfig> Configs, bool Force) : MasterCommand;

    /// <summary>The older way: limits equal to guarantees, for a role that has no quota yet. 200, 400, or 409 when the cluster cannot hold it.</summary>
    public sealed record SetQuota(QuotaRequest Request) : MasterCommand;

    /// <summary>Takes the quota of a role away. 200, or 400 when it has none.</summary>
    public sealed record RemoveQuota(string Role) : MasterCommand;

    /// <summary>Sets weights of roles, all or none. 200, or 400 for an invalid role or a weight that is not above 0.</summary>
    public sealed record UpdateWeights(IReadOnlyList<WeightInfo> Weights) : MasterCommand;

    /// <summary>
    /// Ends everything on an agent and offers it no more. 200, or 400 when the agent is not known or its machine is in the
    /// maintenance schedule.
    /// </summary>
    /// <param name="Agent">The agent, registered or away.</param>
    /// <param name="MaxGracePeriod">Tasks get no longer than this to end; null for as long as they ask.</param>
    /// <param name="MarkGone">Whether the agent is gone for good once nothing runs on it.</param>
    public sealed record DrainAgent(AgentId Agent, TimeSpan? MaxGracePeriod, bool MarkGone) : MasterCommand;

    /// <summary>Offers an agent no more; its tasks stay. 200, or 400 when it is not known.</summary>
    public sealed record DeactivateAgent(AgentId Agent) : MasterCommand;

    /// <summary>Offers an agent again after it was drained or deactivated. 200, or 400 when it is neither or still draining.</summary>
    public sealed record ReactivateAgent(AgentId Agent) : MasterCommand;

    /// <summary>An agent will never come back: its tasks are gone and it is told to stop. 200 also when it is gone already; 404 when it is not known.</summary>
    public sealed record MarkAgentGone(AgentId Agent) : MasterCommand;

    /// <summary>Replaces the maintenance schedule. 200, or 400 with what is wrong.</summary>
    public sealed record UpdateMaintenance(Schedule Schedule) : MasterCommand;

    /// <summary>Takes scheduled machines down: their agents are told to stop and removed. 200, or 400 when one is not scheduled or down already.</summary>
    public sealed record StartMaintenance(IReadOnlyList<MachineID> Machines) : MasterCommand;

    /// <summary>Machines are up again and leave the schedule. 200, or 400 when one is not down.</summary>
    public sealed record StopMaintenance(IReadOnlyList<MachineID> Machines) : MasterCommand;
}
