using System.Security.Cryptography;
using Orchestrator.Core.Master;

namespace Orchestrator.Web.Hosting;

/// <summary>The master's options from the host's flags, with the identity of this run.</summary>
internal static class MasterOptionsFactory
{
    internal static MasterOptions From(HostOptions options)
    {
        var flags = options.Flags;
        return new MasterOptions
        {
            Id = Guid.NewGuid().ToString("D"),
            Seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)),
            Hostname = options.Hostname,
            Ip = options.AdvertisedIp,
            Port = options.Port,
            Cluster = flags.Get("cluster"),
            Allocator = options.Allocator,
            AllocationInterval = flags.Duration("allocation_interval"),
            AgentPingTimeout = flags.Duration("agent_ping_timeout"),
            MaxAgentPingTimeouts = flags.Number("max_agent_ping_timeouts", 1, 1000),
            AgentReregisterTimeout = flags.Duration("agent_reregister_timeout"),
            OfferTimeout = flags.Get("offer_timeout") is null ? null : flags.Duration("offer_timeout"),
            RootSubmissions = flags.IsSet("root_submissions"),
            MaxCompletedFrameworks = flags.Number("max_completed_frameworks", 0, 100_000),
            MaxCompletedTasks = flags.Number("max_completed_tasks_per_framework", 0, 1_000_000),
            MaxUnreachableTasks = flags.Number("max_unreachable_tasks_per_framework", 0, 1_000_000),
        };
    }
}
