using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.Core.Agent.Executors;

/// <summary>What the executors need of the engine: its tasks and their updates.</summary>
internal interface IExecutorHost
{
    /// <summary>The agent with its id.</summary>
    AgentInfo Info { get; }

    /// <summary>Records a status of a task that goes on, and sends it.</summary>
    void Update(AgentTask task, TaskStatus status, DateTimeOffset now, AgentEffects effects);

    /// <summary>The task is over with this status.</summary>
    void End(AgentTask task, TaskStatus status, DateTimeOffset now, AgentEffects effects);

    /// <summary>A status in the agent's own name.</summary>
    TaskStatus MakeByAgent(AgentTask task, TaskState state, TaskStatus.Types.Reason? reason, string message, DateTimeOffset now);

    /// <summary>Fills in what the agent knows better than an executor: its id, the time, the container.</summary>
    void Complete(AgentTask task, TaskStatus status, DateTimeOffset now);

    /// <summary>An executor is gone: its framework goes with the last of them.</summary>
    void Release(AgentFramework framework, string agentId, AgentEffects effects);
}
