using Orchestrator.AgentService.Sandbox;
using Orchestrator.Core.Contract.Policy;

namespace Orchestrator.AgentService.Execution.Commands;

/// <summary>How commands are run.</summary>
internal sealed record CommandOptions
{
    /// <summary><c>--work_dir</c>.</summary>
    internal required string WorkDirectory { get; init; }

    /// <summary>Names this boot of the machine.</summary>
    internal required string BootId { get; init; }

    /// <summary>What tasks may ask of the machine.</summary>
    internal required SecurityPolicy Policy { get; init; }

    /// <summary>How long stdout and stderr grow.</summary>
    internal LogRotator Logs { get; init; } = new(0, 1);

    /// <summary><c>--cgroups_enable_cfs</c>.</summary>
    internal bool EnforceCpus { get; init; }

    /// <summary>Memory of the machine; 0 when not known.</summary>
    internal long MachineMemoryBytes { get; init; }
}
