using Orchestrator.Core.Contract.AllocatorApi;
using Orchestrator.Core.Master.Agents;
using Orchestrator.Core.Master.Frameworks;
using Orchestrator.Core.Primitives;

namespace Orchestrator.Core.Master.Maintenance;

/// <summary>What one framework is asked of one agent that will be unavailable, and what it answered last.</summary>
internal sealed class InverseOfferState(FrameworkState framework, AgentState agent)
{
    public FrameworkState Framework => framework;

    public AgentState Agent => agent;

    /// <summary>The inverse offer that waits for an answer; null when none does.</summary>
    public OfferId? Outstanding { get; set; }

    /// <summary>The stream that it was sent on: on another one the framework knows nothing of it.</summary>
    public StreamId? Stream { get; set; }

    /// <summary>It is not asked again before this.</summary>
    public DateTimeOffset? QuietUntil { get; set; }

    /// <summary>The last answer; null before the first.</summary>
    public InverseOfferStatus? Answer { get; set; }
}
