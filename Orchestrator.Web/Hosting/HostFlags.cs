using Orchestrator.Core.Runtime.Flags;

namespace Orchestrator.Web.Hosting;

/// <summary>The flags of the host: names and defaults after Mesos' master and Marathon; a difference is said in the help.</summary>
public static class HostFlags
{
    /// <summary>All of them.</summary>
    public static FlagTable All { get; } = new(
    [
        new("ip", "address to listen at; others than loopback need --credentials, or --insecure", "127.0.0.1"),
        new("port", "console, master API and REST; 0 for any free port", "5050"),
        new("http_port", "the same host for Marathon clients; 0 for off", "8080", false, "marathon-port"),
        new("hostname", "announced host name; the address when not given"),
        new("advertise_ip", "announced address; --ip when not given"),
        new("work_dir", "where the journal is kept", "/var/lib/orchestrator", false, "data"),
        new("cluster", "display name of the cluster"),
        new("credentials", "JSON file or text {\"credentials\":[{\"principal\":…,\"secret\":…}]}; secrets may be hashes of --hash-password") { IsSecret = true },
        new("agent_credentials", "principal:secret, or a file with it, for agents that ask for an account before they show files of tasks") { IsSecret = true },
        new("insecure", "listen beyond loopback without authentication, with a banner on every page", "false", true),
        new("policy", "what definitions may ask of machines: baseline, restricted or privileged", "baseline"),
        new("volume_roots", "folders below which host volumes are allowed, comma separated", "/srv,/mnt,/data,/var/lib/orchestrator/volumes"),
        new("allocation_interval", "shortest offer filter", "1secs"),
        new("agent_ping_timeout", "silence after which an agent is pinged; Mesos has 15secs", "5secs", false, "slave_ping_timeout"),
        new("max_agent_ping_timeouts", "silent timeouts until an agent is unreachable", "5", false, "max_slave_ping_timeouts"),
        new("agent_removal_rate_limit", "at most so many silent agents become unreachable: number/duration, for example 1/10mins; no limit when not given", null, false, "slave_removal_rate_limit"),
        new("agent_reregister_timeout", "time for agents to come back after a restart of the host", "10mins", false, "slave_reregister_timeout"),
        new("offer_timeout", "offers are taken back after this; not at all when not given"),
        new("weights", "weights of roles: role=2,other=0.5"),
        new("min_allocatable_resources", "least quantities offered: alternatives with |, parts with ;", "cpus:0.01|mem:32"),
        new("fair_sharing_excluded_resource_names", "scalars that do not count for fairness, comma separated"),
        new("filter_gpu_resources", "agents with GPUs only for frameworks with GPU_RESOURCES", "true", true),
        new("root_submissions", "whether frameworks may run as root", "true", true),
        new("max_completed_frameworks", "removed frameworks that are remembered", "50"),
        new("max_completed_tasks_per_framework", "ended tasks that are remembered", "1000"),
        new("max_unreachable_tasks_per_framework", "unreachable tasks that are remembered", "1000"),
        new("framework_name", "name of the services framework", "marathon"),
        new("mesos_role", "role of the services framework", "*"),
        new("mesos_user", "account of services; root when not given", "root"),
        new("failover_timeout", "seconds until the services framework is given up", "604800"),
        new("local_port_min", "lowest service port", "10000"),
        new("local_port_max", "highest service port", "20000"),
        new("autoscaling_interval", "how often the use of apps with autoscaling is looked at", "10secs"),
        new("max_running_deployments", "deployments under way at once; more are refused until one ends", "100"),
        new("decline_offer_duration", "milliseconds for which an offer that fits nothing is refused", "120000"),
        new("task_launch_timeout", "milliseconds after which a task that does not get to run is killed", "300000"),
        new("kill_chunk_size", "kills of instances under way at once", "100"),
        new("kill_retry_timeout", "milliseconds after which a kill that was not answered is sent again", "30000"),
        new("reconciliation_initial_delay", "milliseconds after a subscription until all tasks are asked for once more", "15000"),
        new("reconciliation_interval", "milliseconds between later rounds of that", "600000"),
        new("deployment_deadline", "time for a step of a deployment of apps that name none; none when not given"),
        new("deployment_max_failures", "failures of new instances that a deployment bears for apps that name no number; any number when not given"),
        new("deployment_on_failure", "what follows for apps that do not say it: rollback, stop or wait", "rollback"),
        new("deployment_history", "deployments that ended and are remembered", "200"),
        new("access_control_allow_origin", "origins that browsers may call the Marathon API from, comma separated"),
        new("simulate", "number of simulated agents with a believable load; nothing real runs", "0"),
        new("logging_level", "INFO, WARNING or ERROR", "INFO"),
        new("hash-password", "read a password from standard input, print its hash for --credentials, and end", "false", true),
        new("version", "print the version and end", "false", true),
        new("help", "print this and end", "false", true),
    ],
    "MARATHON_",
    "MESOS_")
    {
        Unsupported = FlagTable.Names(
            """
            acls advertise_port allocator allocator_agent_recovery_factor allocator_recovery_timeout
            authenticate_agents authenticate_frameworks authenticate_http_frameworks authenticate_http_readonly
            authenticate_http_readwrite authenticate_slaves authentication_v0_timeout authenticators authorizers domain
            external_log_file firewall_rules framework_sorter hooks hostname_lookup http_authenticators
            http_framework_authenticators initialize_driver_logging ip_discovery_command log_auto_initialize log_dir logbufsecs
            master_contender master_detector max_executors_per_agent max_operator_event_stream_subscribers memory_profiling modules modules_dir
            offer_constraints_re2_max_mem offer_constraints_re2_max_program_size publish_per_framework_metrics quiet quorum
            rate_limits recovery_agent_removal_limit registry registry_fetch_timeout registry_gc_interval registry_max_agent_age
            registry_max_agent_count registry_store_timeout registry_strict require_agent_domain role_sorter roles
            user_sorter webui_dir whitelist zk zk_session_timeout
            """),
    };

    /// <summary>The help text.</summary>
    public static string Help => $"usage: orchestrator [--flag=value …]   (or MESOS_FLAG, MARATHON_FLAG in the environment)\n{All.Help}";
}
