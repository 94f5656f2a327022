using Orchestrator.AgentService.Execution;

namespace Orchestrator.AgentService.Hosting;

/// <summary>Makes what <c>--containerizers</c> names, in that order.</summary>
internal static class ContainerizerFactory
{
    internal static IReadOnlyList<IContainerizer> Create(AgentFlags flags, ILoggerFactory logging) =>
        throw new AgentConfigurationException($"--containerizers={string.Join(',', flags.Containerizers)}: none of these is part of this build");
}
