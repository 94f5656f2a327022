using Orchestrator.AgentService.Isolation;

namespace Orchestrator.AgentService.Execution.Commands;

/// <summary>A command that this run of the agent follows.</summary>
/// <param name="Records">What its supervisor writes down.</param>
/// <param name="Supervisor">The process beside it; null when it had gone before this run.</param>
internal sealed record RunningCommand(SupervisorRecords Records, ProcessIdentity? Supervisor)
{
    /// <summary>Completes with how it ended.</summary>
    internal required Task<ContainerExit> Exit { get; init; }
}
