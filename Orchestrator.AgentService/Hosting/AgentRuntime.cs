using Orchestrator.AgentService.Execution.Nested;
using Orchestrator.AgentService.Health;
using Orchestrator.AgentService.Link;
using Orchestrator.AgentService.Sandbox;
using Orchestrator.Core.Agent;
using Orchestrator.Core.Contract.ExecutorApi;
using Orchestrator.Core.Runtime.Streams;

namespace Orchestrator.AgentService.Hosting;

/// <summary>The parts of a running agent.</summary>
internal sealed record AgentRuntime
{
    internal required AgentFlags Flags { get; init; }

    internal required AgentOptions Options { get; init; }

    internal required CheckpointStore Store { get; init; }

    internal required AgentLoop Loop { get; init; }

    internal required AgentLink Link { get; init; }

    internal required ContainerSupervisor Supervisor { get; init; }

    internal required HealthRunner Health { get; init; }

    internal required NestedContainers Nested { get; init; }

    internal required UsageReporter Usage { get; init; }

    internal required SandboxCollector Collector { get; init; }

    /// <summary>The subscriptions of executors.</summary>
    internal required EventStreams<Event> ExecutorStreams { get; init; }

    /// <summary>Says that the agent stops.</summary>
    internal required CancellationToken Stopping { get; init; }

    internal required TimeProvider Time { get; init; }

    /// <summary>Seconds since 1970.</summary>
    internal required double StartTime { get; init; }

    internal required double RecoverySeconds { get; init; }

    internal double UptimeSeconds => (Time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds - StartTime;
}
