using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.AgentService.Execution.Nested;

/// <summary>What to run inside a container.</summary>
/// <param name="Command">The program.</param>
/// <param name="Terminal">Its terminal; null without one.</param>
public sealed record InsideCommand(CommandInfo Command, TTYInfo? Terminal);
