using Orchestrator.Core.Master.Frameworks;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Views;

namespace Orchestrator.Core.Master.Agents;

/// <summary>The executors on agents: what they hold beside their tasks is used by their framework as long as they run.</summary>
internal sealed class ExecutorBook(ClusterState state)
{
    /// <summary>Counts an executor that is new on an agent. Its resources are allocated already.</summary>
    public void Add(FrameworkState framework, AgentState agent, ExecutorRecord executor)
    {
        var id = new ExecutorId(executor.Info.ExecutorId.Value);
        agent.Executors[(framework.Id, id)] = executor;
        framework.AddExecutor(id, new ExecutorView(agent.Id, executor.Info));
        agent.Used += executor.Resources;
        framework.Used += executor.Resources;
        state.Touch(agent);
        state.Touch(framework);
    }

    /// <summary>Frees what an executor held; nothing happens when it is not known.</summary>
    public void Remove(FrameworkState framework, AgentState agent, ExecutorId id)
    {
        if (!agent.Executors.Remove((framework.Id, id), out var executor))
        {
            return;
        }

        framework.RemoveExecutor(id, agent.Id);
        agent.Used -= executor.Resources;
        framework.Used -= executor.Resources;
        state.Allocator.Recover(framework.Slot, executor.Role, agent.Slot, executor.Resources, null);
        state.Touch(agent);
        state.Touch(framework);
    }
}
