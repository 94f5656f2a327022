using Orchestrator.Core.Agent.Executors;

namespace Orchestrator.Core.Agent;

/// <summary>The state of an agent for readers; immutable.</summary>
public sealed record AgentSnapshot
{
    /// <summary>Raised by one with each change.</summary>
    public required long Version { get; init; }

    /// <summary>The id that the master gave; empty before the first registration.</summary>
    public required string AgentId { get; init; }

    /// <summary>Whether a master has accepted the agent on the link that stands.</summary>
    public required bool IsRegistered { get; init; }

    /// <summary>Whether it takes no more tasks, because it stops.</summary>
    public required bool IsStopping { get; init; }

    /// <summary>Frameworks with tasks.</summary>
    public required IReadOnlyList<AgentFrameworkView> Frameworks { get; init; }

    /// <summary>Frameworks whose tasks are all over, oldest first; at most <see cref="AgentEngine.MaxCompletedFrameworks"/>.</summary>
    public required IReadOnlyList<AgentFrameworkView> CompletedFrameworks { get; init; }

    /// <summary>Counts since the start.</summary>
    public required AgentCounters Counters { get; init; }

    /// <summary>All executors that are not forgotten.</summary>
    public IEnumerable<AgentExecutorView> Executors => Frameworks.SelectMany(framework => framework.Executors);

    /// <summary>The executor of a framework that is not over; null when there is none.</summary>
    public AgentExecutorView? FindExecutor(string frameworkId, string executorId)
    {
        foreach (var framework in Frameworks)
        {
            if (framework.Info.Id.Value != frameworkId)
            {
                continue;
            }

            foreach (var executor in framework.Executors)
            {
                if (executor.Location.ExecutorId == executorId && executor.Phase != ExecutorPhase.Ended)
                {
                    return executor;
                }
            }
        }

        return null;
    }

    /// <summary>Whether everything here has ended; updates may still wait for acknowledgement.</summary>
    public bool IsIdle => Tasks.All(task => task.Phase == TaskPhase.Ended) && Executors.All(executor => executor.Phase == ExecutorPhase.Ended);

    /// <summary>All tasks that are not forgotten.</summary>
    public IEnumerable<AgentTaskView> Tasks => Frameworks.SelectMany(framework => framework.Tasks);
}
