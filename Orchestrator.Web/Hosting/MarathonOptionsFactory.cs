using System.Security.Cryptography;
using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Contract.Policy;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Runtime.Flags;

namespace Orchestrator.Web.Hosting;

/// <summary>The services engine's options from the host's flags.</summary>
internal static class MarathonOptionsFactory
{
    /// <exception cref="FlagException">A flag is wrong; the message names it and a remedy.</exception>
    internal static MarathonOptions From(HostOptions options)
    {
        var flags = options.Flags;
        var lowest = flags.Number("local_port_min", 1, 65535);
        var highest = flags.Number("local_port_max", 1, 65535);
        if (lowest > highest)
        {
            throw new FlagException($"--local_port_min={lowest} is above --local_port_max={highest}: give a range, for example 10000 and 20000");
        }

        return new MarathonOptions
        {
            Seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)),
            FrameworkName = flags.Get("framework_name") is { Length: > 0 } name ? name : throw new FlagException("--framework_name is empty: name the services framework, for example marathon"),
            Role = flags.Get("mesos_role") is { Length: > 0 } role ? role : throw new FlagException("--mesos_role is empty: name a role, or * for the default one"),
            User = flags.Get("mesos_user") is { Length: > 0 } user ? user : "root",
            Hostname = options.Hostname,
            FailoverTimeout = TimeSpan.FromSeconds(flags.Number("failover_timeout", 0, int.MaxValue)),
            LocalPortMin = lowest,
            LocalPortMax = highest,
            AutoscalingInterval = flags.Duration("autoscaling_interval") is var interval && interval >= TimeSpan.FromMilliseconds(100) && interval <= TimeSpan.FromHours(1)
                ? interval
                : throw new FlagException($"--autoscaling_interval={flags.Get("autoscaling_interval")}: expected 100ms to 1hrs, for example 10secs"),
            MaxRunningDeployments = flags.Number("max_running_deployments", 1, 100_000),
            DeclineOfferDuration = Milliseconds(flags, "decline_offer_duration"),
            TaskLaunchTimeout = Milliseconds(flags, "task_launch_timeout"),
            KillChunkSize = flags.Number("kill_chunk_size", 1, 100_000),
            KillRetryTimeout = Milliseconds(flags, "kill_retry_timeout"),
            ReconciliationInitialDelay = Milliseconds(flags, "reconciliation_initial_delay"),
            ReconciliationInterval = Milliseconds(flags, "reconciliation_interval"),
            DeploymentDeadline = flags.Get("deployment_deadline") is { Length: > 0 } text ? PositiveDuration(flags, "deployment_deadline", text) : null,
            DeploymentMaxFailures = flags.Get("deployment_max_failures") is { Length: > 0 } ? flags.Number("deployment_max_failures", 0, int.MaxValue) : null,
            DeploymentOnFailure = flags.OneOf("deployment_on_failure", "rollback", "stop", "wait") switch
            {
                "stop" => FailureReaction.Stop,
                "wait" => FailureReaction.Wait,
                _ => FailureReaction.Rollback,
            },
            MaxDeploymentHistory = flags.Number("deployment_history", 0, 10_000),
            Policy = PolicyOf(flags),
        };
    }

    /// <summary>Marathon gives these times as bare numbers.</summary>
    private static TimeSpan Milliseconds(FlagValues flags, string name) => TimeSpan.FromMilliseconds(flags.Number(name, 100, int.MaxValue));

    private static TimeSpan PositiveDuration(FlagValues flags, string name, string text) =>
        flags.Duration(name) is var time && time > TimeSpan.Zero ? time : throw new FlagException($"--{name}={text}: expected more than nothing, for example 15mins; leave it out for no limit");

    private static SecurityPolicy PolicyOf(FlagValues flags)
    {
        var mode = flags.OneOf("policy", "baseline", "restricted", "privileged") switch
        {
            "restricted" => PolicyMode.Restricted,
            "privileged" => PolicyMode.Privileged,
            _ => PolicyMode.Baseline,
        };
        var roots = (flags.Get("volume_roots") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return Array.Find(roots, root => !root.StartsWith('/')) is { } relative
            ? throw new FlagException($"--volume_roots: '{relative}' is not an absolute path, for example /srv")
            : new SecurityPolicy(mode, roots);
    }
}
