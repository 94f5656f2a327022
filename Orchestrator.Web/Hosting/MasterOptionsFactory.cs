using System.Globalization;
using System.Security.Cryptography;
using Orchestrator.Core.Master;
using Orchestrator.Core.Runtime.Flags;

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
            AgentRemovalInterval = IntervalOf("agent_removal_rate_limit", flags.Get("agent_removal_rate_limit")),
            AgentReregisterTimeout = flags.Duration("agent_reregister_timeout"),
            OfferTimeout = flags.Get("offer_timeout") is null ? null : flags.Duration("offer_timeout"),
            RootSubmissions = flags.IsSet("root_submissions"),
            MaxCompletedFrameworks = flags.Number("max_completed_frameworks", 0, 100_000),
            MaxCompletedTasks = flags.Number("max_completed_tasks_per_framework", 0, 1_000_000),
            MaxUnreachableTasks = flags.Number("max_unreachable_tasks_per_framework", 0, 1_000_000),
        };
    }

    /// <summary>The time between two of a rate such as <c>1/10mins</c>; null without one.</summary>
    private static TimeSpan? IntervalOf(string flag, string? rate)
    {
        if (rate is null)
        {
            return null;
        }

        var parts = rate.Split('/');
        return parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && DurationText.Parse(parts[1]) is { } span && span > TimeSpan.Zero
            ? span / number
            : throw new FlagException($"--{flag}={rate}: expected a number and a duration, for example 1/10mins");
    }
}
