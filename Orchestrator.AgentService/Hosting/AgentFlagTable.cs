using Orchestrator.Core.Contract.Policy;
using Orchestrator.Core.Runtime.Flags;

namespace Orchestrator.AgentService.Hosting;

/// <summary>The flags of the agent: names and defaults after Mesos' agent; a difference is said in the help.</summary>
public static class AgentFlagTable
{
    /// <summary>All of them.</summary>
    public static FlagTable All { get; } = new(
    [
        new("master", "where the masters are: HOST:PORT[,…]"),
        new("work_dir", "sandboxes and state; one agent a directory"),
        new("ip", "address to listen at; others than loopback need authentication, or --insecure", "127.0.0.1"),
        new("port", "port to listen at; 0 for any", "5051"),
        new("hostname", "how others call this machine"),
        new("advertise_ip", "the address at which others reach this machine; --ip when not given"),
        new("advertise_port", "the port at which they reach it; --port when not given"),
        new("containerizers", "mesos (commands), docker (images) or docker,mesos", "mesos"),
        new("resources", "cpus:4;mem:1024;disk:4096;ports:[31000-32000]; what is not named is detected"),
        new("attributes", "rack:r1;ssd:true"),
        new("domain", "fault domain of the machine, as JSON"),
        new("default_role", "role of resources that name none", "*"),
        new("docker_socket", "Docker's unix socket", "/var/run/docker.sock"),
        new("docker_config", "JSON, or a file with it: accounts at registries; those of the agent's own user when not given") { IsSecret = true },
        new("docker_registry", "where images without a registry come from", "https://registry-1.docker.io"),
        new("docker_stop_timeout", "grace of tasks that name none", "0ns"),
        new("docker_remove_delay", "how long ended containers stay", "6hrs"),
        new("docker_kill_orphans", "remove containers of this agent that no task knows", "true", true),
        new("sandbox_directory", "where a container finds its sandbox", "/mnt/mesos/sandbox"),
        new("switch_user", "run tasks as their user", "true", true),
        new("executor_environment_variables", "JSON, or a file with it: base variables of command tasks"),
        new("executor_registration_timeout", "how long an executor of a framework may take to subscribe", "1mins"),
        new("executor_reregistration_timeout", "how long it may take after a restart of the agent, at most 15secs", "2secs"),
        new("executor_shutdown_grace_period", "what an executor has from SHUTDOWN to its end", "5secs"),
        new("recovery_timeout", "how long executors are told to wait for an agent that is down", "15mins"),
        new("cgroups_hierarchy", "where cgroups are mounted", "/sys/fs/cgroup"),
        new("cgroups_root", "the group below which those of tasks are", "mesos"),
        new("cgroups_enable_cfs", "limit cpus, beside giving shares", "false", true),
        new("gc_delay", "how long sandboxes stay", "1weeks"),
        new("gc_disk_headroom", "part of the disk that is kept free by deleting sandboxes sooner", "0.1"),
        new("disk_watch_interval", "how often the disk is looked at", "1mins"),
        new("credential", "JSON {\"principal\":\"P\",\"secret\":\"S\"}, or a file with it: the agent's account at the master") { IsSecret = true },
        new("authenticate_http_readonly", "reading this agent's endpoints needs an account", "false", true),
        new("authenticate_http_readwrite", "using the others needs an account", "false", true),
        new("http_credentials", "JSON {\"credentials\":[…]}, or a file with it: those accounts") { IsSecret = true },
        new("insecure", "listen beyond loopback without authentication", "false", true),
        new("policy", "what tasks may ask of the machine: baseline, restricted, privileged", "baseline"),
        new("volume_roots", "host folders that tasks may mount, comma separated", string.Join(',', SecurityPolicy.DefaultVolumeRoots)),
        new("sandbox_log_size", "size at which stdout and stderr are rotated; 0 for no limit", "10MB"),
        new("sandbox_log_files", "how many of them are kept", "10"),
        new("frameworks_home", "the folder below which relative URIs of tasks stand"),
        new("fetcher_cache_dir", "where fetched files are kept"),
        new("fetcher_cache_size", "how much of them", "2GB"),
        new("fetcher_max_size", "largest file that is fetched", "10GB"),
        new("fetcher_stall_timeout", "how long a download may stand still", "1mins"),
        new("shutdown_tasks_on_exit", "kill tasks on SIGTERM instead of leaving them for the next start", "false", true),
        new("max_completed_executors_per_framework", "ended tasks of a framework that are remembered", "150"),
        new("usage_interval", "how often use of resources is reported", "5secs"),
        new("logging_level", "INFO, WARNING or ERROR", "INFO"),
        new("version", "print the version and end", "false", true),
        new("help", "print this and end", "false", true),
    ],
    "MESOS_")
    {
        Unsupported = FlagTable.Names(
            """
            acls agent_features agent_subsystems allowed_capabilities allowed_devices appc_simple_discovery_uri_prefix appc_store_dir
            authenticate_http_executors authenticatee authentication_backoff_factor authentication_timeout_max
            authentication_timeout_min authorizer bounding_capabilities cgroups_cpu_enable_pids_and_tids_count cgroups_destroy_timeout
            cgroups_limit_swap cgroups_net_cls_primary_handle cgroups_net_cls_secondary_handles check_agent_port_range_only
            container_disk_watch_interval container_logger container_ports_isolated_range container_ports_watch_interval
            csi_plugin_config_dir default_container_dns default_container_info default_container_shm_size
            disallow_sharing_agent_ipc_namespace disallow_sharing_agent_pid_namespace disk_profile_adaptor docker docker_ignore_runtime
            docker_mesos_image docker_store_dir docker_volume_checkpoint_dir docker_volume_chown domain_socket_location
            effective_capabilities egress_flow_classifier_parent egress_rate_limit_per_container egress_unique_flow_per_container
            enforce_container_disk_quota enforce_container_ports ephemeral_ports_per_container eth0_name
            executor_reregistration_retry_interval executor_secret_key
            external_log_file firewall_rules gc_non_executor_container_sandboxes hadoop_home hooks host_path_volume_force_creation
            hostname_lookup http_authenticators http_command_executor http_executor_domain_sockets http_heartbeat_interval
            image_gc_config image_providers image_provisioner_backend initialize_driver_logging ip6 ip6_discovery_command
            ip_discovery_command isolation jwt_secret_key launcher launcher_dir lo_name log_dir logbufsecs master_detector
            memory_profiling modules modules_dir network_cni_config_dir network_cni_metrics network_cni_plugins_dir
            network_cni_root_dir_persist network_enable_snmp_statistics network_enable_socket_statistics_details
            network_enable_socket_statistics_summary nvidia_gpu_devices oversubscribed_resources_interval perf_duration perf_events
            perf_interval qos_controller qos_correction_interval_min quiet reconfiguration_policy recover
            registration_backoff_factor resource_estimator resource_provider_config_dir revocable_cpu_low_priority runtime_dir
            seccomp_config_dir seccomp_profile_name secret_resolver slave_subsystems strict systemd_enable_support
            systemd_runtime_directory volume_gid_range xfs_kill_containers xfs_project_range zk_session_timeout
            """),
    };
}
