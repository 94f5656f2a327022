using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Runtime.Streams;
using Orchestrator.Core.Simulation.Demo;

namespace Orchestrator.Web.Hosting;

/// <summary>Flag <c>--simulate N</c>: a demo cluster on this host's master, for as long as the host runs.</summary>
public sealed class SimulationService(HostOptions options, MasterService master, ServicesService services, EventStreams<Event> schedulers, EventStreams<AgentEvent> agents, TimeProvider time) : BackgroundService
{
    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(
        () => new DemoCluster(new DemoOptions { Agents = options.SimulatedAgents }, master.Gateway, schedulers, agents, time, services.Gateway).RunAsync(stoppingToken),
        stoppingToken);
}
