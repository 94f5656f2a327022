using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;

namespace Orchestrator.Core.Views;

/// <summary>One change of the cluster, for those who follow it: what the operators' event stream tells. Messages are shared, never to be changed.</summary>
public abstract record ClusterChange
{
    private ClusterChange()
    {
    }

    /// <summary>A task was launched, or came with an agent.</summary>
    public sealed record TaskAdded(TaskView Task) : ClusterChange;

    /// <summary>A task is in another state, or its health or check is another.</summary>
    /// <param name="Framework">Its framework.</param>
    /// <param name="Status">What was reported.</param>
    /// <param name="State">The latest state, which may be ahead of the status.</param>
    public sealed record TaskUpdated(FrameworkId Framework, TaskStatus Status, TaskState State) : ClusterChange;

    /// <summary>An agent registered, for the first time or after it was away.</summary>
    public sealed record AgentAdded(AgentView Agent) : ClusterChange;

    /// <summary>An agent was removed, is gone or unreachable.</summary>
    public sealed record AgentRemoved(AgentId Agent) : ClusterChange;

    /// <summary>A framework subscribed for the first time, or is known from an agent.</summary>
    public sealed record FrameworkAdded(FrameworkView Framework) : ClusterChange;

    /// <summary>A framework subscribed again or changed what it is.</summary>
    public sealed record FrameworkUpdated(FrameworkView Framework) : ClusterChange;

    /// <summary>A framework was removed.</summary>
    public sealed record FrameworkRemoved(FrameworkInfo Framework) : ClusterChange;
}
