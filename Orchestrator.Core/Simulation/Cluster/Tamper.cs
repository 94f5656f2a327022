using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Primitives;

namespace Orchestrator.Core.Simulation.Cluster;

/// <summary>
/// Where a test plants a bug, to show that the checks find it. By default nothing is changed. Null drops a message.
/// </summary>
internal class Tamper
{
    /// <summary>A call of an agent, before it is sent.</summary>
    public virtual AgentCall? AgentCall(AgentNode agent, AgentCall call) => call;

    /// <summary>What an agent says first on a new link.</summary>
    public virtual AgentCall.Types.Subscribe Subscribe(AgentNode agent, AgentCall.Types.Subscribe subscribe) => subscribe;

    /// <summary>An event for an agent, before its engine sees it.</summary>
    public virtual AgentEvent? AgentEvent(AgentNode agent, AgentEvent message) => message;

    /// <summary>A call of a scheduler, before the master sees it.</summary>
    public virtual Call? SchedulerCall(SchedulerNode scheduler, Call call) => call;

    /// <summary>An event for a scheduler, before it sees it.</summary>
    public virtual Event? SchedulerEvent(SchedulerNode scheduler, Event message) => message;

    /// <summary>The records of a turn of the host, before they are committed.</summary>
    public virtual IReadOnlyList<JournalRecord> Commit(IReadOnlyList<JournalRecord> records) => records;
}
