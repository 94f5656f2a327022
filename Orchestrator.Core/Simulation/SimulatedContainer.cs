using Orchestrator.Core.Agent;

namespace Orchestrator.Core.Simulation;

/// <summary>One container of a simulated machine.</summary>
internal sealed class SimulatedContainer(TaskLaunch launch, SimulatedProgram program)
{
    public TaskLaunch Launch => launch;

    public string Id => launch.Location.ContainerId;

    public SimulatedProgram Program => program;

    /// <summary>Its processes exist.</summary>
    public bool IsRunning { get; set; }

    /// <summary>It has ended; its exit code is known.</summary>
    public bool HasExited { get; set; }

    public int ExitCode { get; set; }

    /// <summary>It was told to end.</summary>
    public bool IsStopping { get; set; }

    /// <summary>Changes with each health check that is begun or ended, so that the older one ceases.</summary>
    public int HealthEpoch { get; set; }
}
