using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Contract.Policy;

namespace Orchestrator.Core.Marathon;

/// <summary>What the services engine is told at start. Names after Marathon's flags.</summary>
public sealed record MarathonOptions
{
    /// <summary>Seed of generated ids and random ports.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Flag framework_name.</summary>
    public string FrameworkName { get; init; } = "marathon";

    /// <summary>Flag mesos_role.</summary>
    public string Role { get; init; } = "*";

    /// <summary>Flag mesos_user: account of apps that name none.</summary>
    public string User { get; init; } = "root";

    /// <summary>Flag hostname.</summary>
    public string Hostname { get; init; } = "localhost";

    /// <summary>Flag failover_timeout.</summary>
    public TimeSpan FailoverTimeout { get; init; } = TimeSpan.FromSeconds(604_800);

    /// <summary>Flag local_port_min: lowest service port.</summary>
    public int LocalPortMin { get; init; } = 10_000;

    /// <summary>Flag local_port_max: highest service port.</summary>
    public int LocalPortMax { get; init; } = 20_000;

    /// <summary>Flag decline_offer_duration: how long an offer that fits nothing is refused.</summary>
    public TimeSpan DeclineOfferDuration { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Flag task_launch_timeout: a task that is not running by then is killed.</summary>
    public TimeSpan TaskLaunchTimeout { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>Flag reconciliation_initial_delay.</summary>
    public TimeSpan ReconciliationInitialDelay { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Flag reconciliation_interval.</summary>
    public TimeSpan ReconciliationInterval { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>Flag kill_retry_timeout.</summary>
    public TimeSpan KillRetryTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Flag kill_chunk_size: most kills under way at once.</summary>
    public int KillChunkSize { get; init; } = 100;

    /// <summary>Flag max_running_deployments.</summary>
    public int MaxRunningDeployments { get; init; } = 100;

    /// <summary>Flag deployment_deadline: time for a step of apps that name none; null for no limit.</summary>
    public TimeSpan? DeploymentDeadline { get; init; }

    /// <summary>Flag deployment_max_failures: failures of new instances that apps that name no number bear; null for no limit.</summary>
    public int? DeploymentMaxFailures { get; init; }

    /// <summary>Flag deployment_on_failure: what follows for apps that do not say it.</summary>
    public FailureReaction DeploymentOnFailure { get; init; } = FailureReaction.Rollback;

    /// <summary>Flag deployment_history: deployments that ended and are remembered.</summary>
    public int MaxDeploymentHistory { get; init; } = 200;

    /// <summary>Flag zk_max_versions: versions that are kept of each app.</summary>
    public int MaxVersions { get; init; } = 50;

    /// <summary>How often edges tell what apps with autoscaling use. Not in Marathon.</summary>
    public TimeSpan AutoscalingInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What definitions may ask of machines.</summary>
    public SecurityPolicy Policy { get; init; } = SecurityPolicy.Default;
}
