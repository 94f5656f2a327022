using Orchestrator.Core.Agent.Executors;
using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.Core.Agent;

/// <summary>A framework that has, or had, tasks here. Changed by the engine only.</summary>
internal sealed class AgentFramework(FrameworkInfo info)
{
    internal FrameworkInfo Info { get; set; } = info;

    internal string Id => Info.Id.Value;

    /// <summary>The master has removed it: nobody acknowledges its updates any more.</summary>
    internal bool IsShutDown { get; set; }

    internal int TaskCount { get; set; }

    /// <summary>Its ended tasks, oldest first; bounded by AgentOptions.MaxCompletedTasksPerFramework.</summary>
    internal List<AgentTaskView> Completed { get; } = [];

    internal int ExecutorCount { get; set; }

    /// <summary>Its ended executors, oldest first; bounded like <see cref="Completed"/>.</summary>
    internal List<AgentExecutorView> CompletedExecutors { get; } = [];

    internal bool Has(FrameworkInfo.Types.Capability.Types.Type capability)
    {
        foreach (var held in Info.Capabilities)
        {
            if (held.Type == capability)
            {
                return true;
            }
        }

        return false;
    }
}
