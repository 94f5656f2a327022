using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Marathon;
using Capability = Orchestrator.Core.Contract.Mesos.FrameworkInfo.Types.Capability;

namespace Orchestrator.Web.Hosting;

/// <summary>What the services engine subscribes with.</summary>
/// <param name="options">Name, role, account, failover timeout.</param>
/// <param name="webUiUrl">Where its console is.</param>
public sealed class ServicesFramework(MarathonOptions options, string webUiUrl)
{
    private static readonly Capability.Types.Type[] s_capabilities =
    [
        Capability.Types.Type.MultiRole, Capability.Types.Type.PartitionAware, Capability.Types.Type.TaskKillingState,
        Capability.Types.Type.RegionAware, Capability.Types.Type.GpuResources,
    ];

    /// <summary>The framework, with the id that it was given before; null for the first time.</summary>
    public FrameworkInfo Describe(string? frameworkId)
    {
        var info = new FrameworkInfo
        {
            Name = options.FrameworkName,
            User = options.User,
            Hostname = options.Hostname,
            FailoverTimeout = options.FailoverTimeout.TotalSeconds,
            Checkpoint = true,
            WebuiUrl = webUiUrl,
            Roles = { options.Role },
            Capabilities = { s_capabilities.Select(type => new Capability { Type = type }) },
        };
        if (frameworkId is not null)
        {
            info.Id = new FrameworkID { Value = frameworkId };
        }

        return info;
    }
}
